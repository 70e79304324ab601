import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import {
  flowEventReused,
  flowEventSubject,
  flowEventTooMany,
} from '@channelwright/runtime/errors/flow-starts.ts'
import { filterInvalid, objectUnknown } from '@channelwright/runtime/errors/records.ts'
import type { Json, JsonObject } from '@channelwright/runtime/json.ts'
import Type from 'typebox'
import { inUnit, type Unit } from '../db/unit.ts'
import { raiseEvent, usualKeep } from '../flows/events.ts'
import { compileFilter } from '../records/compile-filter.ts'
import { readableFields, rightsOn } from '../records/object-rights.ts'
import { seenTable } from '../records/seen-table.ts'
import { defineRoute } from './route.ts'

const Key = Type.String({ pattern: '^[a-z][a-z0-9_]{0,39}$' })
/** Records that one event may be about. */
const mostRecords = 100

export const raiseFlowEvent = defineRoute({
  name: 'raiseFlowEvent',
  method: 'post',
  path: '/api/v1/:workspace/flow-events',
  summary: {
    en: 'Say that something has happened: cases that wait for it go on, each once',
    zh: '触发事件:等待该事件的流程各继续一次',
  },
  access: { right: 'raise_events' },
  params: Type.Object({ workspace: Type.String() }),
  body: Type.Object(
    {
      /** Of the caller: the same id is the same event, however often it is sent. */
      id: Type.String({ pattern: '^[\\x21-\\x7e]{1,200}$' }),
      event: Key,
      /** Whose it is. */
      record: Type.Optional(Type.String({ format: 'uuid' })),
      /** Or: of which records, by a condition over those that the caller may read. Default: everybody's. */
      match: Type.Optional(
        Type.Object({ object: Key, where: Type.Unknown() }, { additionalProperties: false }),
      ),
      data: Type.Optional(Type.Record(Key, Type.Unknown(), { additionalProperties: false })),
      /** Minutes for which a step hears it that only then begins to wait; events of everybody are not kept. */
      keep: Type.Optional(Type.Integer({ minimum: 0, maximum: 10_080 })),
    },
    { additionalProperties: false },
  ),
  bodyLimit: 64 * 1024,
  output: Type.Object({
    id: Type.String(),
    /** Whether it was raised before under this id. */
    repeated: Type.Boolean(),
    /** Whose it is; null: everybody's. */
    records: Type.Union([Type.Array(Type.String({ format: 'uuid' })), Type.Null()]),
  }),
  success: 202,
  errors: [flowEventReused, flowEventSubject, flowEventTooMany, filterInvalid, objectUnknown],
  async handle({ services, served, actor }, { body }) {
    const { id, event, record, match, data = {}, keep = usualKeep } = body
    if (record !== undefined && match !== undefined) throw new Refusal(flowEventSubject)
    return inUnit(services, served, actor, async (unit) => {
      const records = record !== undefined ? [record] : match === undefined ? null : await find(unit, match)
      const about = { record: record ?? null, match: (match ?? null) as Json }
      const kept = records === null ? 0 : keep
      const raised = { id, event, records, data: data as JsonObject, about, keep: kept }
      const known = await raiseEvent(unit, raised)
      return { body: { id, repeated: known.repeated, records: known.records && [...known.records] } }
    })
  },
})

/** With the caller's own rights: what they may not read is nobody's. */
async function find(
  unit: Unit,
  { object, where }: { readonly object: string; readonly where: unknown },
): Promise<string[]> {
  if (!unit.served.release.objects.has(object)) throw new Refusal(objectUnknown, { object })
  if (!rightsOn(unit.served, unit.actor, object).read) throw new Refusal(objectUnknown, { object })
  const table = seenTable(unit, object)
  const values: unknown[] = []
  const condition = compileFilter(unit, table, readableFields(unit.served, unit.actor, object), where, values)
  const rows = await unit.query<{ id: string }>(
    `SELECT t.id FROM ${table.from} t WHERE t.deleted_at IS NULL AND ${condition} ORDER BY t.id LIMIT ${mostRecords + 1}`,
    values,
  )
  if (rows.length > mostRecords) throw new Refusal(flowEventTooMany, { limit: mostRecords })
  return rows.map((row) => row.id)
}
