import { Ajv2020, type AnySchema, type CodeOptions, type ValidateFunction } from 'ajv/dist/2020.js'
import { formatLimitDefinition } from 'ajv-formats/dist/limit.js'
import type { ErrorDetail } from '../errors/create-error.ts'
import type { Json } from '../json.ts'
import { describeValidation } from './describe-validation.ts'
import { formats } from './formats.ts'
import { compilePattern } from './pattern.ts'

/** Annotations that may stand in schemas and mean nothing to validation. */
const annotations = [
  'x-currency',
  'x-description',
  'x-examples',
  'x-field',
  'x-id',
  'x-lines',
  'x-object',
  'x-order',
  'x-pattern',
  'x-pick',
  'x-precision',
  'x-retired',
  'x-role',
  'x-scale',
  'x-title',
  'x-unit',
  'x-words',
]

/** As ajv uses a pattern; the text tells it from others. */
interface RegExpLike {
  test(text: string): boolean
  toString(): string
}

/**
 * The one way to make an ajv: JSON Schema 2020-12, the platform's formats with `formatMinimum` and its kin, `$data`,
 * patterns in linear time, every error reported. It compiles with `new Function`, so it serves the server and tests;
 * browsers get standalone code, for which `code` says how it is written. Only where nobody but us writes the patterns
 * may another engine `compile` them.
 */
export function createValidator(
  code: Omit<CodeOptions, 'regExp'> = {},
  compile: (pattern: string) => RegExpLike = compileNamed,
): Ajv2020 {
  const ajv = new Ajv2020({
    allErrors: true,
    verbose: true,
    $data: true,
    strict: true,
    strictTypes: false,
    strictRequired: false,
    strictTuples: false,
    allowUnionTypes: true,
    validateSchema: false,
    code: {
      ...code,
      regExp: Object.assign((pattern: string) => compile(pattern), { code: 'compilePattern' }),
    },
  })
  for (const [name, format] of Object.entries(formats)) ajv.addFormat(name, { type: 'string', ...format })
  ajv.addKeyword(formatLimitDefinition)
  ajv.addVocabulary(annotations)
  return ajv
}

/** ajv tells patterns of one instance apart by their text: two objects without a text of their own would be one. */
function compileNamed(pattern: string): RegExpLike {
  const compiled = compilePattern(pattern)
  return { test: (text: string) => compiled.test(text), toString: () => `/${pattern}/` }
}

/** Compiles a schema to a function that answers with what is wrong, readable in both languages; [] when all is well. */
export function compileCheck(ajv: Ajv2020, schema: AnySchema): (value: Json) => ErrorDetail[] {
  const validate: ValidateFunction = ajv.compile(schema)
  return (value) => (validate(value) ? [] : describeValidation(validate.errors ?? []))
}
