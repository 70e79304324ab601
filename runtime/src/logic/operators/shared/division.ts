import { ruleDivisionByZero } from '../../../errors/logic.ts'
import { divideScaled, maxIntegerDigits } from '../../decimal.ts'
import type { IrNode } from '../../ir.ts'
import type { CheckCall, EvaluateCall, SqlCall, SqlPiece } from '../../operator.ts'
import { decimal, scaleOf } from '../../rule-type.ts'
import type { RoundingMode } from '../../scaled.ts'
import type { RuleType } from '../../types.ts'
import type { Thunk } from '../../value.ts'
import type { UnitsSide } from './arithmetic.ts'
import { divideSql } from './rounding.ts'
import { requireNumbers } from './typing.ts'

/** What `/` and `div` share: they differ in who says scale and mode. */
export const division = {
  type(call: CheckCall, scale: number): RuleType | null {
    return requireNumbers(call) ? decimal(scale) : null
  },

  /** The least divisor is one unit of its scale. */
  digits(args: readonly IrNode[]): number {
    const [a, b] = args
    return (a?.digits ?? maxIntegerDigits) + scaleOf(b!.type) + 1
  },

  evaluate(call: EvaluateCall, scale: number, mode: RoundingMode): Thunk {
    const [a, b] = call.args() as [UnitsSide, UnitsSide]
    const [aScale, bScale] = [scaleOf(call.node.args[0]!.type), scaleOf(call.node.args[1]!.type)]
    return (frame) => {
      const dividend = a(frame)
      const divisor = b(frame)
      if (divisor === 0) call.fail(ruleDivisionByZero)
      return divideScaled(dividend, aScale, divisor, bScale, scale, mode)
    }
  },

  sql(call: SqlCall, scale: number, mode: RoundingMode): SqlPiece {
    const pieces = [call.numeric(0), call.numeric(1)]
    const divisor = call.node.args[1]!
    const sure = divisor.kind === 'literal' && divisor.value !== 0
    return {
      text: call.once(pieces, (a, b) => divideSql(a!, b!, scale, mode)),
      fails: !sure || pieces.some((piece) => piece.fails),
      simple: false,
    }
  },
}
