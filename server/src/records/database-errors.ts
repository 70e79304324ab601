import type { ErrorCode, ErrorDetail } from '@channelwright/runtime/errors/create-error.ts'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { fieldRequired } from '@channelwright/runtime/errors/fields.ts'
import {
  actionForbidden,
  notExclusive,
  notUnique,
  recordInvalid,
  recordReferenced,
  recordRefused,
  referenceUnknown,
  rowForbidden,
  valueRefused,
} from '@channelwright/runtime/errors/records.ts'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import type { Text } from '@channelwright/runtime/text.ts'
import type { DatabaseError } from 'pg'
import { codeOf } from '../db/failures.ts'
import type { Unit } from '../db/unit.ts'
import { readConstraintName } from '../publish/constraint-names.ts'
import { compileCondition } from './compile-filter.ts'
import { bindValue, type RecordTable } from './record-table.ts'

/**
 * What Postgres refused, in the words of the definition. It never says which row stood in the way, nor anything of
 * it but the end of a taken period. Errors that are not the caller's come back as they are.
 */
export async function explainRefusal(
  unit: Unit,
  table: RecordTable,
  record: JsonObject,
  error: unknown,
): Promise<unknown> {
  const named = readConstraintName((error as DatabaseError).constraint ?? '')
  switch (codeOf(error)) {
    case '23505': {
      const unique = table.object.unique?.find((one) => one['x-id'] === named?.xId)
      return refuseFields(notUnique, unique?.message, unique?.fields ?? [])
    }
    case '23P01': {
      const exclusive = table.object.exclusive?.find((one) => one['x-id'] === named?.xId)
      if (!exclusive) return refuseFields(notExclusive, undefined, [])
      const until = await findTakenUntil(unit, table, exclusive, record)
      const fill = (text: string) => text.replaceAll('{until}', until ?? '—')
      const message = { en: fill(exclusive.message.en), zh: fill(exclusive.message.zh) }
      return refuseFields(notExclusive, message, [...exclusive.fields, exclusive.period])
    }
    case '23503': {
      const field = [...table.fields.values()].find((one) => one.definition['x-id'] === named?.xId)
      if (!field) return new Refusal(recordReferenced)
      const { code, message } = referenceUnknown
      return new Refusal(recordRefused, {}, [{ path: `/${field.key}`, code, message }])
    }
    case '23502':
    case '23514': {
      const field = [...table.fields.values()].find((one) => one.definition['x-id'] === named?.xId)
      if (named?.kind !== 'required' || !field) return new Refusal(valueRefused)
      const { code, message } = fieldRequired
      return new Refusal(recordInvalid, {}, [{ path: `/${field.key}`, code, message }])
    }
    case '42501':
      return new Refusal(isRowSecurity(error) ? rowForbidden : actionForbidden)
    case '22001':
    case '22003':
    case '22007':
    case '22008':
    case '22021':
    case '22P02':
    case '22P05':
    case '54000':
      return new Refusal(valueRefused)
    default:
      return error
  }
}

function isRowSecurity(error: unknown): boolean {
  return error instanceof Error && /row-level security/.test(error.message)
}

function refuseFields(error: ErrorCode, message: Text | undefined, fields: readonly string[]): Refusal {
  const said: ErrorCode = message ? { ...error, message } : error
  const details: ErrorDetail[] = fields.map((field) => ({
    path: `/${field}`,
    code: error.code,
    message: said.message,
  }))
  return new Refusal(said, { until: '—' }, details)
}

type Exclusive = NonNullable<RecordTable['object']['exclusive']>[number]

/** The last day of the period that is in the way. Reads as the engine: the row may be one the actor never sees. */
async function findTakenUntil(
  unit: Unit,
  table: RecordTable,
  exclusive: Exclusive,
  record: JsonObject,
): Promise<string | null> {
  const values: unknown[] = []
  const bind = (value: unknown) => `$${values.push(value)}`
  const columnOf = (key: string) => table.fields.get(key)!
  const conditions = exclusive.fields.map((key) => {
    const field = columnOf(key)
    return `t.${field.column} = ${bind(bindValue(record[key], field))}`
  })
  const period = columnOf(exclusive.period)
  conditions.push(`t.${period.column} && ${bind(bindValue(record[exclusive.period], period))}::daterange`)
  conditions.push('t.deleted_at IS NULL')
  if (typeof record.id === 'string') conditions.push(`t.id <> ${bind(record.id)}`)
  if (exclusive.when !== undefined) conditions.push(compileCondition(unit, table, exclusive.when, values))
  const rows = await unit.asEngine(() =>
    unit.query<{ until: string | null }>(
      `SELECT (max(upper(t.${period.column})) - 1)::text AS until FROM ${table.from} t WHERE ${conditions.join(' AND ')}`,
      values,
    ),
  )
  return rows[0]?.until ?? null
}
