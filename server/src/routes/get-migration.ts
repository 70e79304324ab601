import { flowMigrationUnknown } from '@channelwright/runtime/errors/flow-service.ts'
import Type from 'typebox'
import { inUnit } from '../db/unit.ts'
import { readMigration } from '../flows/migrations.ts'
import { Cursor, Limit, OneRun } from './flow-shapes.ts'
import { asReply } from './incentive-shapes.ts'
import { MigrationReply, Outcome } from './migration-shapes.ts'
import { defineRoute } from './route.ts'

export const getMigration = defineRoute({
  name: 'getMigration',
  method: 'get',
  path: '/api/v1/:workspace/flow-migrations/:id',
  summary: { en: 'How far a move of cases is, and what became of each', zh: '流程迁移的进度与逐个结果' },
  access: { right: 'administer_flows' },
  params: OneRun,
  query: Type.Object(
    { outcome: Type.Optional(Outcome), limit: Limit, cursor: Cursor },
    { additionalProperties: false },
  ),
  output: MigrationReply,
  errors: [flowMigrationUnknown],
  async handle({ services, served, actor, locale }, { params, query }) {
    const read = await inUnit(services, served, actor, (unit) =>
      readMigration(unit, locale, params.id, query),
    )
    return { body: asReply(read) }
  },
})
