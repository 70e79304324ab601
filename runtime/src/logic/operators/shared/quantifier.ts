import { defineOperator, type Operator } from '../../operator.ts'
import { bool } from '../../rule-type.ts'
import { entriesOf, fromRows, guardList, isSafe } from './lists.ts'
import { parseTransform, transformSpecs } from './transform.ts'
import { requireTest } from './typing.ts'

/**
 * any, all, none. Two operands are standard JSON-logic: the test sees the entry and nothing else. With a name between
 * them it sees everything, and the entry by that name. As in JSON-logic, `all` of an empty list is false.
 */
export function defineQuantifier(
  parts: Pick<Operator, 'name' | 'aliases' | 'title' | 'describe' | 'explain'> & {
    /** The answer once a test gives `on`; where none does, `otherwise` says, by whether there were entries. */
    readonly on: boolean
    readonly decided: boolean
    otherwise(some: boolean): boolean
    /** Over `x`, the tests of all entries; null without entries. */
    readonly aggregate: string
    /** Over the rows' FROM clause and a test that cannot fail. */
    exists(from: (test?: string) => string, test: string): string
  },
): Operator {
  const { on, decided, otherwise, aggregate, exists, ...words } = parts
  return defineOperator({
    ...words,
    level: 'L',
    group: 'list',
    args: transformSpecs('test', 'condition', '条件'),
    parse: parseTransform,
    type: (call) => (requireTest(call, 1) ? bool : null),
    evaluate: (call) => {
      const entries = entriesOf(call)
      const holds = call.arg(1)
      const { slot } = call.node.binds[0]!
      const { turn } = call
      // Where a test can fail, all are made: whether the rule fails must not hang on the order of the rows.
      const early = isSafe(call.node.args[1]!)
      return (frame) => {
        const list = entries(frame)
        let met = false
        for (const entry of list) {
          turn?.()
          frame.locals[slot] = entry
          if (holds(frame) !== on) continue
          met = true
          if (early) break
        }
        return met ? decided : otherwise(list.length > 0)
      }
    },
    sql: (call) => {
      const rows = call.rows(0)
      const test = call.within(1, [rows.entry])
      if (!test.fails) {
        const text = exists((extra) => fromRows(rows, extra), test.text)
        return { ...guardList(rows, text, false), simple: false }
      }
      const text = `(SELECT CASE WHEN bool_and(s.x IS NOT NULL) IS NOT FALSE THEN ${aggregate} END FROM (SELECT ${test.text} AS x ${fromRows(rows)}) s)`
      return { ...guardList(rows, text, true), simple: false }
    },
  })
}
