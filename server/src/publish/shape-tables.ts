import type { FieldDefinition, ObjectDefinition } from '@channelwright/runtime/definition/object.ts'
import type { Release } from '@channelwright/runtime/definition/release.ts'
import { fieldTypeOf, linesOf } from '@channelwright/runtime/fields/index.ts'
import type { Json } from '@channelwright/runtime/json.ts'
import type { Text } from '@channelwright/runtime/text.ts'
import { nameConstraint, readConstraintName } from './constraint-names.ts'
import { canWiden } from './convert-column.ts'
import {
  chooseColumnName,
  chooseTableName,
  type PhysicalColumn,
  type PhysicalNames,
  platformColumns,
  tableOf,
} from './physical-names.ts'
import { quoteName, quoteTable, quoteText } from './quote.ts'
import { gramsSql, searchedFields } from './searched-fields.ts'

/** What one table of a release should look like, and how each column comes to be. */
export interface TableShape {
  readonly object: string
  readonly objectKey: string
  /** x-id and key of the lines field; empty for an object's own table. */
  readonly lines: string
  readonly linesKey: string
  readonly title: Text
  /** The lines field; null for an object's own table. */
  readonly definition: FieldDefinition | null
  readonly table: string
  /** The table that the lines belong to. */
  readonly parent: string | null
  readonly isNew: boolean
  readonly wasRetired: boolean
  readonly columns: readonly ColumnShape[]
  readonly indexes: readonly IndexShape[]
  readonly exclusions: readonly ExclusionShape[]
}

export interface ColumnShape {
  readonly field: string
  readonly definition: FieldDefinition
  readonly key: string
  readonly title: Text
  readonly column: string
  readonly sql: string
  readonly collation?: 'C'
  readonly required: boolean
  /** The default of a required field, as an SQL literal. */
  readonly default: string | null
  readonly origin: ColumnOrigin
  /** The table whose `id` a reference must find. */
  readonly references: string | null
}

export type ColumnOrigin =
  | { readonly kind: 'kept' | 'new' | 'restored' }
  | { readonly kind: 'widened'; readonly from: string }
  | {
      readonly kind: 'converted'
      /** Where the values are now. */
      readonly from: PhysicalColumn
      /** The column was there before under this type: its values fill what the conversion leaves empty. */
      readonly exists: boolean
    }

export interface IndexShape {
  readonly name: string
  readonly unique: boolean
  /** x-id of the definition's element; of the field for those the platform adds. */
  readonly xId: string
  /** Field keys, for people. */
  readonly fields: readonly string[]
  readonly columns: readonly string[]
  /** Everything after the table's name in CREATE INDEX; see `indexSql`. */
  readonly says: string
}

/** Stands for the workspace's schema: the same definition has the same name in every workspace. */
const schemaMark = '{{schema}}'
/** The same inside conditions, whose literals people write: no text of theirs holds these control characters. */
export const conditionSchema = '\u0002schema\u0002'

/** What a shape says, in a workspace. */
export function inSchema(schema: string, says: string): string {
  return says.replaceAll(schemaMark, quoteName(schema)).replaceAll(conditionSchema, quoteName(schema))
}

/**
 * What an index for searching needs besides. Postgres would take the grams of one word for independent of each other, so
 * that every word looked rare; knowing nothing of them it goes by how often the text itself occurs.
 */
export function searchIndexSql(schema: string, index: IndexShape): string[] {
  if (readConstraintName(index.name)?.kind !== 'search') return []
  return [`ALTER INDEX ${quoteTable(schema, index.name)} ALTER COLUMN 1 SET STATISTICS 0`]
}

/** CREATE INDEX, or CREATE INDEX CONCURRENTLY. */
export function indexSql(schema: string, table: string, index: IndexShape, concurrently = false): string {
  const unique = index.unique ? 'UNIQUE ' : ''
  const how = concurrently ? 'CONCURRENTLY ' : ''
  return `CREATE ${unique}INDEX ${how}${quoteName(index.name)} ON ${quoteTable(schema, table)} ${inSchema(schema, index.says)}`
}

/** ALTER TABLE … ADD CONSTRAINT. */
export function exclusionSql(schema: string, table: string, { name, says }: ExclusionShape): string {
  return `ALTER TABLE ${quoteTable(schema, table)} ADD CONSTRAINT ${quoteName(name)} ${inSchema(schema, says)}`
}

export interface ExclusionShape {
  readonly name: string
  readonly xId: string
  readonly fields: readonly string[]
  readonly columns: readonly string[]
  readonly period: string
  readonly where: string
  readonly says: string
}

/** Turns a condition of an object into SQL over its own columns, without parameters. Throws PUBLISH_RULE_NOT_SQL. */
export type CompileCondition = (
  object: ObjectDefinition,
  rule: unknown,
  columns: ReadonlyMap<string, string>,
) => string

