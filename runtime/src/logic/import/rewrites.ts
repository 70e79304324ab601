import type { Diagnostic } from '../../definition/diagnostic.ts'
import { diagnose } from '../../errors/diagnose.ts'
import { importCode, importGroup, importOrder } from '../../errors/rule-import.ts'
import { isJsonObject, type Json } from '../../json.ts'
import type { Text } from '../../text.ts'
import { findOperator } from '../operators/index.ts'
import { valueAt } from '../pointer.ts'

/** A part of a foreign rule that was put another way, and why. */
export interface RuleRewrite {
  /** JSON pointer, into the rule as it stood when this was rewritten. */
  readonly path: string
  readonly before: Json
  readonly after: Json
  readonly why: Text
}

const spellings: Readonly<Record<string, { readonly name: string; readonly negated?: boolean }>> = {
  'date==': { name: '==' },
  'datetime==': { name: '==' },
  'date!=': { name: '!=' },
  '!in': { name: 'in', negated: true },
  not_in: { name: 'in', negated: true },
  starts_with: { name: 'startsWith' },
  length: { name: 'len' },
  ceiling: { name: 'ceil' },
  not: { name: '!' },
  '&&': { name: 'and' },
  '||': { name: 'or' },
  '=': { name: '==' },
  eq: { name: '==' },
  ne: { name: '!=' },
  gt: { name: '>' },
  gte: { name: '>=' },
  lt: { name: '<' },
  lte: { name: '<=' },
}

/**
 * Spellings of other dialects that the operators here have under another name: `!in`, `date==`, `val`, `log`. One at a
 * time, outermost first; null where there is none.
 */
export function rewriteSpelling(rule: Json): RuleRewrite | null {
  const stack: { json: Json; path: string }[] = [{ json: rule, path: '' }]
  for (let one = stack.pop(); one; one = stack.pop()) {
    const { json, path } = one
    if (Array.isArray(json))
      for (const [i, item] of json.entries()) stack.push({ json: item, path: `${path}/${i}` })
    if (!isJsonObject(json)) continue
    const entries = Object.entries(json)
    const [name, operand] = entries[0] ?? []
    if (entries.length === 1 && name !== undefined && operand !== undefined && !findOperator(name)) {
      const after = respell(name, operand)
      if (after) return { path, before: json, ...after }
    }
    for (const [key, json] of entries)
      stack.push({ json, path: `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}` })
  }
  return null
}

function respell(name: string, operand: Json): { after: Json; why: Text } | null {
  const operands = Array.isArray(operand) ? operand : [operand]
  if (name === 'log') {
    const after = operands[0] ?? null
    return {
      after,
      why: {
        en: '"log" only prints; its value is that of its operand.',
        zh: '"log" 仅用于打印,其值即操作数的值。',
      },
    }
  }
  if (
    name === 'val' &&
    operands.length > 0 &&
    operands.every((step) => typeof step === 'string' || typeof step === 'number')
  ) {
    return {
      after: { var: operands.join('.') },
      why: { en: '"val" is "var" with its steps apart.', zh: '"val" 即分步书写的 "var"。' },
    }
  }
  const known = Object.hasOwn(spellings, name) ? spellings[name] : undefined
  if (!known) return null
  const call: Json = { [known.name]: operands }
  return {
    after: known.negated ? { '!': [call] } : call,
    why: {
      en: `"${name}" is written "${known.negated ? '! ' : ''}${known.name}" here.`,
      zh: `"${name}" 在此写作 "${known.negated ? '! ' : ''}${known.name}"。`,
    },
  }
}

/** Codes whose fix says what JSON-logic elsewhere would have taken silently. A guessed name is no such thing. */
const reasons: Readonly<Record<string, Text>> = {
  T3: {
    en: 'An empty value counted as nothing silently; here it is said.',
    zh: '空值原会被悄悄当作“无”,此处须明写。',
  },
  T4: {
    en: 'Any value could stand for true; here a condition says what is asked.',
    zh: '原来任何值都可当作真,此处须写明条件。',
  },
  T2: {
    en: 'The value was converted silently; here it is written as what it is.',
    zh: '该值原会被悄悄转换,此处写成本来的类型。',
  },
  T2_RESULT: {
    en: 'The result was converted silently; here the conversion is written.',
    zh: '结果原会被悄悄转换,此处明写转换。',
  },
  T2_COUNT: {
    en: 'Further operands are taken one after the other.',
    zh: '多余的操作数从左到右依次计算。',
  },
  T2_LITERAL: {
    en: 'Digits that a number of JSON does not hold exactly are written as text.',
    zh: 'JSON 数字无法精确表示的数,以文本书写。',
  },
  T5: {
    en: 'All branches give the same kind of value here.',
    zh: '此处各分支须得到同一种值。',
  },
  T6: {
    en: 'The field keeps fewer places, so the rounding is written.',
    zh: '字段保留的小数位更少,故明写舍入。',
  },
}

/** What a complaint of the checker is mended by without changing what the rule says. */
export function rewriteOf(found: Diagnostic, rule: Json): RuleRewrite | null {
  const why = reasons[found.code]
  if (!why || !found.fix) return null
  const { path, value } = found.fix
  return { path, before: valueAt(rule, path) ?? null, after: value, why }
}

/** The complaint in words for someone whose rule worked elsewhere. */
export function refusalOf(found: Diagnostic, rule: Json): Diagnostic {
  const place = valueAt(rule, found.path)
  if (found.code === 'T10_SHAPE' && isJsonObject(place)) {
    const told = diagnose(importGroup, found.path, { count: Object.keys(place).length })
    return found.fix ? { ...told, fix: found.fix } : told
  }
  const operator = isJsonObject(place) ? Object.keys(place)[0] : undefined
  if (found.code === 'T10' && operator === 'method') return diagnose(importCode, found.path, { operator })
  if (found.code === 'T2' && /\/(<|<=|>|>=)\/\d+$/.test(found.path) && found.message.en.includes('a text'))
    return diagnose(
      importOrder,
      found.path.slice(0, found.path.lastIndexOf('/', found.path.lastIndexOf('/') - 1)),
    )
  return found
}
