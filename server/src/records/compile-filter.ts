import { recordScope } from '@channelwright/runtime/definition/scopes.ts'
import type { ErrorDetail } from '@channelwright/runtime/errors/create-error.ts'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { filterInvalid } from '@channelwright/runtime/errors/records.ts'
import type { Json, JsonObject } from '@channelwright/runtime/json.ts'
import { checkRule } from '@channelwright/runtime/logic/check.ts'
import {
  type ChildRows,
  compileSql,
  type SqlResolver,
  type SqlSource,
} from '@channelwright/runtime/logic/compile-sql.ts'
import type { RuleLibrary, RuleScope, RuleType } from '@channelwright/runtime/logic/types.ts'
import type { Unit } from '../db/unit.ts'
import { quoteName } from '../publish/quote.ts'
import { rightsOn } from './object-rights.ts'
import { type LinesTable, type RecordTable, tableOf } from './record-table.ts'
import { contextOf } from './rules.ts'
import { seenTable } from './seen-table.ts'

const always = ['id', 'created_at', 'created_by', 'updated_at']

/**
 * A caller's condition as SQL over the row `t`; its values are added to `values`. It is typed against the fields that
 * the caller may read, here and behind every reference, so that nothing can be found out by filtering on what is
 * hidden. Throws FILTER_INVALID with a path for every mistake.
 */
export function compileFilter(
  unit: Unit,
  table: RecordTable,
  readable: ReadonlySet<string>,
  filter: unknown,
  values: unknown[],
): string {
  const { rule, diagnostics } = checkRule(filter as Json, restrictScope(unit, table, readable), {
    level: 'L',
    expect: { t: 'bool', nullable: false },
    path: '/filter',
  })
  if (rule) return toSql(unit, unit, table, rule, values)
  const details: ErrorDetail[] = diagnostics
    .filter((one) => one.severity === 'error')
    .slice(0, 20)
    .map(({ path, code, message }) => ({ path, code, message }))
  throw new Refusal(filterInvalid, {}, details)
}

/** What a condition may read besides the row and the usual context; names begin with `$`. */
export interface MoreContext {
  readonly types: Readonly<Record<string, RuleType>>
  readonly context: JsonObject
}

/** A condition of the definition itself, as SQL over the row `t`. */
export function compileCondition(
  unit: Unit,
  table: RecordTable,
  condition: unknown,
  values: unknown[],
  more?: MoreContext,
): string {
  const scope = recordScope(unit.served.release, table.key, more ? { extra: more.types } : {})
  const { rule, diagnostics } = checkRule(condition as Json, scope, {
    level: 'L',
    expect: { t: 'bool', nullable: false },
  })
  if (!rule)
    throw new Error(`a published condition of ${table.key} is not sound: ${JSON.stringify(diagnostics)}`)
  return toSql(unit, { served: unit.served }, table, rule, values, more?.context)
}

function toSql(
  unit: Unit,
  reader: Reader,
  table: RecordTable,
  rule: Parameters<typeof compileSql>[0],
  values: unknown[],
  more?: JsonObject,
): string {
  const compiled = compileSql(rule, resolverFor(unit, reader, table, more), {
    firstParam: values.length + 1,
    schema: quoteName(unit.served.workspace.schema),
  })
  values.push(...compiled.values)
  return `(${compiled.text})`
}

function restrictScope(unit: Unit, table: RecordTable, readable: ReadonlySet<string>): RuleScope {
  const whole = recordScope(unit.served.release, table.key)
  const cut = (types: ReadonlyMap<string, RuleType>, seen: ReadonlySet<string>, context: boolean) =>
    new Map(
      [...types].filter(([key]) => seen.has(key) || always.includes(key) || (context && key.startsWith('$'))),
    )
  const object = (key: string) => {
    const types = whole.object(key)
    const { read } = unit.served.release.objects.has(key)
      ? rightsOn(unit.served, unit.actor, key)
      : { read: null }
    return types && read ? cut(types, read, false) : undefined
  }
  return {
    root: cut(whole.root, readable, true),
    object,
    ...(whole.library ? { library: restrictLibrary(whole.library, object) } : {}),
  }
}

