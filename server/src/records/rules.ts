import { formScope, recordScope } from '@channelwright/runtime/definition/scopes.ts'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { ruleFailed } from '@channelwright/runtime/errors/records.ts'
import type { Json, JsonObject } from '@channelwright/runtime/json.ts'
import { checkRule } from '@channelwright/runtime/logic/check.ts'
import { type CompiledRule, compileRule } from '@channelwright/runtime/logic/evaluate.ts'
import { type LookupRequest, lookupPort, runWithLookups } from '@channelwright/runtime/logic/lookup-port.ts'
import type { Unit } from '../db/unit.ts'
import type { ServedRelease } from '../services.ts'
import { findKept, keepRecord } from './kept-records.ts'
import { bindValue, type RecordTable, readRow, tableOf } from './record-table.ts'
import { runPrepared } from './run-prepared.ts'

/** A rule of a definition, checked and compiled once per release. */
export interface ReadyRule {
  readonly run: CompiledRule
  /** Paths it reads. */
  readonly reads: readonly string[]
}

/** What `$` holds while rules of this unit run. */
export function contextOf(unit: Pick<Unit, 'actor' | 'now' | 'today'>): JsonObject {
  const { user, partner, partners, roles } = unit.actor
  return {
    $user: { id: user, partner, partners: [...partners], roles: [...roles] },
    $today: unit.today,
    $now: unit.now,
  }
}

/**
 * A rule of the object at `path` of its definition. It passed the checks of publishing as `draft` or not; a rule that
 * no longer does is a fault of ours.
 */
export function readyRule(served: ServedRelease, table: RecordTable, path: string, rule: unknown): ReadyRule {
  const address = `records/rule/${table.key}${path}`
  const kept = served.cache.get(address) as ReadyRule | undefined
  if (kept) return kept
  const strict = checkRule(rule as Json, recordScope(served.release, table.key), { path })
  const checked = strict.rule ?? checkRule(rule as Json, formScope(served.release, table.key), { path }).rule
  if (!checked)
    throw new Error(
      `release ${served.number}: ${table.key}${path} is no sound rule: ${JSON.stringify(strict.diagnostics)}`,
    )
  const ready: ReadyRule = { run: compileRule(checked), reads: checked.reads }
  served.cache.set(address, ready)
  return ready
}

/**
 * Runs rules with what they look up in other objects at hand. Read as the engine, because a rule means the same for
 * everybody. `work` may run more than once and must have no effect but its result.
 */
export function withLookups<T>(unit: Unit, work: (context: JsonObject) => T): Promise<T> {
  return lookingUp(unit, contextOf(unit), work)
}

/** The same where the context is another, as in flows: `work` is given it with the port that answers lookups. */
export function lookingUp<T>(unit: Unit, context: JsonObject, work: (context: JsonObject) => T): Promise<T> {
  const fetch = ({ object, key }: LookupRequest) => unit.asEngine(() => fetchByKey(unit, object, key))
  return runWithLookups(fetch, (port) => work({ ...context, [lookupPort]: port as unknown as Json }))
}

async function fetchByKey(unit: Unit, object: string, key: LookupRequest['key']): Promise<JsonObject | null> {
  const table = tableOf(unit.served, object)
  const values: unknown[] = []
  const tests = Object.entries(key).map(([name, value]) => {
    const field = table.fields.get(name)
    values.push(field ? bindValue(value, field) : value)
    return `t.${field?.column ?? name} = $${values.length}`
  })
  const columns = [...table.fields.values()].flatMap((one) =>
    one.column ? `t.${one.column} AS "${one.key}"` : [],
  )
  const [row] = await unit.query(
    `SELECT t.id, t.created_at, t.created_by, t.updated_at, ${columns.join(', ')} FROM ${table.from} t WHERE ${tests.join(' AND ')}`,
    values,
  )
  return row ? { ...(row as JsonObject), ...readRow(row, table.fields.values()) } : null
}

/** The value of a rule, or a refusal that names the field it was for. */
export function evaluateRule(ready: ReadyRule, record: JsonObject, context: JsonObject, field: string): Json {
  const result = ready.run(record, context)
  if (result.ok) return result.value
  // An empty field that the rule needs: a result cannot be given yet, and `required` says what is missing.
  if (result.error.code === 'E_INPUT' || result.error.code === 'E_LOOKUP') return null
  throw new Refusal(ruleFailed, { reason: result.error.code }, [
    { path: `/${field}`, code: result.error.code, message: ruleFailed.message },
  ])
}

/** Whether a condition holds; one that fails does not. */
export function holds(ready: ReadyRule, record: JsonObject, context: JsonObject): boolean {
  const result = ready.run(record, context)
  return result.ok && result.value === true
}

/**
 * Brings along the records that rules read through references: `partner.tier` needs the partner, and of it the tier.
 * Reads as the engine, because a rule means the same for everybody. One query per reference; none at all when no
 * rule goes through one.
 */
export async function loadReferences(
  unit: Unit,
  table: RecordTable,
  record: JsonObject,
  reads: Iterable<string>,
  /** Only the columns that are read: a person may see less of a record than there is. */
  narrow = false,
): Promise<JsonObject> {
  const byField = new Map<string, string[]>()
  for (const read of reads) {
    const [first, ...rest] = read.split('.')
    const field = first ? table.fields.get(first) : undefined
    if (!rest.length || field?.type.name !== 'reference') continue
    byField.set(field.key, [...(byField.get(field.key) ?? []), rest.join('.')])
  }
  if (!byField.size) return record
  const loaded = { ...record }
  for (const [key, paths] of byField) {
    const id = record[key]
    if (typeof id !== 'string') continue
    const field = table.fields.get(key)!
    const other = tableOf(unit.served, String(field.definition['x-object']))
    const wanted = new Set(paths.map((path) => path.split('.')[0]))
    const columns = [...other.fields.values()].flatMap((one) =>
      one.column && (!narrow || wanted.has(one.key)) ? `, t.${one.column} AS "${one.key}"` : [],
    )
    // What a person is shown is read with their own rights each time.
    const keeps = !narrow && unit.playing() === 'engine'
    let found = keeps ? findKept(unit, other, id, 'row') : undefined
    if (!found) {
      const [row] = await runPrepared(
        unit,
        `SELECT t.id, t.created_at, t.created_by, t.updated_at${columns.join('')} FROM ${other.from} t WHERE t.id = $1`,
        [bindValue(id, field)],
      )
      if (!row) continue
      found = { ...(row as JsonObject), ...readRow(row, other.fields.values()) }
      if (keeps) keepRecord(unit, other, id, 'row', found)
    }
    loaded[key] = await loadReferences(unit, other, found, paths, narrow)
  }
  return loaded
}
