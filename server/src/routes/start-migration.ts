import { flowMigrateOld, flowMigrationReason } from '@channelwright/runtime/errors/flow-service.ts'
import { flowReleaseUnknown } from '@channelwright/runtime/errors/flows.ts'
import Type from 'typebox'
import { inUnit } from '../db/unit.ts'
import { readMigration, startMigration as start } from '../flows/migrations.ts'
import { asReply } from './incentive-shapes.ts'
import { MigrationReply } from './migration-shapes.ts'
import { defineRoute } from './route.ts'

const NodeId = Type.String({ maxLength: 40 })

export const startMigration = defineRoute({
  name: 'startMigration',
  method: 'post',
  path: '/api/v1/:workspace/flow-migrations',
  summary: {
    en: 'Begin to move open cases to the release in force, or look what that would come to',
    zh: '开始将进行中的流程迁移到当前发布版(或预检)',
  },
  access: { right: 'administer_flows' },
  body: Type.Object(
    {
      flow: NodeId,
      release: Type.Optional(Type.Integer({ minimum: 1 })),
      from: Type.Optional(Type.Integer({ minimum: 1 })),
      runs: Type.Optional(Type.Array(Type.String({ format: 'uuid' }), { minItems: 1, maxItems: 1000 })),
      how: Type.Enum(['move', 'restart']),
      mapping: Type.Optional(Type.Record(NodeId, NodeId, { maxProperties: 200 })),
      people: Type.Optional(Type.Enum(['keep', 'resolve'])),
      dry: Type.Boolean(),
      reason: Type.Optional(Type.String({ maxLength: 1000 })),
    },
    { additionalProperties: false },
  ),
  success: 202,
  output: MigrationReply,
  errors: [flowMigrateOld, flowReleaseUnknown, flowMigrationReason],
  async handle({ services, served, actor, locale }, { body }) {
    const reply = await inUnit(services, served, actor, async (unit) =>
      readMigration(unit, locale, await start(unit, body)),
    )
    return { status: 202, body: asReply(reply) }
  },
})
