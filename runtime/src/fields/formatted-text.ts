import Type from 'typebox'
import { defineFieldType, type FieldType } from './field-type.ts'
import { asText, commonSettings, storedText, wordsOf } from './shared.ts'

/** A field of one line of text whose form is all that is asked of it: `format` is a name of `formats.ts`. */
export function defineFormattedText({
  format,
  ...kind
}: Pick<FieldType, 'name' | 'title' | 'icon'> & { readonly format: string }): FieldType {
  const schema = { type: 'string', format }
  return defineFieldType({
    ...kind,
    ...storedText,
    settings: Type.Object({
      ...commonSettings,
      type: Type.Literal('string'),
      format: Type.Optional(Type.Literal(format)),
    }),
    base: schema,
    validation: () => schema,
    column: () => ({ sql: 'text', collation: 'C' }),
    filters: ['==', '!=', 'contains', 'startsWith', 'exists', 'empty'],
    sortable: true,
    face: (field, locale) => ({
      schema: { ...schema, ...wordsOf(field, locale) },
      uiSchema: { 'ui:widget': kind.name },
    }),
    format: (value) => asText(value),
  })
}
