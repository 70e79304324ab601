import type { TSchema } from 'typebox'
import type { Diagnostic } from '../definition/diagnostic.ts'
import type { FieldDefinition } from '../definition/object.ts'
import type { Json, JsonObject } from '../json.ts'
import type { RuleType } from '../logic/types.ts'
import type { Locale, Text } from '../text.ts'

/** A typed column of Postgres, as the planner of table changes sees it. */
export interface ColumnType {
  /** As Postgres prints it with `format_type`: `numeric(20,2)`, `text`, `daterange`. */
  readonly sql: string
  /** How two values are compared in unique and exclusion constraints; default the type's own. */
  readonly collation?: 'C'
}

/**
 * What a form shows for a field, before theming. Where rjsf's own widget does not do, `ui:widget` (scalars) or
 * `ui:field` (objects and lists: period, lines) is the field type's name, and what it needs to know is in
 * `ui:options`; `runtime/react` registers one face for each such name.
 */
export interface FieldFace {
  /** JSON Schema for validation and rjsf, titles in the reader's language, without our `x-` settings. */
  readonly schema: JsonObject
  readonly uiSchema: JsonObject
}

/** A comparison a list can offer on a column; each is a PL-1 operator applied to the field. */
export type FilterOperator =
  | '=='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | 'in'
  | 'contains'
  | 'startsWith'
  | 'exists'
  | 'empty'
  | 'between'

/** What a group of records can tell of a field; each is exact. */
export type MeasureKind = 'sum' | 'avg' | 'min' | 'max'

/**
 * Everything the platform knows of one field type, in one folder. The list is `fields/index.ts`; palette, settings
 * form, column, filters, validation and API come from it. The browser face (`widget.tsx`, `cell.tsx`), where the
 * theme's own does not do, lies beside it and is gathered by runtime/react.
 */
export interface FieldType<Settings extends TSchema = TSchema> {
  /** The value of `x-field`. */
  readonly name: string
  readonly title: Text
  readonly icon: string
  /** JSON Schema of what may stand beside `x-field`, `x-id`, `title`, `x-title`, … in a property. */
  readonly settings: Settings
  /** A fresh property for the designer: JSON Schema keywords that this type always carries. */
  readonly base: JsonObject
  /** What is wrong with one property of this type beyond its settings' schema; pointers into the property. */
  check?(field: FieldDefinition): Diagnostic[]
  /** JSON Schema (2020-12, ajv) that a stored value must meet. */
  validation(field: FieldDefinition): JsonObject
  /** null: stored elsewhere (a child table, a computed value). */
  column(field: FieldDefinition): ColumnType | null
  /**
   * The one form in which a valid value is kept, so that equal values are equal texts: NFC, decimals at the scale
   * of the field. Runs after `validation` and before rules. Default: the value as it is.
   */
  normalize?(value: Json, field: FieldDefinition): Json
  /** From the API's JSON to what pg binds, and back. Exact numbers stay strings on both sides. */
  toColumn(value: Json, field: FieldDefinition): unknown
  fromColumn(value: unknown, field: FieldDefinition): Json
  /** Its type in rules. */
  ruleType(field: FieldDefinition): RuleType
  readonly filters: readonly FilterOperator[]
  readonly sortable: boolean
  /** What lists that are summed up can tell of it; default nothing. */
  readonly measures?: readonly MeasureKind[]
  face(field: FieldDefinition, locale: Locale): FieldFace
  /**
   * The value as a person reads it. References and users show `titles` that came with the record; instants are shown
   * in `timeZone` (an IANA name, default UTC).
   */
  format(
    value: Json,
    field: FieldDefinition,
    locale: Locale,
    titles?: Readonly<Record<string, string>>,
    timeZone?: string,
  ): string
  /** Fixed by the platform on insert (a sequence number); never taken from input. */
  readonly generated?: boolean
}

export function defineFieldType<S extends TSchema>(type: FieldType<S>): FieldType<S> {
  return type
}
