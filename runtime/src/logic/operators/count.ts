import { reportOperandCount } from '../check-operands.ts'
import { defineOperator } from '../operator.ts'
import {
  checkBody,
  checkListOperand,
  entriesOf,
  entryType,
  fromRows,
  guardList,
  listSpec,
  nameSpec,
  readName,
} from './shared/lists.ts'
import { requireTest } from './shared/typing.ts'

export const count = defineOperator({
  name: 'count',
  level: 'L',
  group: 'list',
  title: { en: 'count of list', zh: '列表计数' },
  describe: {
    en: 'How many entries a list has, or how many meet a condition: {"count": [lines, "line", {">": [line.qty, 1]}]}.',
    zh: '列表的条目数,或满足条件的条目数:{"count": [明细, "line", {">": [line.qty, 1]}]}。',
  },
  args: [
    listSpec,
    nameSpec,
    { name: 'test', title: { en: 'condition', zh: '条件' }, kind: 'value', optional: true },
  ],
  parse: (call) => {
    if (call.operands.length !== 1 && call.operands.length !== 3) {
      reportOperandCount(call, '1, 3')
      return null
    }
    const list = checkListOperand(call)
    if (call.operands.length === 1) return list && call.call('count', [list])
    const name = readName(call, 1)
    const found = list && name !== null && checkBody(call, [{ name, type: entryType(list) }], [2])
    return found ? call.call('count', [list, ...found.body], { binds: found.binds, body: 1 }) : null
  },
  type: (call) => (requireTest(call, 1) ? { t: 'int', nullable: false, min: '0', max: '10000' } : null),
  digits: () => 5,
  evaluate: (call) => {
    const entries = entriesOf(call)
    if (call.node.args.length === 1) return (frame) => entries(frame).length
    const holds = call.arg(1)
    const { slot } = call.node.binds[0]!
    const { turn } = call
    return (frame) => {
      let found = 0
      for (const entry of entries(frame)) {
        turn?.()
        frame.locals[slot] = entry
        if (holds(frame) === true) found += 1
      }
      return found
    }
  },
  sql: (call) => {
    const rows = call.rows(0)
    const test = call.node.args.length === 1 ? null : call.within(1, [rows.entry])
    if (!test?.fails)
      return {
        ...guardList(rows, `(SELECT count(*) ${fromRows(rows, test?.text)})`, false),
        simple: false,
        native: true,
      }
    const text = `(SELECT CASE WHEN bool_and(s.p IS NOT NULL) IS NOT FALSE THEN count(*) FILTER (WHERE s.p) END FROM (SELECT ${test.text} AS p ${fromRows(rows)}) s)`
    return { ...guardList(rows, text, true), simple: false, native: true }
  },
  explain: { en: '{out} of {n} entries', zh: '{n} 条中有 {out} 条' },
})
