import { ruleBranches, ruleChoice, ruleOperandType, ruleScale, ruleTest } from '../../../errors/logic.ts'
import { suggest } from '../../../fields/suggest.ts'
import type { Json } from '../../../json.ts'
import type { Text } from '../../../text.ts'
import { reportNullable } from '../../check-result.ts'
import type { IrNode } from '../../ir.ts'
import { convertLiteral } from '../../literal.ts'
import type { CheckCall } from '../../operator.ts'
import { commonType, describeType, isNumeric, isSameKind } from '../../rule-type.ts'
import type { RuleType } from '../../types.ts'

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

export function reportType(call: CheckCall, node: IrNode, expected: Text): void {
  const found = describeType(node.type)
  const numberText =
    node.kind === 'literal' && typeof node.value === 'string' && /^-?\d{1,15}(\.\d{1,15})?$/.test(node.value)
  call.report(
    ruleOperandType,
    node.path,
    {
      operator: call.name,
      found: found.en,
      found_zh: found.zh,
      expected: expected.en,
      expected_zh: expected.zh,
    },
    numberText && expected.en.includes('number')
      ? {
          fix: {
            title: { en: 'Make it a number', zh: '改为数字' },
            path: node.path,
            value: { dec: String(node.value) },
          },
        }
      : {},
  )
}

/** The operand is of one of these kinds and never empty. */
export function requireKind(
  call: CheckCall,
  index: number,
  kinds: readonly RuleType['t'][],
  expected: Text,
): boolean {
  const node = call.args[index]
  if (!node) return true
  if (!kinds.includes(node.type.t)) {
    reportType(call, node, expected)
    return false
  }
  return requirePresent(call, index)
}

/** T3 unless the operand always has a value. */
export function requirePresent(call: CheckCall, index: number): boolean {
  const node = call.args[index]
  if (!node?.type.nullable) return true
  reportNullable(node, call.report)
  return false
}

export const aNumber: Text = { en: 'a number', zh: '数字' }
export const aText: Text = { en: 'a text', zh: '文本' }
export const aDate: Text = { en: 'a date (YYYY-MM-DD)', zh: '日期(YYYY-MM-DD)' }

export function requireNumbers(call: CheckCall): boolean {
  return every(call, (i) => requireKind(call, i, ['int', 'dec'], aNumber))
}

/** T4: operands of and, or, ! and tests of if. */
export function requireTest(call: CheckCall, index: number): boolean {
  const node = call.args[index]
  if (!node) return true
  if (node.type.t !== 'bool') {
    const found = describeType(node.type)
    call.report(ruleTest, node.path, { operator: call.name, found: found.en, found_zh: found.zh })
    return false
  }
  return requirePresent(call, index)
}

/** Every operand, so that all that is wrong is said at once. */
export function every(call: CheckCall, test: (index: number) => boolean): boolean {
  return call.args.map((_, i) => test(i)).every(Boolean)
}

/** A date; a text literal in ISO form becomes one. */
export function requireDate(call: CheckCall, index: number): boolean {
  if (!convertTo(call, index, { t: 'date', nullable: false })) return false
  return requireKind(call, index, ['date'], aDate)
}

/** Reads a literal operand as the type it meets. False after reporting that it is no such thing. */
export function convertTo(call: CheckCall, index: number, type: RuleType): boolean {
  const node = call.args[index]
  if (!node) return true
  const converted = convertLiteral(node, type)
  if (!converted) {
    reportType(call, node, describeType(type))
    return false
  }
  call.args[index] = converted
  return true
}

/** Two operands that may be compared for equality: one kind, text literals read as what they meet, choices known. */
export function requireComparable(call: CheckCall, a: number, b: number): boolean {
  const [x, y] = [call.args[a], call.args[b]]
  if (!x || !y) return true
  if (!convertTo(call, a, y.type) || !convertTo(call, b, x.type)) return false
  const [left, right] = [call.args[a]!, call.args[b]!]
  if (left.type.t === 'null' || right.type.t === 'null') return true
  if (!isSameKind(left.type, right.type) || left.type.t === 'list' || left.type.t === 'obj') {
    reportType(call, right, describeType(left.type))
    return false
  }
  return requireChoice(call, left, right) && requireChoice(call, right, left)
}

/** T7: a literal that is none of the choices of what it meets. */
export function requireChoice(call: CheckCall, field: IrNode, literal: IrNode): boolean {
  const { type } = field
  if (type.t !== 'str' || !type.enum || field.kind === 'literal') return true
  if (literal.kind !== 'literal' || typeof literal.value !== 'string' || type.enum.includes(literal.value))
    return true
  const guess = suggest(literal.value, type.enum).near
  const operand = field.kind === 'var' ? `"${field.name}"` : null
  call.report(
    ruleChoice,
    literal.path,
    {
      value: literal.value,
      operand: operand ?? 'this value',
      operand_zh: operand ?? '该值',
      choices: type.enum.slice(0, 20).join(', '),
    },
    guess !== undefined
      ? { fix: { title: { en: `Use "${guess}"`, zh: `改为"${guess}"` }, path: literal.path, value: guess } }
      : {},
  )
  return false
}

/** T5: the common type of the operands at `indices`, text literals read as what they meet. */
export function unify(call: CheckCall, indices: readonly number[]): RuleType | null {
  // A literal takes its meaning from the first operand that is not one.
  const guide = indices
    .map((i) => call.args[i]!)
    .find((node) => node.kind !== 'literal' && node.type.t !== 'null')
  let type: RuleType | null = null
  for (const i of indices) {
    if (guide && !convertTo(call, i, guide.type)) return null
    const node = call.args[i]!
    const common: RuleType | null = type ? commonType(type, node.type) : node.type
    if (!common || (common.t === 'obj' && type)) {
      const [found, expected] = [describeType(node.type), describeType(type ?? node.type)]
      call.report(ruleBranches, node.path, {
        found: found.en,
        found_zh: found.zh,
        expected: expected.en,
        expected_zh: expected.zh,
      })
      return null
    }
    type = common
  }
  return type
}

/** E_RANGE known beforehand: a scale past 20. */
export function requireScale(call: CheckCall, scale: number): boolean {
  if (scale <= 20) return true
  call.report(ruleScale, call.path, { found: scale, expected: 20 })
  return false
}

/** Bounds of a numeric operand that its field or its literal guarantees, as units at `scale`; null where unknown. */
export function boundsOf(node: IrNode): { min?: string; max?: string } {
  return isNumeric(node.type) ? { min: node.type.min, max: node.type.max } : {}
}
