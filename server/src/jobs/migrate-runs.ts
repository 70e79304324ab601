import Type from 'typebox'
import { workMigration } from '../flows/migrations.ts'
import { defineJob } from './job.ts'

/** Moves cases to another release, or looks what that would come to: one transaction per case, each once. */
export const migrateRunsJob = defineJob({
  name: 'migrate-runs',
  title: { en: 'move cases to another release', zh: '将流程迁移到其他版本' },
  payload: Type.Object({ migration: Type.String() }, { additionalProperties: false }),
  run: ({ services, workspace, signal }, payload) =>
    workMigration(services, workspace ?? '', payload.migration, signal),
})
