import type { FieldDefinition } from '@channelwright/runtime/definition/object.ts'
import type { Text } from '@channelwright/runtime/text.ts'
import { nameConstraint } from './constraint-names.ts'
import type { BrokenLimit } from './limit-facts.ts'
import { step } from './make-step.ts'
import type { CaseReader } from './open-cases.ts'
import type { PhysicalColumn, PhysicalNames } from './physical-names.ts'
import { planLimits } from './plan-limits.ts'
import type { PlanReader } from './plan-readers.ts'
import { planRetirement } from './plan-retirement.ts'
import * as words from './plan-words.ts'
import { quoteName, quoteTable } from './quote.ts'
import type { TableState } from './read-table-state.ts'
import {
  type ColumnShape,
  type ExclusionShape,
  exclusionSql,
  type IndexShape,
  indexSql,
  searchIndexSql,
  type TableShape,
} from './shape-tables.ts'

/** Above this many rows, work on a table is done beside its writers rather than in one go. */
export const smallTable = 1_000

/** What comparing one row costs while an exclusion constraint is built: 76 to 136 s were measured for a million. */
const secondsPerExclusion = 0.0001

/** One change of the tables, as a person reads it and as the server does it. */
export interface TableStep {
  readonly action:
    | 'create_table'
    | 'restore_table'
    | 'retire_table'
    | 'add_field'
    | 'restore_field'
    | 'retire_field'
    | 'require_field'
    | 'relax_field'
    | 'widen_field'
    | 'convert_field'
    | 'add_unique'
    | 'add_exclusive'
    | 'add_index'
    | 'add_reference'
    | 'tighten_field'
    | 'drop_constraint'
  /** Keys. */
  readonly object: string
  readonly field: string | null
  readonly words: Text
  /** Data leaves the screens. The columns stay, so that a rollback brings it back. */
  readonly destructive: boolean
  /** What a person has to type before this is done, because data goes or people wait for it; null: nothing. */
  readonly confirm: string | null
  /** The records as they are do not allow it: nothing is begun until somebody mends them. */
  readonly blocked: boolean
  /** Ids of a few records that stand in the way or will have to be mended. */
  readonly examples: readonly string[]
  /** Rows that are read or written for it, as far as known. */
  readonly rows: number
  readonly work: readonly TableWork[]
}

/**
 * What the server does for a step. `expand` and `switch` are plain statements that need a table for a moment; the rest
 * takes time and is done beside running writers (or, on small tables, in one go with everything else).
 */
export type TableWork =
  | { readonly kind: 'expand' | 'switch'; readonly table: string; readonly sql: string }
  | { readonly kind: 'index'; readonly table: string; readonly index: IndexShape }
  | { readonly kind: 'exclusion'; readonly table: string; readonly exclusion: ExclusionShape }
  | {
      readonly kind: 'reference'
      readonly table: string
      readonly column: string
      readonly name: string
      readonly target: string
    }
  | {
      readonly kind: 'require'
      readonly table: string
      readonly column: string
      readonly default: string | null
    }
  | {
      readonly kind: 'convert'
      readonly table: string
      readonly from: PhysicalColumn
      readonly to: ColumnShape
    }
  | { readonly kind: 'drop_index'; readonly table: string; readonly name: string }

/** What only the rows themselves can tell; read before planning. */
export interface TableFacts {
  /** `table.column` → rows without a value, for fields that become required. */
  readonly empty: ReadonlyMap<string, number>
  /** `table.column` → rows whose value has no counterpart in the new type. */
  readonly unconvertible: ReadonlyMap<string, number>
  /** Index name → groups of rows that share values that shall be unique. */
  readonly duplicates: ReadonlyMap<string, number>
  /** Name of an exclusion that comes → the rows it is about, and those whose period overlaps one before. */
  readonly overlaps: ReadonlyMap<string, { readonly rows: number; readonly overlapping: number }>
  /** `table.column`, or the table of lines for their number → records whose values new limits refuse. */
  readonly limits: ReadonlyMap<string, BrokenLimit>
}

export interface PlanInput {
  readonly schema: string
  readonly shapes: readonly TableShape[]
  readonly names: PhysicalNames
  readonly states: ReadonlyMap<string, TableState>
  readonly facts: TableFacts
  /** Object and field keys and titles of the release in force, by x-id: how people know what goes. */
  readonly known: KnownFields
  /** Wordings of plans that have posted money, and what they read. */
  readonly readers: readonly PlanReader[]
  /** Open cases by the release they follow, and what that reads. */
  readonly cases: readonly CaseReader[]
}

export interface KnownFields {
  object(xId: string): { key: string; title: Text } | undefined
  field(
    object: string,
    lines: string,
    xId: string,
  ): { key: string; title: Text; definition: FieldDefinition } | undefined
}

/** The steps from what stands to what the shapes ask for. Pure. */
export function planTables(input: PlanInput): TableStep[] {
  const steps: TableStep[] = []
  for (const shape of input.shapes) steps.push(...planTable(shape, input))
  for (const shape of input.shapes) steps.push(...planReferences(shape, input))
  steps.push(...planRetirement(input))
  return steps
}

