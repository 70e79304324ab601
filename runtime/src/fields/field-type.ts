import type { TSchema } from 'typebox'
import type { Json, JsonObject } from '../json.ts'
import type { RuleType } from '../logic/types.ts'
import type { FieldDefinition } from '../definition/object.ts'
import type { Locale, Text } from '../text.ts'

/** A typed column of Postgres, as the planner of table changes sees it. */
export interface ColumnType {
  /** As Postgres prints it with `format_type`: `numeric(20,2)`, `text`, `daterange`. */
  readonly sql: string
  /** How two values are compared in unique and exclusion constraints; default the type's own. */
  readonly collation?: 'C'
}

/** What a form shows for a field, before theming. */
export interface FieldFace {
  /** JSON Schema for validation and rjsf, without our `x-` settings where the theme does not need them. */
  readonly schema: JsonObject
  readonly uiSchema: JsonObject
}

/** A comparison a list can offer on a column; each is a PL-1 operator applied to the field. */
export type FilterOperator =
  | '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'contains' | 'startsWith' | 'exists' | 'empty' | 'between'

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
  /** What is wrong with one property of this type beyond its settings' schema. */
  check?(field: FieldDefinition): { path: string; code: string; message: Text; hint: Text }[]
  /** JSON Schema (2020-12, ajv) that a stored value must meet. */
  validation(field: FieldDefinition): JsonObject
  /** null: stored elsewhere (a child table, a computed value). */
  column(field: FieldDefinition): ColumnType | null
  /** From the API's JSON to what pg binds, and back. Exact numbers stay strings on both sides. */
  toColumn(value: Json, field: FieldDefinition): unknown
  fromColumn(value: unknown, field: FieldDefinition): Json
  /** Its type in rules. */
  ruleType(field: FieldDefinition): RuleType
  readonly filters: readonly FilterOperator[]
  readonly sortable: boolean
  face(field: FieldDefinition, locale: Locale): FieldFace
  /** The value as a person reads it. References and users show `titles` that came with the record. */
  format(value: Json, field: FieldDefinition, locale: Locale, titles?: Readonly<Record<string, string>>): string
  /** Fixed by the platform on insert (a sequence number); never taken from input. */
  readonly generated?: boolean
}

export function defineFieldType<S extends TSchema>(type: FieldType<S>): FieldType<S> {
  return type
}
