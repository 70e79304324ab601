import type { Diagnostic } from '../definition/diagnostic.ts'
import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import type { Text } from '../text.ts'
import { isDate } from './calendar.ts'
import { readNumber } from './formula/numbers.ts'
import type { IrNode } from './ir.ts'
import type { CheckCall } from './operator.ts'
import { tokensOf } from './pointer.ts'
import { isNumeric } from './rule-type.ts'
import type { RuleType } from './types.ts'

// Edits that an editor can apply at one press. Each stands at a JSON pointer and replaces what is there.

export type Fix = NonNullable<Diagnostic['fix']>

/** What `report` takes beside the values: the fix, where there is one. */
export function withFix(fix: Fix | null): { readonly fix?: Fix } {
  return fix ? { fix } : {}
}

/** The operation with its one operand in a list. */
export function asList(name: string, operand: Json, path: string): Fix {
  return { title: { en: 'Put it in a list', zh: '改为列表' }, path, value: { [name]: [operand] } }
}

/** What stands for "nothing" in a fix: 0, an empty text, no, an empty list. */
export function emptyValue(type: RuleType): { value: Json; words: Text } | null {
  switch (type.t) {
    case 'int':
    case 'dec':
      return { value: 0, words: { en: '0', zh: '0' } }
    case 'str':
      return type.enum ? null : { value: '', words: { en: 'an empty text', zh: '空文本' } }
    case 'bool':
      return { value: false, words: { en: '"no"', zh: '“否”' } }
    case 'list':
      return { value: [], words: { en: 'an empty list', zh: '空列表' } }
    default:
      return null
  }
}

/** The operand as one of the kinds that the operator takes: a literal written otherwise, a number as text. */
export function convertOperand(node: IrNode, kinds: readonly RuleType['t'][]): Fix | null {
  const { path, raw } = node
  const text = node.kind === 'literal' && typeof node.value === 'string' ? node.value.trim() : null
  const wants = (...some: RuleType['t'][]) => some.some((kind) => kinds.includes(kind))
  if (text !== null && wants('int', 'dec')) {
    const number = readNumberText(text)
    if (number !== null) return { title: { en: 'Make it a number', zh: '改为数字' }, path, value: number }
  }
  if (text !== null && wants('date')) {
    const date = readDateText(text)
    if (date !== null)
      return { title: { en: `Use the date ${date}`, zh: `改为日期 ${date}` }, path, value: date }
  }
  if (text !== null && wants('bool') && /^(true|false)$/i.test(text))
    return {
      title: { en: 'Make it true or false', zh: '改为真假值' },
      path,
      value: text.toLowerCase() === 'true',
    }
  if (wants('str') && isNumeric(node.type) && !node.type.nullable) {
    const literal = node.kind === 'literal' && typeof raw === 'number'
    return {
      title: { en: 'Make it a text', zh: '改为文本' },
      path,
      value: literal ? String(raw) : { cat: [raw] },
    }
  }
  if (wants('str') && node.type.t === 'date' && !node.type.nullable)
    return { title: { en: 'Make it a text', zh: '改为文本' }, path, value: { cat: [raw] } }
  if (wants('list') && !wants(node.type.t) && node.type.t !== 'null' && !node.type.nullable)
    return { title: { en: 'Make it a list of one', zh: '改为只有一项的列表' }, path, value: [raw] }
  return null
}

/** `"1,234.50"` is the number that it shows. */
function readNumberText(text: string): Json | null {
  const digits = /^-?\d{1,3}(,\d{3})+(\.\d+)?$/.test(text) ? text.replaceAll(',', '') : text
  return /^-?\d{1,20}(\.\d{1,20})?$/.test(digits) ? readNumber(digits) : null
}

/** `2026/1/31`, `2026.01.31`, `2026年1月31日`, `20260131`, and a moment without its time. */
function readDateText(text: string): string | null {
  const found =
    /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/.exec(text) ??
    /^(\d{4})(\d{2})(\d{2})$/.exec(text) ??
    /^(\d{4})-(\d{2})-(\d{2})T/.exec(text)
  if (!found) return null
  const date = `${found[1]}-${found[2]!.padStart(2, '0')}-${found[3]!.padStart(2, '0')}`
  return isDate(date) ? date : null
}

