import type { RecordReply } from '@channelwright/runtime/api/records.ts'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import type { Unit } from '../db/unit.ts'
import { grantsOf, rightsOn } from './object-rights.ts'
import type { RecordTable } from './record-table.ts'
import { contextOf, holds, readyRule } from './rules.ts'

/**
 * What the actor may do with this record, for the screen: which buttons to show. Postgres decides when it is tried.
 * A rule over fields that the actor cannot read does not hold here.
 */
export function mayWrite(unit: Unit, table: RecordTable, record: JsonObject): RecordReply['may'] {
  const rights = rightsOn(unit.served, unit.actor, table.key)
  if (!rights.update && !rights.delete) return { update: [], delete: false }
  const context = contextOf(unit)
  const covers = (action: 'update' | 'delete') =>
    grantsOf(unit.served, unit.actor.roles).some((grant) => {
      const rows = grant.objects?.[table.key]?.[action]?.rows
      if (rows === undefined || rows === true) return rows === true
      return holds(readyRule(unit.served, table, `/grants/${grant.key}/${action}`, rows), record, context)
    })
  return {
    update: rights.update && covers('update') ? [...rights.update] : [],
    delete: rights.delete && covers('delete'),
  }
}
