import { expect, it } from 'vitest'
import { describeValidation } from '../../src/fields/describe-validation.ts'
import { createValidator } from '../../src/fields/validator.ts'
import type { Json, JsonObject } from '../../src/json.ts'
import { createInterpretingCheck } from './interpreting-validator.ts'

const schema: JsonObject = {
  type: 'object',
  additionalProperties: false,
  properties: {
    name: { type: ['string', 'null'], minLength: 2, maxLength: 5 },
    amount: { type: 'string', format: 'decimal', formatMinimum: '0.01', formatMaximum: '100' },
    day: { type: 'string', format: 'date' },
    given: false,
    kind: { type: 'string', enum: ['a', 'b'] },
    count: { type: 'integer', minimum: 1 },
    rows: {
      type: 'array',
      maxItems: 1,
      items: { type: 'object', properties: { qty: { type: 'integer' } }, required: ['qty'] },
    },
  },
  required: ['name'],
}

const values: JsonObject[] = [
  { name: 'ok', amount: '1.50', day: '2026-03-05', kind: 'a', count: 1, rows: [{ qty: 1 }] },
  {},
  { name: 'x' },
  { name: 'too long' },
  { name: 'ok', amount: '0.00' },
  { name: 'ok', amount: '1000000000000000000000.5' },
  { name: 'ok', day: '2026-02-30' },
  { name: 'ok', kind: 'c' },
  { name: 'ok', count: 0 },
  { name: 'ok', rows: [{}, { qty: 'x' }] },
  { name: 'ok', other: 1 },
  { name: 'ok', given: 'x' },
]

it.each(values.map((value) => [JSON.stringify(value), value] as const))(
  'says the same as the compiled check of %s',
  (_, value) => {
    const compiled = createValidator().compile(schema)
    compiled(value)
    const told = (errors: ReturnType<typeof describeValidation>) =>
      errors.map((error) => `${error.path} ${error.code}`).sort()
    expect(told(describeValidation([...createInterpretingCheck(schema)(value as Json)]))).toEqual(
      told(describeValidation(compiled.errors ?? [])),
    )
  },
)
