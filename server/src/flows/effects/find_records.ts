import type { FlowRun } from '@channelwright/runtime/flow/run.ts'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import type { Unit } from '../../db/unit.ts'
import { compileCondition } from '../../records/compile-filter.ts'
import { loadWhole } from '../../records/load-whole.ts'
import { tableOf } from '../../records/record-table.ts'
import { loadReferences } from '../../records/rules.ts'
import { updateRecord } from '../../records/write-record.ts'

/** Finds records for which the condition holds; `into` keeps the first in a reference of the flow's record. */
export async function findRecordsEffect(unit: Unit, run: FlowRun, payload: JsonObject): Promise<JsonObject> {
  const { object, where, take, by, into, limit } = payload
  const table = tableOf(unit.served, String(object))
  const values: unknown[] = []
  const condition = compileCondition(unit, table, where, values, await ownRecord(unit, run, where))
  values.push(typeof limit === 'number' ? limit : 1)
  const order = take === 'newest' ? 'DESC' : 'ASC'
  const column = typeof by === 'string' ? (table.fields.get(by)?.column ?? 'created_at') : 'created_at'
  const rows = await unit.asEngine(() =>
    unit.query<{ id: string }>(
      `SELECT t.id FROM ${table.from} t WHERE t.deleted_at IS NULL AND ${condition}
       ORDER BY t.${column} ${order} NULLS LAST, t.id ${order} LIMIT $${values.length}`,
      values,
    ),
  )
  const ids = rows.map((row) => row.id)
  if (typeof into !== 'string') return { ids }
  const own = await loadWhole(unit, tableOf(unit.served, run.object), run.record, 'flow')
  const found: JsonObject = { [into]: ids[0] ?? null }
  const { rev } = await updateRecord(unit, run.object, run.record, found, { by: 'flow' })
  return { ids, rev, before: own[into] ?? null }
}

/** What conditions over other records read of the flow's own: `$record` and what its references lead to. */
export async function ownRecord(unit: Unit, run: FlowRun, where: unknown) {
  const table = tableOf(unit.served, run.object)
  const whole = await loadWhole(unit, table, run.record, 'flow')
  const paths = [...JSON.stringify(where ?? null).matchAll(/"\$record\.([a-z0-9_.]+)"/g)].map(
    ([, path]) => path ?? '',
  )
  const through = paths.filter((path) => path.includes('.'))
  const data =
    through.length === 0 ? whole : await unit.asEngine(() => loadReferences(unit, table, whole, through))
  return {
    types: { $record: { t: 'ref', nullable: false, object: run.object } },
    context: { $record: data },
  } as const
}
