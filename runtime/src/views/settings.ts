import Type from 'typebox'
import { Key, OrderKey, TextSchema, XId } from '../definition/shared.ts'

/** Settings that several view types share. */

export const SectionsSchema = Type.Array(
  Type.Object(
    {
      'x-id': XId,
      'x-order': Type.Optional(OrderKey),
      title: Type.Optional(TextSchema),
      rows: Type.Array(Type.Array(Key, { minItems: 1, maxItems: 4 }), {
        description: 'Fields side by side at desk width, one below the other on a phone.',
      }),
    },
    { additionalProperties: false },
  ),
  { minItems: 1 },
)
