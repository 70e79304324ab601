import type { Diagnostic } from '../definition/diagnostic.ts'
import type { ErrorCode } from '../errors/create-error.ts'
import { diagnose } from '../errors/diagnose.ts'
import {
  ruleDate,
  ruleDivisionByZero,
  ruleEngines,
  ruleInput,
  ruleLine,
  ruleOutOfRange,
  ruleRunLimit,
  ruleShape,
} from '../errors/logic.ts'
import { ruleLookupMissing, ruleSplitWeights, ruleTableConflict } from '../errors/tables.ts'
import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import { formatText, type Locale } from '../text.ts'
import { type CheckedRule, checkRule } from './check.ts'
import { decimalFromNumber, equalDecimals } from './decimal.ts'
import { inferRuleType, ruleTypeFromJsonSchema, scopeFromType } from './schema-type.ts'
import type { RuleLevel, RuleScope, RuleType } from './types.ts'
import type { RuleResult } from './value.ts'

/** What a rule can end with when it runs. */
const runErrors: readonly ErrorCode[] = [
  ruleOutOfRange,
  ruleDivisionByZero,
  ruleInput,
  ruleDate,
  ruleRunLimit,
  ruleTableConflict,
  ruleSplitWeights,
  ruleLookupMissing,
  ruleEngines,
]

/** One line as it was read. */
export interface RuleLine {
  readonly rule: Json
  readonly data: Json
  /** The whole line. */
  readonly fields: JsonObject
  readonly scope: RuleScope
  readonly checked: CheckedRule
  /** Lines of one key have the same rule over data of the same shape: what was made for one serves the others. */
  readonly key: string
  /** Without a schema decimals come back as JSON numbers where 15 digits hold them. */
  readonly numbers: boolean
}

/** Checked rules that are kept: most streams ask the same few things of many records. */
const kept = 500

/**
 * Reads lines of `{"rule": …, "data": …, "schema": …?}`. Without a schema the data's own shape is the schema. Rules are
 * checked once for each shape of data.
 */
export class LineReader {
  private readonly known = new Map<string, Pick<RuleLine, 'checked' | 'scope'>>()
  constructor(private readonly level: RuleLevel = 'F') {}

  /** The line, or what is wrong with it. Never throws. */
  read(text: string): RuleLine | Diagnostic {
    let fields: Json
    try {
      fields = JSON.parse(text) as Json
    } catch {
      return diagnose(ruleLine, '')
    }
    if (!isJsonObject(fields) || !Object.hasOwn(fields, 'rule')) return diagnose(ruleLine, '')
    try {
      return this.prepare(fields)
    } catch (thrown) {
      // Data nested by the thousand: no field of any record is.
      if (!(thrown instanceof RangeError)) throw thrown
      return diagnose(ruleRunLimit, '', {
        what: 'the depth of the data',
        what_zh: '数据的嵌套深度',
        limit: 1_000,
      })
    }
  }

  private prepare(fields: JsonObject): RuleLine {
    const { rule = null, data = null, schema } = fields
    const shape = schema === undefined ? shapeOf(data) : JSON.stringify(schema)
    const key = `${JSON.stringify(rule)} ${schema === undefined ? 'd' : 's'} ${shape}`
    let found = this.known.get(key)
    if (!found) {
      const type = schema === undefined ? inferRuleType(data) : ruleTypeFromJsonSchema(schema)
      const scope = scopeFromType(type, {}, schema === undefined ? data : undefined)
      found = { scope, checked: checkRule(rule, scope, { level: this.level }) }
      if (this.known.size >= kept) this.known.delete(this.known.keys().next().value!)
      // Keys of megabytes would be kept for nothing.
      if (key.length < 100_000) this.known.set(key, found)
    }
    return { rule, data, fields, key, numbers: schema === undefined, ...found }
  }
}

/** All that a rule over plain JSON is typed by: two values of one text are interchangeable as its schema. */
function shapeOf(value: Json): string {
  if (value === null) return 'n'
  if (typeof value === 'boolean') return 'b'
  if (typeof value === 'string') return 's'
  if (typeof value === 'number') {
    const number = decimalFromNumber(value)
    return number ? `d${number.scale}` : '?'
  }
  if (Array.isArray(value)) return `[${value.map(shapeOf).join()}]`
  return `{${Object.entries(value)
    .map(([key, one]) => `${JSON.stringify(key)}:${shapeOf(one)}`)
    .join()}}`
}

export function isProblem(line: RuleLine | Diagnostic): line is Diagnostic {
  return 'severity' in line
}

/** `{"error": {"code", "path", "message"}}` for what the checker, or the line itself, is refused for. */
export function problemAnswer(
  { code, path, message }: Pick<Diagnostic, 'code' | 'path' | 'message'>,
  locale: Locale,
): JsonObject {
  return { error: { code, path, message: message[locale] } }
}

/** The first error of the checker; for rules that it refused. */
export function refusalAnswer(checked: CheckedRule, locale: Locale): JsonObject {
  const found = checked.diagnostics.find((one) => one.severity === 'error')
  return problemAnswer(found ?? diagnose(ruleShape, '', { count: 0 }), locale)
}

export function resultAnswer(
  result: RuleResult,
  type: RuleType,
  numbers: boolean,
  locale: Locale,
): JsonObject {
  if (result.ok) return { result: numbers ? withNumbers(result.value, type) : result.value }
  const { code, path, values } = result.error
  const error = runErrors.find((one) => one.code === code) ?? ruleLine
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
