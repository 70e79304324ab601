import { defineOperator } from '../operator.ts'
import { nothing, withNullable } from '../rule-type.ts'
import type { RuleValue } from '../value.ts'
import { eachBody, parseTransform, transformSpecs } from './shared/transform.ts'
import { requireTest } from './shared/typing.ts'

export const filter = defineOperator({
  name: 'filter',
  level: 'F',
  group: 'list',
  title: { en: 'entries that', zh: '筛选条目' },
  describe: {
    en: 'The entries that meet a condition: {"filter": [lines, "line", {">": [line.qty, 1]}]}.',
    zh: '满足条件的条目:{"filter": [明细, "line", {">": [line.qty, 1]}]}。',
  },
  args: transformSpecs('test', 'condition', '条件'),
  parse: parseTransform,
  type: (call) => {
    const { type } = call.args[0]!
    if (!requireTest(call, 1)) return null
    return type.t === 'list' ? withNullable(type, false) : { t: 'list', nullable: false, of: nothing }
  },
  evaluate: (call) => {
    const each = eachBody(call)
    return (frame) => {
      const kept: RuleValue[] = []
      each(frame, (entry, holds) => {
        if (holds === true) kept.push(entry)
      })
      return kept
    }
  },
  explain: { en: 'of {n} entries: {out}', zh: '{n} 条中筛得:{out}' },
})