/** The tables that a release asks for, with the names that `names` remembers and new ones where it remembers none. */
export function shapeTables(release: Release, names: PhysicalNames, compile: CompileCondition): TableShape[] {
  const taken = new Set(names.tables.map((t) => t.table))
  const tableNames = new Map<string, string>()
  const nameTable = (object: string, lines: string, key: string) => {
    const name = tableOf(names, object, lines)?.table ?? chooseTableName(key, taken)
    taken.add(name)
    return name
  }
  for (const object of release.objects.values())
    tableNames.set(object.key, nameTable(object['x-id'], '', object.key))
  const shapes: TableShape[] = []
  for (const object of release.objects.values()) {
    const context = { release, names, compile, tableNames }
    shapes.push(shapeObject(object, context))
    for (const [key, field] of fieldsOf(object)) {
      const lines = linesOf(field)
      if (!lines) continue
      const table = nameTable(object['x-id'], field['x-id'], `${object.key}_${key}`.slice(0, 55))
      shapes.push(shapeLines(object, key, field, table, context))
    }
  }
  return shapes
}

interface ShapeContext {
  readonly release: Release
  readonly names: PhysicalNames
  readonly compile: CompileCondition
  readonly tableNames: ReadonlyMap<string, string>
}

export function fieldsOf(object: ObjectDefinition): [string, FieldDefinition][] {
  return Object.entries(object.schema.properties) as [string, FieldDefinition][]
}

function shapeObject(object: ObjectDefinition, context: ShapeContext): TableShape {
  const table = context.tableNames.get(object.key)!
  const known = tableOf(context.names, object['x-id'])
  const columns = shapeColumns(fieldsOf(object), object.schema.required ?? [], table, false, context)
  const byKey = columnsByKey(columns)
  return {
    object: object['x-id'],
    objectKey: object.key,
    lines: '',
    linesKey: '',
    title: object.title,
    definition: null,
    table,
    parent: null,
    isNew: !known,
    wasRetired: known?.retired ?? false,
    columns,
    indexes: shapeIndexes(object, table, columns, byKey, context),
    exclusions: shapeExclusions(object, table, byKey, context),
  }
}

function shapeLines(
  object: ObjectDefinition,
  key: string,
  field: FieldDefinition,
  table: string,
  context: ShapeContext,
): TableShape {
  const lines = linesOf(field)!
  const known = tableOf(context.names, object['x-id'], field['x-id'])
  const columns = shapeColumns(Object.entries(lines.properties), lines.required ?? [], table, true, context)
  const says = '(record_id, position)'
  return {
    object: object['x-id'],
    objectKey: object.key,
    lines: field['x-id'],
    linesKey: key,
    title: titleOf(field),
    definition: field,
    table,
    parent: context.tableNames.get(object.key)!,
    isNew: !known,
    wasRetired: known?.retired ?? false,
    columns,
    indexes: [
      {
        name: nameConstraint('owner', field['x-id'], table + says),
        unique: false,
        xId: field['x-id'],
        fields: [],
        columns: ['record_id', 'position'],
        says,
      },
    ],
    exclusions: [],
  }
}

export function titleOf(field: FieldDefinition): Text {
  return { en: field.title, zh: field['x-title'].zh }
}

/** Platform columns by the name rules and indexes use, then fields by key. */
function columnsByKey(columns: readonly ColumnShape[]): ReadonlyMap<string, string> {
  return new Map([
    ...platformColumns.map((name) => [name, name] as const),
    ...columns.map((c) => [c.key, c.column] as const),
  ])
}

function shapeColumns(
  fields: readonly [string, FieldDefinition][],
  required: readonly string[],
  table: string,
  isLines: boolean,
  context: ShapeContext,
): ColumnShape[] {
  const past = context.names.columns.filter((c) => c.table === table)
  const taken = new Set(past.map((c) => c.column))
  const shapes: ColumnShape[] = []
  for (const [key, field] of fields) {
    const type = fieldTypeOf(field)
    const wanted = type.column(field)
    if (!wanted) continue
    const mine = past.filter((c) => c.field === field['x-id'])
    const inUse = mine.find((c) => !c.retired)
    const sameType = mine.find((c) => c.type === wanted.sql)
    let column: string
    let origin: ColumnOrigin
    if (inUse && inUse.type === wanted.sql) [column, origin] = [inUse.column, { kind: 'kept' }]
    else if (inUse && canWiden(inUse.type, wanted.sql))
      [column, origin] = [inUse.column, { kind: 'widened', from: inUse.type }]
    else if (inUse)
      [column, origin] = [
        sameType?.column ?? chooseColumnName(key, taken, isLines),
        { kind: 'converted', from: inUse, exists: sameType !== undefined },
      ]
    else if (sameType) [column, origin] = [sameType.column, { kind: 'restored' }]
    else if (mine.length)
      [column, origin] = [
        chooseColumnName(key, taken, isLines),
        { kind: 'converted', from: mine.at(-1)!, exists: false },
      ]
    else [column, origin] = [chooseColumnName(key, taken, isLines), { kind: 'new' }]
    taken.add(column)
    const isRequired = required.includes(key)
    shapes.push({
      field: field['x-id'],
      definition: field,
      key,
      title: titleOf(field),
      column,
      sql: wanted.sql,
      ...(wanted.collation ? { collation: wanted.collation } : {}),
      required: isRequired,
      default: isRequired ? defaultOf(field, wanted.sql) : null,
      origin,
      references:
        typeof field['x-object'] === 'string' ? (context.tableNames.get(field['x-object']) ?? null) : null,
    })
  }
  return shapes
}

