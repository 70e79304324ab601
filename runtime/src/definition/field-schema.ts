import Type, { type Static } from 'typebox'
import { OrderKey, XId } from './shared.ts'

/**
 * One property of an object's schema: plain JSON Schema plus `x-field`, the field type, and its settings.
 * The settings allowed beside `x-field` are those of the field type (`fields/<type>/field.ts`).
 */
export const FieldSchema = Type.Object(
  {
    'x-field': Type.String({ description: 'The field type.' }),
    'x-id': XId,
    title: Type.String({ minLength: 1, maxLength: 200, description: 'Label in English.' }),
    'x-title': Type.Object(
      { zh: Type.String({ minLength: 1, maxLength: 200 }) },
      { additionalProperties: false, description: 'Label in the other languages.' },
    ),
    description: Type.Optional(Type.String({ maxLength: 2000, description: 'Help below the field.' })),
    'x-description': Type.Optional(Type.Object({ zh: Type.String() }, { additionalProperties: false })),
    'x-order': Type.Optional(OrderKey),
  },
  { additionalProperties: true },
)
export type FieldDefinition = Static<typeof FieldSchema> & Record<string, unknown>
