import { ruleBranches, ruleChoice, ruleOperandType, ruleScale, ruleTest } from '../../../errors/logic.ts'
import { suggest } from '../../../fields/suggest.ts'
import type { Text } from '../../../text.ts'
import { reportNullable } from '../../check-result.ts'
import { askTest, convertOperand, joinInstead, matchBranch, withFix } from '../../fixes.ts'
import type { IrNode } from '../../ir.ts'
import { convertLiteral } from '../../literal.ts'
import type { CheckCall } from '../../operator.ts'
import { commonType, describeType, isNumeric, isSameKind } from '../../rule-type.ts'
import type { RuleType } from '../../types.ts'

export function reportType(
  call: Pick<CheckCall, 'name' | 'report'> & Partial<Pick<CheckCall, 'path' | 'raw' | 'args'>>,
  node: IrNode,
  expected: Text,
  kinds: readonly RuleType['t'][] = kindsNamed(expected),
): void {
  const found = describeType(node.type)
  const { path, raw, args } = call
  const joined =
    path !== undefined && raw !== undefined && args ? joinInstead({ name: call.name, path, raw, args }) : null
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
    withFix(convertOperand(node, kinds) ?? joined),
  )
}

/** The kinds that a sentence names, where it was made by `describeType` or stands below. */
function kindsNamed({ en }: Text): readonly RuleType['t'][] {
  const kinds: RuleType['t'][] = []
  if (/^a (whole )?number\b/.test(en)) kinds.push('int', 'dec')
  if (/^a text\b/.test(en)) kinds.push('str')
  if (/^a date\b/.test(en)) kinds.push('date')
  if (/^true or false/.test(en)) kinds.push('bool')
  if (/^a list\b/.test(en)) kinds.push('list')
  return kinds
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
    reportType(call, node, expected, kinds)
    return false
  }
  return requirePresent(call, index)
}

/** T3 unless the operand always has a value. */
export function requirePresent(
  call: Pick<CheckCall, 'operator' | 'path' | 'raw' | 'args' | 'report'>,
  index: number,
): boolean {
  const node = call.args[index]
  if (!node?.type.nullable) return true
  reportNullable(node, call.report, call)
  return false
}

export const aNumber: Text = { en: 'a number', zh: '数字' }
export const aText: Text = { en: 'a text', zh: '文本' }
export const aDate: Text = { en: 'a date (YYYY-MM-DD)', zh: '日期(YYYY-MM-DD)' }

export function requireNumbers(call: CheckCall): boolean {
  return every(call, (i) => requireKind(call, i, ['int', 'dec'], aNumber))
}

/** T3 for the values of a list: those of an operand that can be wrapped, or the entries themselves. */
export function reportNullableValue(
  call: Pick<CheckCall, 'name' | 'report' | 'args'>,
  node: IrNode | null,
  found: Text,
): null {
  if (node) reportNullable(node, call.report)
  else {
    const list = call.args[0]!
    call.report(ruleOperandType, list.path, {
      operator: call.name,
      found: `entries of the kind "${found.en}"`,
      found_zh: `“${found.zh}”的条目`,
      expected: 'entries that are never empty',
      expected_zh: '从不为空的条目',
    })
  }
  return null
}

/** The values of a list operator are numbers, never empty. */
export function requireNumberValue(call: CheckCall, value: Pick<IrNode, 'type' | 'path'>): boolean {
  const node = call.args.find((one) => one === value) ?? null
  if (!isNumeric(value.type)) {
    reportType(call, node ?? call.args[0]!, aNumber)
    return false
  }
  if (value.type.nullable) {
    reportNullableValue(call, node, describeType(value.type))
    return false
  }
  return true
}

/** T4: operands of and, or, ! and tests of if. */
export function requireTest(
  call: Pick<CheckCall, 'operator' | 'name' | 'path' | 'raw' | 'args' | 'report'>,
  index: number,
): boolean {
  const node = call.args[index]
  if (!node) return true
  if (node.type.t !== 'bool') {
    const found = describeType(node.type)
    call.report(
      ruleTest,
      node.path,
      { operator: call.name, found: found.en, found_zh: found.zh },
      withFix(askTest(node)),
    )
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
      call.report(
        ruleBranches,
        node.path,
        {
          found: found.en,
          found_zh: found.zh,
          expected: expected.en,
          expected_zh: expected.zh,
        },
        withFix(matchBranch(node, type ?? node.type)),
      )
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
