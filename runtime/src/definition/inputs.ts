import Type, { type Static } from 'typebox'
import { FieldSchema } from './object.ts'
import { Key } from './shared.ts'

/**
 * Named values that are handed over, as a JSON Schema of an object: to a named rule, to a flow that another one starts,
 * with a message from outside, with an event.
 */
export const InputsSchema = Type.Object(
  {
    type: Type.Literal('object'),
    properties: Type.Record(Key, Type.Union([FieldSchema, Type.Record(Type.String(), Type.Unknown())])),
    required: Type.Optional(Type.Array(Key)),
  },
  { additionalProperties: true },
)
export type Inputs = Static<typeof InputsSchema>
