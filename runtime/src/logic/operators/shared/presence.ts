import { type CheckCall, defineOperator, type Operator } from '../../operator.ts'
import { bool } from '../../rule-type.ts'
import { lenient } from '../../scope.ts'
import type { RuleType } from '../../types.ts'
import type { RuleValue } from '../../value.ts'
import { okOf } from './sql.ts'

/** A question about a value that may be missing, answered for every value: exists, empty. */
export function definePresence(
  parts: Pick<Operator, 'name' | 'title' | 'describe' | 'explain'> & {
    holds(value: RuleValue): boolean
    /** The same over the SQL of a value of the type. */
    sql(text: string, type: RuleType): string
    /** Refuses what is surely not meant; false after reporting it. */
    accepts?(call: CheckCall): boolean
  },
): Operator {
  const { holds, sql, accepts, ...words } = parts
  return defineOperator({
    ...words,
    level: 'C',
    group: 'compare',
    args: [{ name: 'value', title: { en: 'value', zh: '值' }, kind: 'value' }],
    type: (call) => {
      if (accepts && !accepts(call)) return null
      call.args[0] = lenient(call.args[0]!)
      return bool
    },
    evaluate: (call) => {
      const value = call.arg(0)
      return (frame) => holds(value(frame))
    },
    sql: (call) => {
      const piece = call.args[0]!
      const { type } = call.node.args[0]!
      const text = sql(piece.text, type)
      return piece.fails
        ? { text: `(CASE WHEN ${okOf(piece, type.nullable)} THEN ${text} END)`, fails: true, simple: false }
        : { text, fails: false, simple: false }
    },
  })
}
