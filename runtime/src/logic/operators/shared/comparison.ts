import { ruleConstant, ruleOperandType } from '../../../errors/logic.ts'
import type { Text } from '../../../text.ts'
import { compareDecimals } from '../../decimal.ts'
import { convertOperand, replaceConstant, withFix } from '../../fixes.ts'
import type { IrNode } from '../../ir.ts'
import { describeLiteral } from '../../literal.ts'
import { type CheckCall, defineOperator, type Operator, type SqlCall, type SqlPiece } from '../../operator.ts'
import { bool, describeType, isNumeric, isSameKind, scaleOf } from '../../rule-type.ts'
import type { RuleType } from '../../types.ts'
import type { Frame, Thunk } from '../../value.ts'
import { compareField } from './field-tests.ts'
import { strict } from './sql.ts'
import { boundsOf, convertTo, every, reportType, requirePresent } from './typing.ts'

export type Comparable = number | bigint | string
/** A compiled operand that is known never to be empty. */
export type Side = (frame: Frame) => Comparable
type Symbol4 = '<' | '<=' | '>' | '>='

const tests: Readonly<Record<Symbol4, (a: Comparable, b: Comparable) => boolean>> = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
}

/** Operands in an order: numbers, dates or moments of one kind, never empty. */
export function requireOrdered(call: CheckCall): boolean {
  const guide = call.args.find((node) => node.kind !== 'literal') ?? call.args[0]!
  if (!every(call, (i) => convertTo(call, i, guide.type))) return false
  return every(call, (i) => {
    const node = call.args[i]!
    if (!isNumeric(node.type) && node.type.t !== 'date' && node.type.t !== 'instant') {
      const found = describeType(node.type)
      // Browsers and databases order texts differently, so no rule depends on it.
      call.report(
        ruleOperandType,
        node.path,
        {
          operator: call.name,
          found: found.en,
          found_zh: found.zh,
          expected: 'a number, a date or a moment',
          expected_zh: '数字、日期或时刻',
        },
        withFix(convertOperand(node, ['int', 'date'])),
      )
      return false
    }
    const first = call.args[0]!
    if (!isSameKind(first.type, node.type)) {
      reportType(call, node, describeType(first.type))
      return false
    }
    return requirePresent(call, i)
  })
}

export function commonScale(nodes: readonly IrNode[]): number {
  return Math.max(0, ...nodes.map((node) => scaleOf(node.type)))
}

/**
 * One comparison of SQL operands, kept so that an index on a column serves: a number of whole units meets an integer
 * column as an integer, everything else as numeric.
 */
export function compareSql(call: SqlCall, a: number, symbol: string, b: number): string {
  const { args } = call
  const numeric = isNumeric(call.node.args[a]!.type)
  if (!numeric || (args[a]!.native && args[b]!.native)) return `${args[a]!.text} ${symbol} ${args[b]!.text}`
  return `${call.numeric(a).text} ${symbol} ${call.numeric(b).text}`
}

/** T8: the limits of a field decide the comparison with a literal. A warning: the rule still means what it says. */
function warnConstant(call: CheckCall, symbol: Symbol4): void {
  if (call.args.length !== 2 || call.args.every((node) => node.kind === 'literal')) return
  const range = (node: IrNode) =>
    node.kind === 'literal' && isNumeric(node.type)
      ? { min: describeLiteral(node), max: describeLiteral(node) }
      : boundsOf(node)
  let [left, right] = [range(call.args[0]!), range(call.args[1]!)]
  if (symbol === '>' || symbol === '>=') [left, right] = [right, left]
  const orEqual = symbol === '<=' || symbol === '>='
  // left < right (or ≤), whichever way it was written.
  const always =
    left.max !== undefined &&
    right.min !== undefined &&
    compareDecimals(left.max, right.min) < (orEqual ? 1 : 0)
  const never =
    left.min !== undefined &&
    right.max !== undefined &&
    compareDecimals(left.min, right.max) >= (orEqual ? 1 : 0)
  if (!always && !never) return
  call.report(
    ruleConstant,
    call.path,
    { value: always ? 'true' : 'false', value_zh: always ? '真' : '假' },
    { severity: 'warning', fix: replaceConstant(call.path, always) },
  )
}

/** `<`, `<=`, `>`, `>=`. The first two take a third operand: the value between two others. */
export function defineComparison(
  symbol: Symbol4,
  words: { title: Text; describe: Text; explain: Text; between: boolean },
): Operator {
  const test = tests[symbol]
  return defineOperator({
    name: symbol,
    level: 'C',
    group: 'compare',
    title: words.title,
    describe: words.describe,
    formula: { infix: { symbol: { en: symbol, zh: symbol }, binds: 3 } },
    args: [
      { name: 'left', title: { en: 'left', zh: '左' }, kind: 'value' },
      { name: 'right', title: { en: 'right', zh: '右' }, kind: 'value' },
      ...(words.between
        ? [{ name: 'upper', title: { en: 'upper', zh: '上界' }, kind: 'value' as const, optional: true }]
        : []),
    ],
    type: (call): RuleType | null => {
      if (!requireOrdered(call)) return null
      warnConstant(call, symbol)
      return bool
    },
    evaluate: (call): Thunk => {
      const scale = commonScale(call.node.args)
      const [left, right] = [call.arg(0, scale) as Side, call.arg(1, scale) as Side]
      if (call.node.args.length === 3) {
        const upper = call.arg(2, scale) as Side
        return (frame) => {
          // All three are computed before they are compared, so that what fails does so in SQL too.
          const [low, middle, high] = [left(frame), right(frame), upper(frame)]
          return test(low, middle) && test(middle, high)
        }
      }
      const constant = call.constant(1, scale)
      const field = call.field(0)
      const own = call.node.args[0]!
      if (field && typeof constant === 'number' && isNumeric(own.type) && scaleOf(own.type) === scale)
        return compareField(symbol, field, own, constant)
      return compareThunk(symbol, left, constant === undefined ? right : null, constant as Comparable)
    },
    sql: (call): SqlPiece => {
      const text =
        call.args.length === 3
          ? `(${compareSql(call, 0, symbol, 1)} AND ${compareSql(call, 1, symbol, 2)})`
          : `(${compareSql(call, 0, symbol, 1)})`
      return call.args.length === 3 ? betweenSafe(call, text) : strict(text, call.args)
    },
    explain: words.explain,
  })
}

/** A conjunction of comparisons: an operand that failed must not be hidden by a comparison that is false. */
export function betweenSafe(call: SqlCall, text: string): SqlPiece {
  const fallible = call.args.filter((piece) => piece.fails)
  if (fallible.length === 0) return strict(text, call.args)
  return strict(
    `(CASE WHEN ${fallible.map((piece) => `${piece.text} IS NOT NULL`).join(' AND ')} THEN ${text} END)`,
    call.args,
  )
}

/** One closure per symbol: a shared test function would be a second call on the hottest path there is. */
function compareThunk(symbol: Symbol4, l: Side, right: Side | null, constant: Comparable): Thunk {
  if (right === null) {
    switch (symbol) {
      case '<':
        return (frame) => l(frame) < constant
      case '<=':
        return (frame) => l(frame) <= constant
      case '>':
        return (frame) => l(frame) > constant
      case '>=':
        return (frame) => l(frame) >= constant
    }
  }
  const r = right
  switch (symbol) {
    case '<':
      return (frame) => l(frame) < r(frame)
    case '<=':
      return (frame) => l(frame) <= r(frame)
    case '>':
      return (frame) => l(frame) > r(frame)
    case '>=':
      return (frame) => l(frame) >= r(frame)
  }
}
