import { isJsonObject, type Json, type JsonObject } from '../../json.ts'
import type { Locale } from '../../text.ts'
import { isDate } from '../calendar.ts'
import { checkLimits } from '../limits.ts'
import { findOperator } from '../operators/index.ts'
import { anyFields, type FormulaFields, type NameSight } from './fields.ts'
import { plainNumber, writePercent } from './numbers.ts'
import { plainName, writePath } from './paths.ts'
import {
  boundPlaces,
  comparisonBinding,
  entryWord,
  infixOf,
  literalFunctions,
  prefixBinding,
  readWord,
  takesBareNames,
  wholeBinding,
  writeConstant,
  writeFunction,
} from './spelling.ts'

export interface WriteOptions {
  readonly fields?: FormulaFields
  readonly locale?: Locale
  /** How fields are named; default by their titles, where each names one field only. */
  readonly names?: 'titles' | 'keys'
}

/** A piece of text and how tightly it holds together. */
interface Written {
  readonly text: string
  readonly binds: number
  /** The JSON name of the operator, where the text is a chain of it. */
  readonly chain?: string
}

/**
 * JSON-logic as a formula: what `readFormula` reads back as the same rule. Lone operands come back in an array,
 * `{"!": x}` as `{"!": [x]}`. Null for what is past the limits of rules.
 */
export function writeFormula(rule: Json, options: WriteOptions = {}): string | null {
  // Objects of several keys are no rules, but data of operators that take some: only the size matters here.
  if (checkLimits(rule, '').some((one) => one.code === 'T10_LIMIT')) return null
  const writer = new Writer(options.locale ?? 'en', options.names ?? 'titles')
  return writer.rule(rule, {
    fields: options.fields ?? anyFields,
    locale: options.locale ?? 'en',
    bound: new Map(),
  }).text
}

const whole = (text: string): Written => ({ text, binds: wholeBinding })

class Writer {
  constructor(
    private readonly locale: Locale,
    private readonly names: 'titles' | 'keys',
  ) {}

  rule(rule: Json, sight: NameSight, place: 'rule' | 'data' = 'rule'): Written {
    if (rule === null || typeof rule === 'boolean') return whole(writeConstant(rule, this.locale))
    if (typeof rule === 'number') return this.number(plainNumber(rule) ?? String(rule))
    if (typeof rule === 'string') return this.text(rule)
    if (Array.isArray(rule)) {
      return whole(`{${rule.map((item) => this.rule(item, sight, place).text).join(this.comma)}}`)
    }
    return this.operation(rule, sight, place) ?? this.group(rule, sight)
  }

  private readonly comma = ', '

  private number(digits: string): Written {
    return { text: digits, binds: digits.startsWith('-') ? prefixBinding : wholeBinding }
  }

  private text(text: string): Written {
    const quoted = `"${text.replaceAll('"', '""')}"`
    return whole(isDate(text) ? `${literalFunctions.date[this.locale]}(${quoted})` : quoted)
  }

  private group(group: JsonObject, sight: NameSight): Written {
    const entries = Object.entries(group).map(([key, value]) => {
      const name = plainName.test(key) && readWord(key) < 0 ? key : `"${key.replaceAll('"', '""')}"`
      return `${name}: ${this.rule(value, sight, 'data').text}`
    })
    return whole(entries.length === 0 ? '{:}' : `{${entries.join(this.comma)}}`)
  }

  /** Null where only the plain form of the object comes back as it was. */
  private operation(rule: JsonObject, sight: NameSight, place: 'rule' | 'data'): Written | null {
    const [name, ...more] = Object.keys(rule)
    if (name === undefined || more.length > 0) return null
    const operand = rule[name]!
    if (name === 'dec') return typeof operand === 'string' ? this.exact(operand) : null
    if (name === 'var' && typeof operand === 'string') return this.path(operand, sight)
    const operator = findOperator(name)
    if (!operator) return null
    if (!Array.isArray(operand)) {
      // A lone operand may be written without an array where it is a rule; an object of data must stay as it is.
      const data = isJsonObject(operand) && !isOperation(operand)
      return place === 'data' || data || name === 'var' ? null : this.use(name, [operand], sight)
    }
    return this.use(name, operand, sight)
  }

