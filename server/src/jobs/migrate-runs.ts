import Type from 'typebox'
import { workMigration } from '../flows/migrations.ts'
import { defineJob } from './job.ts'

/** Moves cases to another release, or looks what that would come to: one transaction per case, each once. */
export const migrateRunsJob = defineJob({
  name: 'migrate-runs',
  payload: Type.Object({ migration: Type.String() }, { additionalProperties: false }),
  run: ({ services, workspace, signal }, payload) =>
    workMigration(services, workspace ?? '', payload.migration, signal),
})
