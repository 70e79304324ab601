import type { caseMatchers } from '@channelwright/runtime/definition/case-shared.ts'
import { isJsonObject, type Json } from '@channelwright/runtime/json.ts'
import { equalDecimals, parseDecimal } from '@channelwright/runtime/logic/decimal.ts'

/**
 * Whether what was found is what was expected. Exact numbers are the same whatever zeros end them, instants whatever
 * offset they are written with; of an object only the expected keys are compared, and an absent one is null; lists are
 * compared item by item.
 */
export function matches(wanted: Json, found: Json | undefined): boolean {
  const actual = found ?? null
  if (Array.isArray(wanted)) {
    return (
      Array.isArray(actual) &&
      actual.length === wanted.length &&
      wanted.every((item, at) => matches(item, actual[at]))
    )
  }
  if (isJsonObject(wanted)) {
    const [only, ...more] = Object.entries(wanted)
    if (only && more.length === 0 && Object.hasOwn(matchers, only[0]))
      return matchers[only[0] as keyof typeof matchers](only[1], actual)
    return isJsonObject(actual) && Object.entries(wanted).every(([key, value]) => matches(value, actual[key]))
  }
  if (typeof wanted !== 'string') return equalScalars(wanted, actual)
  // A column of numbers reads as text where digits would be lost, else as a number.
  const text = typeof actual === 'number' ? String(actual) : actual
  if (typeof text !== 'string') return false
  if (parseDecimal(wanted) && parseDecimal(text)) return equalDecimals(wanted, text)
  if (instant.test(wanted) && instant.test(text)) return Date.parse(wanted) === Date.parse(text)
  return wanted === text
}

function equalScalars(wanted: Json, actual: Json): boolean {
  if (typeof wanted === 'number' && typeof actual === 'string' && parseDecimal(actual))
    return equalDecimals(String(wanted), actual)
  return wanted === actual
}

const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/

const matchers: Readonly<Record<(typeof caseMatchers)[number], (wanted: Json, actual: Json) => boolean>> = {
  $any: (wanted, actual) => (actual !== null) === (wanted !== false),
  $contains: (wanted, actual) =>
    (typeof actual === 'string' ? actual : JSON.stringify(actual)).includes(String(wanted)),
  $count: (wanted, actual) => Array.isArray(actual) && actual.length === wanted,
  $some: (wanted, actual) => Array.isArray(actual) && actual.some((item) => matches(wanted, item)),
  $none: (wanted, actual) => Array.isArray(actual) && !actual.some((item) => matches(wanted, item)),
}