function planTable(shape: TableShape, input: PlanInput): TableStep[] {
  const state = input.states.get(shape.table)
  const at = { object: shape.objectKey, rows: state?.rows ?? 0 }
  if (!state) return [planNewTable(shape, input)]
  const steps: TableStep[] = []
  if (shape.wasRetired) steps.push(step('restore_table', { ...at, words: words.restoreTable(shape) }, []))
  for (const column of shape.columns) steps.push(...planColumn(shape, column, state, input))
  steps.push(...planLimits(shape, input))
  for (const index of shape.indexes) {
    if (state.indexes.get(index.name)) continue
    const duplicates = input.facts.duplicates.get(index.name) ?? 0
    steps.push(
      step(
        index.unique ? 'add_unique' : 'add_index',
        {
          ...at,
          words: index.unique ? words.addUnique(shape, index, duplicates) : words.addIndex(shape, index),
          blocked: duplicates > 0,
        },
        [{ kind: 'index', table: shape.table, index }],
      ),
    )
  }
  for (const exclusion of shape.exclusions) {
    if (state.constraints.has(exclusion.name)) continue
    const { rows, overlapping } = input.facts.overlaps.get(exclusion.name) ?? { rows: 0, overlapping: 0 }
    const seconds = state.rows > smallTable ? Math.ceil(rows * secondsPerExclusion) : 0
    steps.push(
      step(
        'add_exclusive',
        {
          ...at,
          words: words.addExclusive(shape, exclusion, { rows, overlapping, seconds }),
          blocked: overlapping > 0,
          confirm: seconds > 1 ? `${shape.objectKey}.${exclusion.fields.join('+')}` : null,
        },
        [{ kind: 'exclusion', table: shape.table, exclusion }],
      ),
    )
  }
  steps.push(...planDrops(shape, state, input))
  return steps
}

function planNewTable(shape: TableShape, input: PlanInput): TableStep {
  const table = quoteTable(input.schema, shape.table)
  const platform = shape.lines
    ? [
        'id uuid PRIMARY KEY',
        `record_id uuid NOT NULL REFERENCES ${quoteTable(input.schema, shape.parent!)} (id) ON DELETE CASCADE`,
        'position integer NOT NULL',
      ]
    : [
        'id uuid PRIMARY KEY',
        'rev integer NOT NULL DEFAULT 1',
        'release integer NOT NULL',
        'created_at timestamp with time zone NOT NULL',
        'created_by uuid',
        'updated_at timestamp with time zone NOT NULL',
        'updated_by uuid',
        'deleted_at timestamp with time zone',
      ]
  const columns = shape.columns.map((c) => columnSql(c, c.required))
  const statements = [
    `CREATE TABLE ${table} (\n  ${[...platform, ...columns].join(',\n  ')}\n)`,
    ...shape.indexes.flatMap((index) => [
      indexSql(input.schema, shape.table, index),
      ...searchIndexSql(input.schema, index),
    ]),
    ...shape.exclusions.map((e) => exclusionSql(input.schema, shape.table, e)),
  ]
  return step('create_table', { object: shape.objectKey, rows: 0, words: words.createTable(shape) }, [
    { kind: 'expand', table: shape.table, sql: statements.join(';\n') },
  ])
}

function columnSql(column: ColumnShape, required: boolean): string {
  return [
    quoteName(column.column),
    column.sql,
    column.collation ? `COLLATE "${column.collation}"` : '',
    column.default ? `DEFAULT ${column.default}` : '',
    required ? 'NOT NULL' : '',
  ]
    .filter(Boolean)
    .join(' ')
}

function planColumn(
  shape: TableShape,
  column: ColumnShape,
  state: TableState,
  input: PlanInput,
): TableStep[] {
  const at = { object: shape.objectKey, field: column.key, rows: state.rows }
  const table = quoteTable(input.schema, shape.table)
  const found = state.columns.get(column.column)
  const steps: TableStep[] = []
  const fresh = !found
  // A constant default is kept in the catalogue: old rows get it without being written.
  const filled = fresh && column.required && (column.default !== null || state.rows === 0)
  const work: TableWork[] = fresh
    ? [
        {
          kind: 'expand',
          table: shape.table,
          sql: `ALTER TABLE ${table} ADD COLUMN ${columnSql(column, filled && column.origin.kind !== 'converted')}`,
        },
      ]
    : []
  switch (column.origin.kind) {
    case 'new':
      steps.push(step('add_field', { ...at, words: words.addField(shape, column) }, work))
      break
    case 'restored':
      steps.push(step('restore_field', { ...at, words: words.restoreField(shape, column) }, work))
      break
    case 'widened':
      steps.push(
        step('widen_field', { ...at, words: words.widenField(shape, column, column.origin.from) }, [
          {
            kind: 'expand',
            table: shape.table,
            sql: `ALTER TABLE ${table} ALTER COLUMN ${quoteName(column.column)} TYPE ${column.sql}`,
          },
        ]),
      )
      break
    case 'converted': {
      const cases = casesOf(input, shape.object, shape.lines || column.field)
      const lost = input.facts.unconvertible.get(`${shape.table}.${column.column}`) ?? 0
      steps.push(
        step(
          'convert_field',
          {
            ...at,
            words: words.withCases(
              words.withReaders(
                words.convertField(shape, column, column.origin.from.type, lost),
                readersOf(input, shape, column.field),
              ),
              cases,
            ),
            destructive: lost > 0 || cases.length > 0,
          },
          [...work, { kind: 'convert', table: shape.table, from: column.origin.from, to: column }],
        ),
      )
      break
    }
    case 'kept':
      // The catalogue remembers it but the table lost it to a publish that was cut short.
      if (fresh) steps.push(step('add_field', { ...at, words: words.addField(shape, column) }, work))
  }
  steps.push(...planRequired(shape, column, state, input, filled))
  return steps
}