/** Texts are joined by `cat`, not by `+`. */
export function joinInstead(call: Pick<CheckCall, 'name' | 'path' | 'raw' | 'args'>): Fix | null {
  const operands = isJsonObject(call.raw) ? call.raw[call.name] : undefined
  if (call.name !== '+' || !Array.isArray(operands) || !call.args.some((node) => node.type.t === 'str'))
    return null
  const joinable = call.args.every(
    (node) => ['str', 'int', 'dec', 'date'].includes(node.type.t) && !node.type.nullable,
  )
  if (!joinable) return null
  return {
    title: { en: 'Join the texts with "cat"', zh: '用 "cat" 连接文本' },
    path: call.path,
    value: { cat: operands },
  }
}

/** A condition over a value: what JSON-logic elsewhere takes for true, said in full. */
export function askTest(node: IrNode): Fix | null {
  const { path, raw, type } = node
  if (node.kind === 'literal') {
    const value = Boolean(node.value)
    return { title: { en: `Use ${value}`, zh: `改为${value ? '真' : '假'}` }, path, value }
  }
  const empty = emptyValue(type)
  if (type.t === 'list') {
    return {
      title: { en: 'Ask whether it has entries', zh: '判断列表是否有条目' },
      path,
      value: { '!': [{ empty: [raw] }] },
    }
  }
  if (empty && type.t !== 'bool') {
    return {
      title: { en: `Ask whether it differs from ${empty.words.en}`, zh: `判断是否不等于${empty.words.zh}` },
      path,
      value: { '!=': [type.nullable ? { '??': [raw, empty.value] } : raw, empty.value] },
    }
  }
  return type.t === 'bool'
    ? null
    : { title: { en: 'Ask whether it has a value', zh: '判断是否有值' }, path, value: { exists: [raw] } }
}

/** What counts when it is empty; for what has no such value, a condition that asks for a value first. */
export function fillEmpty(node: IrNode, call?: Pick<CheckCall, 'path' | 'raw' | 'operator'>): Fix | null {
  const empty = emptyValue(node.type)
  if (empty) {
    return {
      title: { en: `Use ${empty.words.en} when empty`, zh: `为空时按${empty.words.zh}处理` },
      path: node.path,
      value: { '??': [node.raw, empty.value] },
    }
  }
  if (call?.operator.group !== 'compare' || node.kind !== 'var') return null
  return {
    title: { en: 'Does not hold when empty', zh: '为空时视为不成立' },
    path: call.path,
    value: { and: [{ exists: [node.raw] }, call.raw] },
  }
}

/** The offending branch as the kind of the others. */
export function matchBranch(node: IrNode, wanted: RuleType): Fix | null {
  return convertOperand(node, [wanted.t])
}

/** Too many operands of an operator that takes two: one after the other, as a calculator would. */
export function nestOperands(name: string, path: string, operands: readonly Json[]): Fix | null {
  if (!['-', '/', 'mod', '%'].includes(name) || operands.length < 3) return null
  const [first, ...rest] = operands as readonly [Json, ...Json[]]
  return {
    title: { en: 'Compute from left to right', zh: '从左到右依次计算' },
    path,
    value: rest.reduce<Json>((value, operand) => ({ [name]: [value, operand] }), first),
  }
}

/** Several operations in one object most likely must all hold. */
export function splitOperations(
  group: JsonObject,
  path: string,
  known: (name: string) => boolean,
): Fix | null {
  const names = Object.keys(group)
  if (names.length < 2 || !names.every(known)) return null
  return {
    title: { en: 'All of them must hold', zh: '须同时成立' },
    path,
    value: { and: names.map((name) => ({ [name]: group[name]! })) },
  }
}

/** Digits that a JSON number cannot hold exactly, written as text. */
export function exactNumber(value: unknown, path: string): Fix | null {
  if (typeof value !== 'number' || !Number.isFinite(value)) return null
  const text = String(value)
  if (!/^-?\d{1,20}(\.\d{1,20})?$/.test(text)) return null
  return { title: { en: 'Write it exactly', zh: '写成精确数' }, path, value: { dec: text } }
}

/** A comparison that is decided beforehand, replaced by what it gives. */
export function replaceConstant(path: string, value: boolean): Fix {
  return { title: { en: `Replace it by ${value}`, zh: `替换为${value ? '真' : '假'}` }, path, value }
}

/** The definition or rule with the fix applied; as it was where nothing stands at its path. */
export function applyFix(json: Json, fix: Pick<Fix, 'path' | 'value'>): Json {
  const tokens = tokensOf(fix.path)
  const put = (at: Json, depth: number): Json => {
    const token = tokens[depth]
    if (token === undefined) return fix.value
    if (Array.isArray(at)) return at.map((item, i) => (String(i) === token ? put(item, depth + 1) : item))
    return isJsonObject(at) && Object.hasOwn(at, token) ? { ...at, [token]: put(at[token]!, depth + 1) } : at
  }
  return put(json, 0)
}
