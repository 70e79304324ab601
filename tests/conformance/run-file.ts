import { isJsonObject, type Json } from '@channelwright/runtime/json.ts'
import { checkRule } from '@channelwright/runtime/logic/check.ts'
import { decimalFromNumber, equalDecimals, parseDecimal } from '@channelwright/runtime/logic/decimal.ts'
import { compileRule } from '@channelwright/runtime/logic/evaluate.ts'
import { inferRuleType, scopeFromType } from '@channelwright/runtime/logic/schema-type.ts'

/** One case of a public suite. */
export interface PublicCase {
  readonly rule: Json
  readonly data: Json
  /** Absent where the suite expects an error. */
  readonly result?: Json
}

export type Verdict =
  | { readonly verdict: 'equal' }
  /** By the checker (`T…`) or while running (`E_…`). */
  | { readonly verdict: 'refused'; readonly code: string; readonly why: string }
  | { readonly verdict: 'wrong'; readonly got: Json }

/**
 * The cases of a file in the public formats: an array of `[rule, data, expected]` and comments (jsonlogic.com), or of
 * `{rule, data, result | error}` objects and comments (compat-tables).
 */
export function readCases(json: Json): PublicCase[] {
  if (!Array.isArray(json)) throw new TypeError('a suite is an array of cases')
  return json.flatMap((entry): PublicCase[] => {
    if (Array.isArray(entry) && entry.length >= 2)
      return [{ rule: entry[0]!, data: entry[1]!, result: entry[2] ?? null }]
    if (!isJsonObject(entry) || !Object.hasOwn(entry, 'rule')) return []
    const { rule = null, data = null } = entry
    return Object.hasOwn(entry, 'error') || !Object.hasOwn(entry, 'result')
      ? [{ rule, data }]
      : [{ rule, data, result: entry.result ?? null }]
  })
}

/** Runs one case with the schema that its data shows. */
export function runCase({ rule, data, result }: PublicCase): Verdict {
  const checked = checkRule(rule, scopeFromType(inferRuleType(data), {}, data))
  if (!checked.rule) {
    const found = checked.diagnostics.find((d) => d.severity === 'error')
    return { verdict: 'refused', code: found?.code ?? '?', why: found?.message.en ?? '' }
  }
  const got = compileRule(checked.rule)(data)
  if (!got.ok) return { verdict: 'refused', code: got.error.code, why: JSON.stringify(got.error.values) }
  if (result === undefined) return { verdict: 'wrong', got: got.value }
  return isSame(got.value, result, checked.rule.type.t === 'dec')
    ? { verdict: 'equal' }
    : { verdict: 'wrong', got: got.value }
}

/** Equal JSON; exact decimals (text on our side) equal the number of the suite up to what a double can say. */
function isSame(got: Json, wanted: Json, decimal: boolean): boolean {
  if (decimal && typeof got === 'string' && typeof wanted === 'number') {
    const exact = decimalFromNumber(wanted)
    if (exact && parseDecimal(got) && equalDecimals(exact, got)) return true
    // A double of 17 digits is the suite's rounding of the value that we give exactly (or to ten places).
    return Math.abs(Number(got) - wanted) <= Math.max(1e-10, Math.abs(wanted) * 1e-14)
  }
  if (Array.isArray(got) && Array.isArray(wanted)) {
    return (
      got.length === wanted.length &&
      got.every((item, i) => isSame(item, wanted[i]!, typeof wanted[i] === 'number'))
    )
  }
  return JSON.stringify(got) === JSON.stringify(wanted)
}
