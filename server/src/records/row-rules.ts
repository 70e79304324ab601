import type { RecordReply } from '@channelwright/runtime/api/records.ts'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import type { Unit } from '../db/unit.ts'
import { type GrantedPart, grantedParts, grantsOf, rightsOn } from './object-rights.ts'
import type { RecordTable } from './record-table.ts'
import { contextOf, holds, loadReferences, type ReadyRule, readyRule } from './rules.ts'

/**
 * What the actor may do with this record, for the screen: which buttons to show. Postgres decides when it is tried.
 * A rule over fields that the actor cannot read does not hold here. Nobody changes what an open case has locked.
 */
export function mayWrite(
  unit: Unit,
  table: RecordTable,
  record: JsonObject,
  /** What open cases keep people from changing. */
  held: 'all' | ReadonlySet<string> | null,
): RecordReply['may'] {
  const locked = held === 'all'
  const rights = rightsOn(unit.served, unit.actor, table.key)
  if (locked || (!rights.update && !rights.delete)) return { update: [], delete: false, locked }
  const context = contextOf(unit)
  const covers = (rule: ReadyRule | true) => rule === true || holds(rule, record, context)
  const update = grantedParts(unit.served, unit.actor.roles, table.key, 'update')
    .filter((part) => covers(ruleOf(unit, table, 'update', part)))
    .flatMap((part) => [...part.fields])
  const deletes = grantsOf(unit.served, unit.actor.roles).some((grant) => {
    const rows = grant.objects?.[table.key]?.delete?.rows
    return rows !== undefined && covers(ruleOf(unit, table, 'delete', { rows, said: grant.key }))
  })
  const open = new Set(update.filter((key) => held === null || !held.has(key)))
  return { update: [...open], delete: rights.delete && deletes && held === null, locked }
}

/**
 * The fields that the grants open on this very record, where that is fewer than they open on all records together;
 * null where it is the same. Postgres adds up what each grant says of rows and of columns.
 */
export async function fieldsOpenOn(
  unit: Unit,
  table: RecordTable,
  action: 'create' | 'update',
  record: JsonObject,
): Promise<ReadonlySet<string> | null> {
  const parts = grantedParts(unit.served, unit.actor.roles, table.key, action)
  const all = rightsOn(unit.served, unit.actor, table.key)[action]
  const opensAll = (part: GrantedPart) => part.fields.size === all?.size
  if (parts.length < 2 || parts.every(opensAll) || parts.some((part) => part.rows === true && opensAll(part)))
    return null
  const context = contextOf(unit)
  const open = new Set<string>()
  for (const part of parts) {
    const rule = ruleOf(unit, table, action, part)
    if (rule !== true) {
      const loaded = await unit.asEngine(() => loadReferences(unit, table, record, rule.reads))
      if (!holds(rule, loaded, context)) continue
    }
    for (const key of part.fields) open.add(key)
  }
  return open
}

function ruleOf(
  unit: Unit,
  table: RecordTable,
  action: 'create' | 'update' | 'delete',
  { rows, said }: Pick<GrantedPart, 'rows' | 'said'>,
): ReadyRule | true {
  return rows === true ? true : readyRule(unit.served, table, `/grants/${action}/${said}`, rows)
}
