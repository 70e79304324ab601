import type { TSchema } from 'typebox'
import Format from 'typebox/format'
import { Settings } from 'typebox/system'
import { Value } from 'typebox/value'
import * as errors from '../errors/definitions.ts'
import { diagnose, fillText } from '../errors/diagnose.ts'
import { pointerToken, readViolations } from '../fields/describe-validation.ts'
import { formats } from '../fields/formats.ts'
import { suggest } from '../fields/suggest.ts'
import { isJsonObject } from '../json.ts'
import type { Diagnostic } from './diagnostic.ts'

// Definitions are checked on the server and, at each keystroke, in the builder, where no code may be compiled from
// text (`script-src 'self'`): the check interprets the meta-schema. `tests/contract/definitions.test.ts` holds it
// against ajv.
Settings.Set({ maxErrors: 200 })
for (const [name, format] of Object.entries(formats)) Format.Set(name, format.validate)

type ShapeError = ReturnType<typeof Value.Errors>[number]

/** What is wrong with a value by its schema: missing, unknown and bad settings, each with its pointer. */
export function checkShape(schema: TSchema, value: unknown, at = ''): Diagnostic[] {
  const found = Value.Errors(schema, value)
  const alternatives = found.filter((e) => e.keyword === 'anyOf').map((e) => `${e.schemaPath}/anyOf/`)
  return found
    .filter(
      (e) => e.keyword !== 'boolean' && !alternatives.some((prefix) => `${e.schemaPath}/`.startsWith(prefix)),
    )
    .flatMap((e) => tell(e, schema, at))
}

function tell(error: ShapeError, schema: TSchema, at: string): Diagnostic[] {
  const path = at + error.instancePath
  if (error.keyword === 'required') {
    return error.params.requiredProperties.map((name) => diagnose(errors.settingMissing, path, { name }))
  }
  if (error.keyword === 'additionalProperties') {
    const known = namesAt(schema, error.schemaPath)
    return error.params.additionalProperties.map((name) =>
      diagnose(errors.settingUnknown, `${path}/${pointerToken(name)}`, { name, ...suggest(name, known) }),
    )
  }
  if (error.keyword === 'anyOf') return [diagnose(errors.settingBad, path, { problem: '' })]
  // The rest reads as it does for records: "At most 200 characters are allowed."
  return readViolations([{ ...error, params: { ...error.params } }]).map((violation) => {
    const told = fillText(violation.error.message, violation.values)
    const problem = {
      en: told.en + detailOf(violation.values, 'en'),
      zh: told.zh + detailOf(violation.values, 'zh'),
    }
    return diagnose(errors.settingBad, path, { problem })
  })
}

function detailOf(values: Readonly<Record<string, unknown>>, locale: 'en' | 'zh'): string {
  if (typeof values.pattern === 'string')
    return locale === 'zh' ? `(${values.pattern})` : ` (${values.pattern})`
  if (typeof values.choices === 'string')
    return locale === 'zh' ? `可用:${values.choices}。` : ` Choose: ${values.choices}.`
  return ''
}

/** Names of the properties that the schema knows at `#/properties/steps/items`. */
function namesAt(schema: TSchema, pointer: string): string[] {
  let node: unknown = schema
  for (const token of pointer.split('/').slice(1)) {
    const name = token.replaceAll('~1', '/').replaceAll('~0', '~')
    node = Array.isArray(node)
      ? node[Number(name)]
      : isJsonObject(node) || typeof node === 'object'
        ? (node as Record<string, unknown> | null)?.[name]
        : undefined
  }
  return isJsonObject(node) && isJsonObject(node.properties) ? Object.keys(node.properties) : []
}
