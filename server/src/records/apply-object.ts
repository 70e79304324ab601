import { fieldTypeOf } from '@channelwright/runtime/fields/index.ts'
import { type ComputeLines, compileLines } from '@channelwright/runtime/forms/compute-lines.ts'
import type { Json, JsonObject } from '@channelwright/runtime/json.ts'
import type { Unit } from '../db/unit.ts'
import type { ServedRelease } from '../services.ts'
import type { RecordTable } from './record-table.ts'
import { evaluateRule, holds, loadReferences, type ReadyRule, readyRule, withLookups } from './rules.ts'

interface Computed {
  readonly key: string
  readonly rule: ReadyRule
}

/** Computed fields, each after those it reads. Publishing has refused circles. */
function computedOf(served: ServedRelease, table: RecordTable): readonly Computed[] {
  const address = `records/computed/${table.key}`
  const kept = served.cache.get(address) as readonly Computed[] | undefined
  if (kept) return kept
  const rules = new Map(
    Object.entries(table.object.computed ?? {}).map(([key, rule]) => [
      key,
      { key, rule: readyRule(served, table, `/computed/${key}`, rule) },
    ]),
  )
  const ordered: Computed[] = []
  const visited = new Set<string>()
  const visit = (key: string) => {
    const one = rules.get(key)
    if (!one || visited.has(key)) return
    visited.add(key)
    for (const read of one.rule.reads) visit(read.split('.')[0]!)
    ordered.push(one)
  }
  for (const key of rules.keys()) visit(key)
  served.cache.set(address, ordered)
  return ordered
}

/** The lines fields that have computed columns. */
function linesOf(served: ServedRelease, table: RecordTable): ReadonlyMap<string, ComputeLines> {
  const address = `records/computed-lines/${table.key}`
  const kept = served.cache.get(address) as ReadonlyMap<string, ComputeLines> | undefined
  if (kept) return kept
  const made = new Map<string, ComputeLines>()
  for (const { key, definition } of table.fields.values()) {
    const compute = compileLines(served.release, definition)
    if (compute) made.set(key, compute)
  }
  served.cache.set(address, made)
  return made
}

/** The record with its computed fields worked out anew, in the form in which they are stored. */
export async function fillComputed(unit: Unit, table: RecordTable, given: JsonObject): Promise<JsonObject> {
  const computed = computedOf(unit.served, table)
  const lines = linesOf(unit.served, table)
  if (!computed.length && !lines.size) return given
  const record = { ...given }
  if (lines.size) {
    const rows = await withLookups(unit, (now) =>
      [...lines].map(([key, compute]) => [key, compute(given[key] ?? [], now)] as const),
    )
    for (const [key, value] of rows) record[key] = value
  }
  if (!computed.length) return record
  const reads = computed.flatMap((one) => one.rule.reads)
  const loaded = await loadReferences(unit, table, record, reads, true)
  return withLookups(unit, (now) => {
    const filled = { ...record }
    const known = { ...loaded }
    for (const { key, rule } of computed) {
      const { definition } = table.fields.get(key)!
      const value = evaluateRule(rule, known, now, key)
      const normal: Json =
        value === null ? null : (fieldTypeOf(definition).normalize?.(value, definition) ?? value)
      filled[key] = normal
      known[key] = normal
    }
    return filled
  })
}

/** Whether the rule of a lifecycle move holds for the record as it will stand; a move without a rule always does. */
export async function moveHolds(
  unit: Unit,
  table: RecordTable,
  after: JsonObject,
): Promise<(moveId: string) => boolean> {
  const rules = new Map(
    (table.object.lifecycle?.moves ?? [])
      .filter((move) => move.when !== undefined)
      .map((move) => [
        move['x-id'],
        readyRule(unit.served, table, `/lifecycle/${move['x-id']}/when`, move.when),
      ]),
  )
  if (!rules.size) return () => true
  const reads = [...rules.values()].flatMap((rule) => rule.reads)
  const loaded = await loadReferences(unit, table, after, reads, true)
  const held = await withLookups(
    unit,
    (context) => new Map([...rules].map(([id, rule]) => [id, holds(rule, loaded, context)])),
  )
  return (moveId) => held.get(moveId) ?? true
}
