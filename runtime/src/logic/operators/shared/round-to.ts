import { maxScale } from '../../decimal.ts'
import type { IrNode } from '../../ir.ts'
import {
  type ArgumentSpec,
  type CheckCall,
  defineOperator,
  type EvaluateCall,
  type Operator,
  type SqlCall,
  type SqlPiece,
} from '../../operator.ts'
import { decimal, scaleOf } from '../../rule-type.ts'
import { type RoundingMode, rescaleUnits } from '../../scaled.ts'
import type { RuleType } from '../../types.ts'
import type { Thunk } from '../../value.ts'
import type { UnitsSide } from './arithmetic.ts'
import { repeatsOperand, roundSql } from './rounding.ts'
import { strict } from './sql.ts'
import { requireNumbers } from './typing.ts'

/** The operand that says how many places are kept. */
export const places: ArgumentSpec = {
  name: 'scale',
  title: { en: 'places', zh: '小数位数' },
  kind: 'whole',
  min: 0,
  max: maxScale,
  default: 0,
}

/** Rounding in one direction. */
export function defineDirectedRounding(
  words: Pick<Operator, 'title' | 'describe' | 'explain'> & { readonly name: 'floor' | 'ceil' },
): Operator {
  return defineOperator({
    ...words,
    level: 'V',
    group: 'number',
    args: [{ name: 'number', title: { en: 'number', zh: '数字' }, kind: 'value' }, places],
    type: (call) => roundTo.type(call, Number(call.settings.scale)),
    digits: roundTo.digits,
    evaluate: (call) => roundTo.evaluate(call, words.name),
    sql: (call) => roundTo.sql(call, words.name),
  })
}

/** What round, floor and ceil share. A number with no more places than asked for stays as it is. */
export const roundTo = {
  type(call: CheckCall, scale: number): RuleType | null {
    if (!requireNumbers(call)) return null
    return decimal(Math.min(scale, scaleOf(call.args[0]!.type)))
  },

  /** 99.99 rounds to 100. */
  digits(args: readonly IrNode[], settings: Readonly<Record<string, unknown>>): number {
    const [number] = args
    return number!.digits + (scaleOf(number!.type) > Number(settings.scale ?? 0) ? 1 : 0)
  },

  evaluate(call: EvaluateCall, mode: RoundingMode): Thunk {
    const value = call.arg(0) as UnitsSide
    const [from, to] = [scaleOf(call.node.args[0]!.type), scaleOf(call.node.type)]
    return from === to ? value : (frame) => rescaleUnits(value(frame), from, to, mode)
  },

  sql(call: SqlCall, mode: RoundingMode): SqlPiece {
    const piece = call.numeric(0)
    const scale = scaleOf(call.node.type)
    if (scaleOf(call.node.args[0]!.type) === scale) return piece
    const text = repeatsOperand(mode)
      ? call.once([piece], (x) => roundSql(x!, scale, mode))
      : roundSql(piece.text, scale, mode)
    return strict(text, [piece])
  },
}
