import Type from 'typebox'
import type { FieldDefinition } from '../../definition/object.ts'
import { RuleJson } from '../../definition/shared.ts'
import { isJsonObject, type Json, type JsonObject } from '../../json.ts'
import { withNullable } from '../../logic/rule-type.ts'
import type { RuleType } from '../../logic/types.ts'
import { defineFieldType, type FieldType } from '../field-type.ts'
import { orNull } from '../nullable.ts'
import { commonSettings, pick, wordsOf } from '../shared.ts'
import type { LinesSchema } from './rows.ts'

/**
 * A table inside a record. `x-lines` describes one row as an object's schema does; rows live in a child table that
 * keeps their order, and each carries its identity as `_id`. The field types of the columns come from the list, which
 * is handed in so that no file imports the list that imports it.
 */
export function defineLines(typeOf: (field: FieldDefinition) => FieldType) {
  const rowOf = (field: FieldDefinition): LinesSchema => {
    const rows = field['x-lines']
    return isJsonObject(rows) && isJsonObject(rows.properties)
      ? (rows as unknown as LinesSchema)
      : { properties: {} }
  }
  const eachCell = (
    row: Json,
    field: FieldDefinition,
    change: (value: Json, column: FieldDefinition) => Json,
  ): Json => {
    if (!isJsonObject(row)) return row
    const changed: JsonObject = {}
    for (const [key, value] of Object.entries(row)) {
      const column = Object.hasOwn(rowOf(field).properties, key) ? rowOf(field).properties[key] : undefined
      changed[key] = column ? change(value, column) : value
    }
    return changed
  }
  return defineFieldType({
    name: 'lines',
    title: { en: 'Lines', zh: '明细' },
    icon: 'table',
    settings: Type.Object({
      ...commonSettings,
      type: Type.Literal('array'),
      minItems: Type.Optional(Type.Integer({ minimum: 0, maximum: 5000 })),
      maxItems: Type.Optional(
        Type.Integer({ minimum: 1, maximum: 5000, description: 'Most rows; 500 when not said.' }),
      ),
      'x-lines': Type.Object(
        {
          properties: Type.Record(
            Type.String({ pattern: '^[a-z][a-z0-9_]{0,39}$' }),
            Type.Record(Type.String(), Type.Unknown()),
            { minProperties: 1, description: 'The columns, each a field like those of the object.' },
          ),
          required: Type.Optional(Type.Array(Type.String())),
          computed: Type.Optional(
            Type.Record(Type.String(), RuleJson, {
              description:
                'Columns whose cell is always the result of a rule over its own row; what is sent for them is replaced.',
            }),
          ),
        },
        { additionalProperties: false },
      ),
    }),
    base: { type: 'array', 'x-lines': { properties: {} } },
    validation: (field) => ({
      type: 'array',
      maxItems: 500,
      ...pick(field, 'minItems', 'maxItems'),
      items: {
        type: 'object',
        additionalProperties: false,
        properties: {
          _id: { type: 'string', format: 'uuid' },
          ...Object.fromEntries(
            Object.entries(rowOf(field).properties).map(([key, column]) => [
              key,
              rowOf(field).required?.includes(key)
                ? typeOf(column).validation(column)
                : orNull(typeOf(column).validation(column)),
            ]),
          ),
        },
        required: [...(rowOf(field).required ?? [])],
      },
    }),
    normalize: (value, field) =>
      Array.isArray(value)
        ? value.map((row) =>
            eachCell(row, field, (cell, column) => typeOf(column).normalize?.(cell, column) ?? cell),
          )
        : value,
    column: () => null,
    toColumn: () => null,
    fromColumn: (value) => (Array.isArray(value) ? (value as Json[]) : []),
    ruleType: (field) => {
      const fields = new Map<string, RuleType>()
      for (const [key, column] of Object.entries(rowOf(field).properties)) {
        fields.set(
          key,
          withNullable(typeOf(column).ruleType(column), !(rowOf(field).required?.includes(key) ?? false)),
        )
      }
      return { t: 'list', nullable: false, of: { t: 'obj', nullable: false, fields } }
    },
    filters: [],
    sortable: false,
    face: (field, locale) => ({
      schema: {
        type: 'array',
        ...wordsOf(field, locale),
        ...pick(field, 'minItems', 'maxItems'),
        items: {
          type: 'object',
          properties: Object.fromEntries(
            Object.entries(rowOf(field).properties).map(([key, column]) => [
              key,
              typeOf(column).face(column, locale).schema,
            ]),
          ),
          required: [...(rowOf(field).required ?? [])],
        },
      },
      uiSchema: {
        'ui:field': 'lines',
        items: Object.fromEntries(
          Object.entries(rowOf(field).properties).map(([key, column]) => [
            key,
            typeOf(column).face(column, locale).uiSchema,
          ]),
        ),
      },
    }),
    format: (value, _field, locale) => {
      const count = Array.isArray(value) ? value.length : 0
      return locale === 'zh' ? `${count} 行` : count === 1 ? '1 line' : `${count} lines`
    },
  })
}
