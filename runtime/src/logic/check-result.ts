import { ruleChoice, ruleNullable, ruleResultType, ruleScale } from '../errors/logic.ts'
import { askTest, convertOperand, fillEmpty, withFix } from './fixes.ts'
import type { IrNode } from './ir.ts'
import { convertLiteral } from './literal.ts'
import type { CheckCall } from './operator.ts'
import { describeType, isNumeric, isSameKind, scaleOf } from './rule-type.ts'
import type { RuleType } from './types.ts'

/** The checked rule as a value of the expected type; null after reporting why it cannot be one. */
export function fitResult(node: IrNode, expect: RuleType, report: CheckCall['report']): IrNode | null {
  const converted = convertLiteral(node, expect)
  const root = converted ?? node
  const { type } = root
  const mismatch = () => {
    const [found, wanted] = [describeType(type), describeType(expect)]
    report(
      ruleResultType,
      node.path,
      { found: found.en, found_zh: found.zh, expected: wanted.en, expected_zh: wanted.zh },
      withFix(expect.t === 'bool' ? askTest(node) : convertOperand(node, [expect.t])),
    )
    return null
  }
  if (!converted) return mismatch()
  if (type.t === 'null') return expect.nullable ? root : mismatch()
  if (!isSameKind(type, expect)) return mismatch()
  if (isNumeric(type) && isNumeric(expect)) {
    const allowed = scaleOf(expect)
    if (scaleOf(type) > allowed) {
      report(
        ruleScale,
        node.path,
        { found: scaleOf(type), expected: allowed },
        {
          fix: {
            title: { en: `Round to ${allowed} places, half up`, zh: `四舍五入到 ${allowed} 位小数` },
            path: node.path,
            value: { round: [node.raw, allowed, 'half_up'] },
          },
        },
      )
      return null
    }
  }
  if (type.nullable && !expect.nullable) {
    reportNullable(root, report)
    return null
  }
  if (type.t === 'str' && expect.t === 'str' && type.enum && expect.enum) {
    const strange = type.enum.find((value) => !expect.enum?.includes(value))
    if (strange !== undefined) {
      report(ruleChoice, node.path, {
        value: strange,
        operand: 'the result',
        operand_zh: '结果',
        choices: expect.enum.slice(0, 20).join(', '),
      })
      return null
    }
  }
  return root
}

/** T3 with its fix: what counts when it is empty. */
export function reportNullable(
  node: IrNode,
  report: CheckCall['report'],
  call?: Pick<CheckCall, 'path' | 'raw' | 'operator'>,
): void {
  const name = node.kind === 'var' ? `"${node.name}"` : null
  report(
    ruleNullable,
    node.path,
    { operand: name ?? 'This value', operand_zh: name ?? '该值' },
    withFix(fillEmpty(node, call)),
  )
}
