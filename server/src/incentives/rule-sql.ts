import { compileSql, type SqlResolver } from '@channelwright/runtime/logic/compile-sql.ts'
import type { TypedRule } from '@channelwright/runtime/logic/ir.ts'
import { quoteName } from '../publish/quote.ts'
import { locate } from '../records/compile-filter.ts'
import { tableOf } from '../records/record-table.ts'
import type { ServedRelease } from '../services.ts'

/** A rule over the events as SQL of the alias `e`; its values are added to `values`. */
export function eventRuleSql(
  served: ServedRelease,
  object: string,
  rule: TypedRule,
  values: unknown[],
): string {
  const table = tableOf(served, object)
  const schema = quoteName(served.workspace.schema)
  return ruleSql(rule, (path) => locate({ served }, table, path.split('.'), 'e'), values, schema)
}

/**
 * A rule as SQL. Where it fails (a division by zero, a number out of range) the statement fails with it: money that
 * cannot be computed is not posted at all rather than left out in silence.
 */
export function ruleSql(rule: TypedRule, resolver: SqlResolver, values: unknown[], schema?: string): string {
  const options = { firstParam: values.length + 1, ...(schema === undefined ? {} : { schema }) }
  const compiled = compileSql(rule, resolver, options)
  values.push(...compiled.values)
  if (compiled.ok === null) return `(${compiled.text})`
  return `(CASE WHEN 0 / (CASE WHEN ${compiled.ok} THEN 1 ELSE 0 END) = 0 THEN (${compiled.text}) END)`
}
