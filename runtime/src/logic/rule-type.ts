import type { Text } from '../text.ts'
import type { RuleType } from './types.ts'

export const bool: RuleType = { t: 'bool', nullable: false }
export const int: RuleType = { t: 'int', nullable: false }
export const str: RuleType = { t: 'str', nullable: false }
export const date: RuleType = { t: 'date', nullable: false }
export const instant: RuleType = { t: 'instant', nullable: false }
export const period: RuleType = { t: 'period', nullable: false }
export const nothing: RuleType = { t: 'null', nullable: true }

/** A decimal of that scale; scale 0 is an int. */
export function decimal(scale: number): RuleType {
  return scale === 0 ? int : { t: 'dec', nullable: false, scale }
}

export function withNullable(type: RuleType, nullable: boolean): RuleType {
  return type.nullable === nullable || type.t === 'null' ? type : ({ ...type, nullable } as RuleType)
}

export type NumericType = Extract<RuleType, { t: 'int' | 'dec' }>

export function isNumeric(type: RuleType): type is NumericType {
  return type.t === 'int' || type.t === 'dec'
}

/** Digits after the point of a numeric type; 0 for all others. */
export function scaleOf(type: RuleType): number {
  return type.t === 'dec' ? type.scale : 0
}

/** Whether equal values of both can be equal: the same kind of thing, references to the same object. */
export function isSameKind(a: RuleType, b: RuleType): boolean {
  if (isNumeric(a) && isNumeric(b)) return true
  if (a.t === 'ref' && b.t === 'ref') return a.object === b.object
  if (a.t === 'list' && b.t === 'list')
    return isSameKind(a.of, b.of) || a.of.t === 'null' || b.of.t === 'null'
  if (a.t === 'obj' || b.t === 'obj') return false
  return a.t === b.t
}

/** The least type that holds the values of both, or null. int ⊂ dec is the only widening. */
export function commonType(a: RuleType, b: RuleType): RuleType | null {
  const nullable = a.nullable || b.nullable
  if (a.t === 'null') return withNullable(b, true)
  if (b.t === 'null') return withNullable(a, true)
  if (isNumeric(a) && isNumeric(b)) {
    const scale = Math.max(scaleOf(a), scaleOf(b))
    return scale === 0 && a.t === 'int' && b.t === 'int'
      ? { t: 'int', nullable }
      : { t: 'dec', nullable, scale }
  }
  if (!isSameKind(a, b)) return null
  if (a.t === 'str' && b.t === 'str') {
    return a.enum && b.enum
      ? { t: 'str', nullable, enum: [...new Set([...a.enum, ...b.enum])] }
      : { t: 'str', nullable }
  }
  if (a.t === 'list' && b.t === 'list') {
    const of = commonType(a.of, b.of)
    return (
      of && { t: 'list', nullable, of: a.of.t === 'null' || b.of.t === 'null' ? withNullable(of, false) : of }
    )
  }
  return withNullable(a, nullable)
}

const names: Readonly<Record<RuleType['t'], Text>> = {
  null: { en: 'nothing', zh: '空值' },
  bool: { en: 'true or false', zh: '真假值' },
  int: { en: 'a whole number', zh: '整数' },
  dec: { en: 'a number', zh: '数字' },
  str: { en: 'a text', zh: '文本' },
  date: { en: 'a date', zh: '日期' },
  instant: { en: 'a moment', zh: '时刻' },
  period: { en: 'a period', zh: '期间' },
  ref: { en: 'a reference', zh: '引用' },
  user: { en: 'a user', zh: '用户' },
  list: { en: 'a list', zh: '列表' },
  obj: { en: 'a group of fields', zh: '字段组' },
}

/** As a sentence names it: "a number that may be empty". */
export function describeType(type: RuleType): Text {
  const name = names[type.t]
  const inner = type.t === 'list' && type.of.t !== 'null' ? names[type.of.t] : null
  const text = inner
    ? { en: `a list (of ${inner.en.replace(/^an? /, '')}s)`, zh: `${inner.zh}列表` }
    : type.t === 'ref'
      ? { en: `a reference to ${type.object}`, zh: `对 ${type.object} 的引用` }
      : name
  return type.nullable && type.t !== 'null'
    ? { en: `${text.en} that may be empty`, zh: `可能为空的${text.zh}` }
    : text
}
