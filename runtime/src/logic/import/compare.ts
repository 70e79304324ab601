import jsonLogic from 'json-logic-js'
import { isJsonObject, type Json } from '../../json.ts'
import { decimalFromNumber, equalDecimals, parseDecimal } from '../decimal.ts'
import type { RuleType } from '../types.ts'
import type { RuleResult } from '../value.ts'

/** Where the rule gives another value here than json-logic-js gave. */
export interface RuleDifference {
  /** Which of the samples. */
  readonly sample: number
  readonly data: Json
  readonly ours: RuleResult
  /** What json-logic-js gives for the rule as it was pasted. */
  readonly theirs:
    | { readonly ok: true; readonly value: Json }
    | { readonly ok: false; readonly message: string }
  /** `rounding`: the same but for the rounding of floating-point numbers. */
  readonly kind: 'value' | 'rounding' | 'error'
}

/** How json-logic-js answers; `NaN` and the infinities as their names, since JSON has none. */
export function applyReference(rule: Json, data: Json): RuleDifference['theirs'] {
  try {
    const value: unknown = jsonLogic.apply(rule as Parameters<typeof jsonLogic.apply>[0], data)
    return { ok: true, value: asJson(value) }
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) }
  }
}

function asJson(value: unknown): Json {
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (Array.isArray(value)) return value.map(asJson)
  if (typeof value === 'function') return '[function]'
  if (isJsonObject(value))
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, asJson(one)]))
  return value === undefined ? null : (value as Json)
}

/** The difference between two answers, or null. */
export function compareAnswers(
  sample: number,
  data: Json,
  type: RuleType,
  ours: RuleResult,
  theirs: RuleDifference['theirs'],
): RuleDifference | null {
  if (!ours.ok || !theirs.ok)
    return !ours.ok && !theirs.ok ? null : { sample, data, ours, theirs, kind: 'error' }
  const near = nearness(ours.value, theirs.value, type)
  return near === 'same' ? null : { sample, data, ours, theirs, kind: near }
}

function nearness(ours: Json, theirs: Json, type: RuleType): 'same' | 'rounding' | 'value' {
  if (Array.isArray(ours) && Array.isArray(theirs) && type.t === 'list') {
    if (ours.length !== theirs.length) return 'value'
    const each = ours.map((one, i) => nearness(one, theirs[i] ?? null, type.of))
    return each.includes('value') ? 'value' : each.includes('rounding') ? 'rounding' : 'same'
  }
  const exact = type.t === 'dec' || type.t === 'int' ? toDecimal(ours) : null
  if (exact && typeof theirs === 'number') {
    const other = decimalFromNumber(theirs)
    if (other && equalDecimals(exact, other)) return 'same'
    return Math.abs(Number(ours) - theirs) <= Math.max(1e-9, Math.abs(theirs) * 1e-12) ? 'rounding' : 'value'
  }
  return JSON.stringify(ours) === JSON.stringify(theirs) ? 'same' : 'value'
}

function toDecimal(value: Json) {
  return typeof value === 'number'
    ? decimalFromNumber(value)
    : typeof value === 'string'
      ? parseDecimal(value)
      : null
}

/** Records hold exact numbers as text; json-logic-js is given the numbers that such data would have been elsewhere. */
export function looseData(value: Json, type: RuleType | undefined): Json {
  if (value === null || !type) return value
  if ((type.t === 'dec' || type.t === 'int') && typeof value === 'string') return Number(value)
  if (type.t === 'list' && Array.isArray(value)) return value.map((one) => looseData(one, type.of))
  if (type.t === 'obj' && isJsonObject(value))
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) => [key, looseData(one, type.fields.get(key))]),
    )
  return value
}
