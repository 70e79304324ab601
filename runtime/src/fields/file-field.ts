import Type, { type TSchema } from 'typebox'
import type { FieldDefinition } from '../definition/object.ts'
import type { Json } from '../json.ts'
import type { Text } from '../text.ts'
import { defineFieldType } from './field-type.ts'
import { commonSettings, pick, wordsOf } from './shared.ts'

/** Most files in one field where it says nothing. */
const usualMost = 20

const MediaType = Type.String({
  pattern: '^[a-z0-9.+-]+/([a-z0-9.+-]+|\\*)$',
  maxLength: 120,
  description: 'A media type: application/pdf; image/* names all images.',
})

export interface FileFieldKind {
  readonly name: string
  readonly title: Text
  readonly icon: string
  /** What may stand in `x-accept`. */
  readonly accepts?: TSchema
}

/**
 * Fields that hold files: a list of ids of what was sent to `POST …/files`, in the order in which it is shown. Names and
 * kinds are the server's to tell; who sees the record and the field sees the files.
 */
export function defineFileField({ name, title, icon, accepts = MediaType }: FileFieldKind) {
  return defineFieldType({
    name,
    title,
    icon,
    settings: Type.Object({
      ...commonSettings,
      type: Type.Literal('array'),
      uniqueItems: Type.Literal(true),
      items: Type.Object(
        { type: Type.Literal('string'), format: Type.Literal('uuid') },
        { additionalProperties: false },
      ),
      minItems: Type.Optional(Type.Integer({ minimum: 0, maximum: 100, description: 'Least files.' })),
      maxItems: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, description: 'Most files.' })),
      'x-accept': Type.Optional(
        Type.Array(accepts, { minItems: 1, maxItems: 30, description: 'Which kinds of file are taken.' }),
      ),
      'x-max-size': Type.Optional(
        Type.Integer({ minimum: 1, maximum: 10_000, description: 'Largest file, in MB.' }),
      ),
    }),
    base: { type: 'array', uniqueItems: true, items: { type: 'string', format: 'uuid' } },
    validation: (field) => ({
      type: 'array',
      uniqueItems: true,
      maxItems: usualMost,
      items: { type: 'string', format: 'uuid' },
      ...pick(field, 'minItems', 'maxItems'),
    }),
    normalize: (value) =>
      Array.isArray(value) ? value.map((id) => (typeof id === 'string' ? id.toLowerCase() : id)) : value,
    column: () => ({ sql: 'uuid[]' }),
    toColumn: (value) => (Array.isArray(value) ? value : null),
    fromColumn: (value) => (Array.isArray(value) ? value.map(String) : null),
    // Rules count files and ask whether there are any; what is in them no rule reads.
    ruleType: () => ({ t: 'list', nullable: false, of: { t: 'ref', nullable: false, object: 'cw_file' } }),
    filters: ['exists', 'empty'],
    sortable: false,
    face: (field, locale) => ({
      schema: {
        type: 'array',
        uniqueItems: true,
        ...wordsOf(field, locale),
        items: { type: 'string' },
        ...pick(field, 'minItems', 'maxItems'),
      },
      uiSchema: { 'ui:widget': name },
    }),
    format: (value, _field, locale, titles) =>
      Array.isArray(value) ? value.map((id) => nameOf(id, titles)).join(locale === 'zh' ? '、' : ', ') : '',
  })
}

function nameOf(id: Json, titles: Readonly<Record<string, string>> = {}): string {
  return titles[String(id)] ?? String(id)
}

/** How many files the field takes. */
export function mostFiles(field: FieldDefinition): number {
  return typeof field.maxItems === 'number' ? field.maxItems : usualMost
}
