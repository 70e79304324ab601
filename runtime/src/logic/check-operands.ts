import { ruleOperandCount, ruleOperandType } from '../errors/logic.ts'
import { suggest } from '../fields/suggest.ts'
import type { Json } from '../json.ts'
import { type Fix, nestOperands, withFix } from './fixes.ts'
import {
  type ArgumentSpec,
  type CheckCall,
  describeUsage,
  type Operator,
  type ParseCall,
} from './operator.ts'

/** Whether there are as many operands as the operator takes. */
export function countOperands(
  operator: Operator,
  name: string,
  operands: readonly Json[],
  path: string,
  report: CheckCall['report'],
): boolean {
  const count = operands.length
  let least = 0
  let most = 0
  for (const spec of operator.args) {
    if (spec.kind === 'value') {
      least += spec.rest ?? (spec.optional ? 0 : 1)
      most += spec.rest === undefined ? 1 : Number.POSITIVE_INFINITY
    } else {
      least += spec.default === undefined ? 1 : 0
      most += 1
    }
  }
  if (count >= least && count <= most) return true
  const expected =
    least === most ? `${least}` : most === Number.POSITIVE_INFINITY ? `≥ ${least}` : `${least}–${most}`
  reportOperandCount({ operator, name, path, operands, report }, expected, nestOperands(name, path, operands))
  return false
}

/** Says how many operands an operator takes, how many there are, and how it is written. */
export function reportOperandCount(
  call: Pick<ParseCall, 'operator' | 'name' | 'path' | 'operands' | 'report'>,
  expected: string,
  fix: Fix | null = null,
): void {
  const usage = describeUsage(call.operator)
  call.report(
    ruleOperandCount,
    call.path,
    { operator: call.name, expected, count: call.operands.length, usage: usage.en, usage_zh: usage.zh },
    withFix(fix),
  )
}

/** Reads an operand that is part of the operator into `settings`; false after reporting that it is none. */
export function takeSetting(
  spec: Exclude<ArgumentSpec, { kind: 'value' }>,
  value: Json,
  path: string,
  name: string,
  settings: Record<string, Json>,
  report: CheckCall['report'],
): boolean {
  const fits =
    spec.kind === 'word'
      ? typeof value === 'string' && spec.words.includes(value)
      : typeof value === 'number' && Number.isInteger(value) && value >= spec.min && value <= spec.max
  if (fits) {
    settings[spec.name] = value
    return true
  }
  const expected =
    spec.kind === 'word' ? spec.words.map((w) => `"${w}"`).join(' | ') : `${spec.min}–${spec.max}`
  const guess =
    spec.kind === 'word' && typeof value === 'string' ? suggest(value, spec.words).near : undefined
  report(
    ruleOperandType,
    path,
    {
      operator: name,
      found: 'this',
      found_zh: '该值',
      expected: `${spec.title.en} (${expected}), written out`,
      expected_zh: `直接写出的${spec.title.zh}(${expected})`,
    },
    guess ? { fix: { title: { en: `Use "${guess}"`, zh: `改为"${guess}"` }, path, value: guess } } : {},
  )
  return false
}