function planRequired(
  shape: TableShape,
  column: ColumnShape,
  state: TableState,
  input: PlanInput,
  filled: boolean,
): TableStep[] {
  const at = { object: shape.objectKey, field: column.key, rows: state.rows }
  const table = quoteTable(input.schema, shape.table)
  const found = state.columns.get(column.column)
  if (!column.required) {
    if (!found?.required) return []
    const sql = `ALTER TABLE ${table} ALTER COLUMN ${quoteName(column.column)} DROP NOT NULL, ALTER COLUMN ${quoteName(column.column)} DROP DEFAULT`
    return [
      step('relax_field', { ...at, words: words.relaxField(shape, column) }, [
        { kind: 'switch', table: shape.table, sql },
      ]),
    ]
  }
  if (found?.required || (filled && column.origin.kind !== 'converted')) return []
  const empty = input.facts.empty.get(`${shape.table}.${column.column}`) ?? (found ? 0 : state.rows)
  if (empty > 0 && column.default === null)
    // Nobody knows a value for these rows: the form asks at the next change, and the table follows when none is left.
    return input.known.field(shape.object, shape.lines, column.field) && found
      ? [
          step(
            'require_field',
            {
              ...at,
              words: words.requireLater(shape, column, empty),
              confirm: [shape.objectKey, shape.linesKey, column.key].filter(Boolean).join('.'),
            },
            [],
          ),
        ]
      : []
  return [
    step('require_field', { ...at, words: words.requireField(shape, column, empty) }, [
      { kind: 'require', table: shape.table, column: column.column, default: column.default },
    ]),
  ]
}

/** The plans that posted money from a field. */
export function readersOf({ readers }: PlanInput, shape: TableShape, field: string): PlanReader[] {
  return shape.lines ? [] : readers.filter((one) => one.object === shape.object && one.fields.has(field))
}

/** Open cases that make use of a field of their record. */
export function casesOf({ cases }: PlanInput, object: string, field: string): readonly CaseReader[] {
  return cases.filter((one) => one.object === object && one.fields.has(field))
}

/** Constraints and indexes of ours that nothing asks for any more, or that a failed build left invalid. */
function planDrops(shape: TableShape, state: TableState, input: PlanInput): TableStep[] {
  const wanted = new Set([
    ...shape.indexes.map((i) => i.name),
    ...shape.exclusions.map((e) => e.name),
    ...shape.columns.flatMap((c) => (c.references ? [referenceName(shape, c)] : [])),
  ])
  const at = { object: shape.objectKey, rows: state.rows }
  const table = quoteTable(input.schema, shape.table)
  const steps: TableStep[] = []
  for (const name of state.constraints.keys()) {
    if (!/^cw_[xf]_/.test(name) || wanted.has(name)) continue
    steps.push(
      step('drop_constraint', { ...at, words: words.dropConstraint(shape, name) }, [
        {
          kind: 'switch',
          table: shape.table,
          sql: `ALTER TABLE ${table} DROP CONSTRAINT ${quoteName(name)}`,
        },
      ]),
    )
  }
  for (const name of state.indexes.keys()) {
    if (!/^cw_[uiofs]_/.test(name) || wanted.has(name)) continue
    // What must no longer refuse goes with the switch; what only costs room goes afterwards.
    const work: TableWork = name.startsWith('cw_u_')
      ? { kind: 'switch', table: shape.table, sql: `DROP INDEX ${quoteTable(input.schema, name)}` }
      : { kind: 'drop_index', table: shape.table, name }
    steps.push(step('drop_constraint', { ...at, words: words.dropConstraint(shape, name) }, [work]))
  }
  return steps
}

export function referenceName(shape: TableShape, column: ColumnShape): string {
  return nameConstraint(
    'reference',
    column.field,
    `${shape.table}.${column.column} references ${column.references}`,
  )
}

function planReferences(shape: TableShape, input: PlanInput): TableStep[] {
  const state = input.states.get(shape.table)
  return shape.columns.flatMap((column) => {
    if (!column.references) return []
    const name = referenceName(shape, column)
    if (state?.constraints.get(name)) return []
    return [
      step(
        'add_reference',
        {
          object: shape.objectKey,
          field: column.key,
          rows: state?.rows ?? 0,
          words: words.addReference(shape, column),
        },
        [{ kind: 'reference', table: shape.table, column: column.column, name, target: column.references }],
      ),
    ]
  })
}