function defaultOf(field: FieldDefinition, sql: string): string | null {
  const value = field.default
  if (value === undefined || value === null) return null
  return literalOf(fieldTypeOf(field).toColumn(value as Json, field), sql)
}

/** A value as pg would bind it, written as an SQL literal of that type. */
export function literalOf(value: unknown, sql: string): string | null {
  if (value === null || value === undefined) return null
  if (Array.isArray(value)) return `ARRAY[${value.map((v) => quoteText(String(v))).join(', ')}]::${sql}`
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  return `${quoteText(text)}::${sql}`
}

function shapeIndexes(
  object: ObjectDefinition,
  table: string,
  columns: readonly ColumnShape[],
  byKey: ReadonlyMap<string, string>,
  context: ShapeContext,
): IndexShape[] {
  const shapes: IndexShape[] = []
  const leading = new Set<string>()
  const add = (
    kind: 'unique' | 'index' | 'reference' | 'owner',
    xId: string,
    fields: readonly string[],
    where?: string,
  ) => {
    const names = fields.map((field) => byKey.get(field)).filter((name) => name !== undefined)
    // `id` last: lists page by key, and ties need an order.
    const list = kind === 'unique' || names.at(-1) === 'id' ? names : [...names, 'id']
    const says = `(${list.map(quoteName).join(', ')})${where ? ` WHERE ${where}` : ''}`
    if (shapes.some((s) => s.says === says && s.unique === (kind === 'unique'))) return
    if (kind !== 'unique') leading.add(list[0]!)
    shapes.push({
      name: nameConstraint(kind, xId, table + says),
      unique: kind === 'unique',
      xId,
      fields,
      columns: list,
      says,
    })
  }
  for (const unique of object.unique ?? []) {
    const when = unique.when === undefined ? '' : ` AND (${context.compile(object, unique.when, byKey)})`
    add('unique', unique['x-id'], unique.fields, `deleted_at IS NULL${when}`)
  }
  // The owner first: a partner's list reads a partner's rows and no others.
  if (object.owner) add('owner', object['x-id'], [object.owner])
  for (const index of object.indexes ?? []) {
    add('index', index['x-id'], index.fields)
    if (object.owner && index.fields[0] !== object.owner)
      add('owner', index['x-id'], [object.owner, ...index.fields])
  }
  for (const column of columns) {
    const isState = object.lifecycle?.field === column.key
    if ((column.references || isState) && !leading.has(column.column))
      add('reference', column.field, [column.key])
  }
  const searched = searchedFields(context.release, object.key)
  for (const column of columns) if (searched.has(column.key)) shapes.push(shapeSearch(column, table))
  return shapes
}

/**
 * What finds a part of a text in a million. Writers leave new grams in a list that is emptied when it is full: a short
 * one, for whoever fills it empties it.
 */
function shapeSearch(column: ColumnShape, table: string): IndexShape {
  const says = `USING gin (${gramsSql(schemaMark, quoteName(column.column))}) WITH (gin_pending_list_limit = 256)`
  return {
    name: nameConstraint('search', column.field, table + says),
    unique: false,
    xId: column.field,
    fields: [column.key],
    columns: [column.column],
    says,
  }
}

function shapeExclusions(
  object: ObjectDefinition,
  table: string,
  byKey: ReadonlyMap<string, string>,
  context: ShapeContext,
): ExclusionShape[] {
  return (object.exclusive ?? []).map((exclusive) => {
    const columns = exclusive.fields.map((field) => byKey.get(field) ?? field)
    const period = byKey.get(exclusive.period) ?? exclusive.period
    const when =
      exclusive.when === undefined ? '' : ` AND (${context.compile(object, exclusive.when, byKey)})`
    const where = `deleted_at IS NULL${when}`
    const equal = columns.map((column) => `${quoteName(column)} WITH =`)
    const says = `EXCLUDE USING gist (${[...equal, `${quoteName(period)} WITH &&`].join(', ')}) WHERE (${where})`
    return {
      name: nameConstraint('exclusive', exclusive['x-id'], table + says),
      xId: exclusive['x-id'],
      fields: exclusive.fields,
      columns,
      period,
      where,
      says,
    }
  })
}
