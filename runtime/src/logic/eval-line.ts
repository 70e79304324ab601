import jsonLogic from 'json-logic-js'
import type { ErrorCode } from '../errors/create-error.ts'
import {
  ruleDate,
  ruleDivisionByZero,
  ruleInput,
  ruleLine,
  ruleOutOfRange,
  ruleRunLimit,
} from '../errors/logic.ts'
import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import { formatText, type Locale } from '../text.ts'
import { checkRule } from './check.ts'
import { decimalFromNumber, equalDecimals } from './decimal.ts'
import { compileRule } from './evaluate.ts'
import { explainTrace } from './explain.ts'
import { inferRuleType, ruleTypeFromJsonSchema, scopeFromType } from './schema-type.ts'
import { compileTrace } from './trace.ts'
import type { RuleType } from './types.ts'
import type { RuleResult } from './value.ts'

/** What a rule can end with when it runs. */
const runErrors: readonly ErrorCode[] = [
  ruleOutOfRange,
  ruleDivisionByZero,
  ruleInput,
  ruleDate,
  ruleRunLimit,
]

export interface EvalOptions {
  /** `json-logic-js` runs the reference beside us, with its own coercions and floats. */
  readonly engine?: 'js' | 'json-logic-js'
  /** Adds the steps, as data and as sentences. */
  readonly trace?: boolean
  readonly locale?: Locale
}

/**
 * One line of `cw rule eval`: `{"rule": …, "data": …, "schema": …?}` in, one line out: `{"result": …}` or
 * `{"error": {"code", "path", "message"}}`. Without a schema the data's own shape is the schema, and decimals come
 * back as JSON numbers where 15 digits hold them; with one they come back as text. Never throws.
 */
export function evalLine(line: string, options: EvalOptions = {}): string {
  return JSON.stringify(evaluate(line, options))
}

function evaluate(line: string, options: EvalOptions): JsonObject {
  const locale = options.locale ?? 'en'
  let input: Json
  try {
    input = JSON.parse(line) as Json
  } catch {
    return errorOf(ruleLine, '', {}, locale)
  }
  if (!isJsonObject(input) || !Object.hasOwn(input, 'rule')) return errorOf(ruleLine, '', {}, locale)
  const { rule = null, data = null, schema } = input
  if (options.engine === 'json-logic-js') return applyReference(rule, data)
  const type = schema === undefined ? inferRuleType(data) : ruleTypeFromJsonSchema(schema)
  const checked = checkRule(rule, scopeFromType(type, {}, schema === undefined ? data : undefined))
  if (!checked.rule) {
    const found = checked.diagnostics.find((d) => d.severity === 'error')
    return {
      error: { code: found?.code ?? 'T2', path: found?.path ?? '', message: found?.message[locale] ?? '' },
    }
  }
  const trace = options.trace ? compileTrace(checked.rule)(data) : null
  const result = trace?.result ?? compileRule(checked.rule)(data)
  return {
    ...resultOf(result, checked.rule.type, schema === undefined, locale),
    ...(trace ? { trace: trace.root as unknown as Json, steps: explainTrace(trace, locale) } : {}),
  }
}

function applyReference(rule: Json, data: Json): JsonObject {
  try {
    const value: unknown = jsonLogic.apply(rule as Parameters<typeof jsonLogic.apply>[0], data)
    return { result: (value ?? null) as Json }
  } catch (error) {
    return {
      error: {
        code: 'json-logic-js',
        path: '',
        message: error instanceof Error ? error.message : String(error),
      },
    }
  }
}

function resultOf(result: RuleResult, type: RuleType, numbers: boolean, locale: Locale): JsonObject {
  if (result.ok) return { result: numbers ? withNumbers(result.value, type) : result.value }
  const { code, path, values } = result.error
  return errorOf(runErrors.find((error) => error.code === code) ?? ruleLine, path, values, locale)
}

function errorOf(
  error: ErrorCode,
  path: string,
  values: JsonObject | Readonly<Record<string, Json>>,
  locale: Locale,
): JsonObject {
  return { error: { code: error.code, path, message: formatText(error.message, locale, values) } }
}

/** Decimal texts as JSON numbers wherever the number says exactly the same. */
function withNumbers(value: Json, type: RuleType): Json {
  if (Array.isArray(value) && type.t === 'list') return value.map((item) => withNumbers(item, type.of))
  if (type.t !== 'dec' || typeof value !== 'string') return value
  const number = Number(value)
  const exact = decimalFromNumber(number)
  return exact && equalDecimals(exact, value) ? number : value
}