  private exact(digits: string): Written {
    // Digits that a number of JSON says as well would come back as that number.
    const plain = /^-?\d+(\.\d+)?$/.test(digits) && plainNumber(Number(digits)) !== digits && digits !== '-0'
    return plain
      ? this.number(digits)
      : whole(`${literalFunctions.dec[this.locale]}("${digits.replaceAll('"', '""')}")`)
  }

  private path(path: string, sight: NameSight): Written {
    if (path === '') return whole(entryWord[this.locale])
    const text = writePath(path, sight, this.names)
    // A path that no name leads to, as the object that it is.
    return whole(text ?? `{var: "${path.replaceAll('"', '""')}"}`)
  }

  private use(name: string, operands: readonly Json[], sight: NameSight): Written {
    const infix = infixOf(name, this.locale)
    const [first] = operands
    if (name === '-' && operands.length === 1 && first !== undefined) {
      const { text, binds } = this.rule(first, sight)
      // `-5` is a literal of its own.
      const apart = binds < prefixBinding || (binds === wholeBinding && /^\d/.test(text))
      return { text: `-${apart ? `(${text})` : text}`, binds: prefixBinding }
    }
    if (!infix || operands.length < 2 || operands.length > infix.most) return this.call(name, operands, sight)
    const parts = operands.map((operand, i) => {
      const part = this.percent(name, operand) ?? this.rule(operand, sight)
      const tight = part.binds > infix.binds
      // The first may be of the same strength, where it is read first anyway and is no part of this chain.
      const leads =
        i === 0 &&
        part.binds === infix.binds &&
        infix.binds !== comparisonBinding &&
        !(part.chain === name && infix.most > 2)
      return tight || leads ? part.text : `(${part.text})`
    })
    return { text: parts.join(` ${infix.text} `), binds: infix.binds, chain: name }
  }

  /** Rates of multiplications read better as percentages. */
  private percent(name: string, operand: Json): Written | null {
    if (name !== '*' || typeof operand !== 'number') return null
    const percent = writePercent(plainNumber(operand) ?? '')
    return percent === null ? null : whole(`${percent}%`)
  }

  private call(name: string, operands: readonly Json[], sight: NameSight): Written {
    const places = boundPlaces(findOperator(name))
    const list = places.length > 0 ? listOf(operands[0], sight) : null
    const bound = new Map(sight.bound)
    let named = false
    let inner: NameSight = sight
    const standard = takesBareNames(findOperator(name))
    const texts = operands.map((operand, i) => {
      if (places.includes(i) && typeof operand === 'string') {
        bound.set(operand, named ? null : list)
        named = true
        inner = { ...sight, bound }
        return standard && plainName.test(operand) && readWord(operand) < 0 && !isEntry(operand)
          ? operand
          : `"${operand.replaceAll('"', '""')}"`
      }
      if (places.includes(i) && !named && standard) inner = { ...sight, bound, entry: list }
      return this.rule(operand, inner).text
    })
    return whole(`${writeFunction(name, this.locale)}(${texts.join(this.comma)})`)
  }
}

function isEntry(word: string): boolean {
  return word.toUpperCase() === entryWord.en || word === entryWord.zh
}

function isOperation(value: JsonObject): boolean {
  const keys = Object.keys(value)
  return keys.length === 1 && (keys[0] === 'dec' || findOperator(keys[0]!) !== undefined)
}

/** The path of keys of the list that an operand gives; the same as the reader finds. */
function listOf(operand: Json | undefined, sight: NameSight): string | null {
  if (!isJsonObject(operand)) return null
  const [name, value] = Object.entries(operand)[0] ?? []
  if (name === undefined || value === undefined) return null
  if (name === 'var' && typeof value === 'string') {
    const [first = '', ...rest] = value.split('.')
    const list = sight.bound.get(first)
    if (value === '') return null
    return list === undefined ? value : list === null ? null : [list, ...rest].join('.')
  }
  return boundPlaces(findOperator(name)).length > 0 && Array.isArray(value) ? listOf(value[0], sight) : null
}