/** A caller may look up by what they may read. What named rules hold is not theirs to ask. */
function restrictLibrary(library: RuleLibrary, fieldsOf: RuleScope['object']): RuleLibrary {
  return {
    ...library,
    rule: () => undefined,
    rules: [],
    uniqueKeys: (key) => {
      const fields = fieldsOf(key)
      return fields && library.uniqueKeys(key)?.filter((names) => names.every((name) => fields.has(name)))
    },
    objects: library.objects.filter((key) => fieldsOf(key)),
    fieldsOf,
  }
}

/** Paths as columns; through references as sub-selects, which row-level security holds to the reader's rows too. */
function resolverFor(unit: Unit, reader: Reader, table: RecordTable, more?: JsonObject): SqlResolver {
  const context = { ...contextOf(unit), ...more }
  return (path, _type, bind) => {
    if (path.startsWith('$')) return { sql: bind(readContext(context, path)) }
    return locate(reader, table, path.split('.'), 't')
  }
}

function readContext(context: JsonObject, path: string): Json {
  const value = path.split('.').reduce<Json | undefined>((at, key) => (at as JsonObject)?.[key], context)
  return value ?? null
}

/** Whose rights count; without an actor, nobody's: what a definition itself says is about the whole. */
export type Reader = Pick<Unit, 'served'> & Partial<Pick<Unit, 'actor'>>

function tableAs({ served, actor }: Reader, object: string): RecordTable {
  return actor ? seenTable({ served, actor }, object) : tableOf(served, object)
}

/** A dotted path as SQL of the row `row`; null when it leads nowhere. */
export function locate(
  unit: Reader,
  table: Pick<RecordTable, 'fields'>,
  path: readonly string[],
  row: string,
): SqlSource | null {
  const [key, ...rest] = path
  if (!key) return null
  if (key.startsWith('@')) return { sql: '', rows: recordsOf(unit, key.slice(1)) }
  if (always.includes(key) && !rest.length) return { sql: `${row}.${key}`, column: true }
  const field = table.fields.get(key)
  if (field?.lines && !rest.length) return { sql: '', rows: linesOf(unit, field.lines, row) }
  const column = field?.column && field.type.column(field.definition)
  if (!field?.column || !column) return null
  if (!rest.length)
    return {
      sql: `${row}.${field.column}`,
      column: true,
      integer: /^(integer|bigint|smallint)$/.test(column.sql),
    }
  const target = field.definition['x-object']
  if (typeof target !== 'string') return null
  const other = tableAs(unit, target)
  const inner = `${row}r`
  const found = locate(unit, other, rest, inner)
  if (!found) return null
  const behind = `FROM ${other.from} ${inner} WHERE ${inner}.id = ${row}.${field.column}`
  const { rows } = found
  if (rows) {
    // The record behind the reference must be one that the reader sees.
    return {
      sql: '',
      rows: (alias) => {
        const each = rows(alias)
        return { ...each, where: `EXISTS (SELECT 1 ${behind} AND ${each.where})` }
      },
    }
  }
  const value = rest.length > 1 ? `(${found.sql})` : found.sql
  return { sql: `SELECT ${value} ${behind}`, integer: found.integer ?? false }
}

/** The records of an object that a rule looks into, by its unique key. */
function recordsOf(unit: Reader, object: string): (alias: string) => ChildRows {
  const table = tableAs(unit, object)
  return (alias) => ({
    from: `${table.from} ${alias}`,
    where: `${alias}.deleted_at IS NULL`,
    order: `${alias}.id`,
    source: (path) => locate(unit, table, path.split('.'), alias),
  })
}

/** The rows of a lines field, which have a table of their own with policies of its own. */
function linesOf(unit: Reader, lines: LinesTable, row: string): (alias: string) => ChildRows {
  return (alias) => ({
    from: `${lines.from} ${alias}`,
    where: `${alias}.record_id = ${row}.id`,
    order: `${alias}.position, ${alias}.id`,
    source: (path) => (path === '' ? null : locate(unit, lines, path.split('.'), alias)),
  })
}
