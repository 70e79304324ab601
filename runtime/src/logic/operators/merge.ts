import { ruleBranches } from '../../errors/logic.ts'
import { defineOperator } from '../operator.ts'
import { commonType, describeType, nothing, withNullable } from '../rule-type.ts'
import type { RuleType } from '../types.ts'
import type { RuleValue } from '../value.ts'
import { limitList } from './shared/lists.ts'
import { requirePresent } from './shared/typing.ts'

export const merge = defineOperator({
  name: 'merge',
  level: 'F',
  group: 'list',
  title: { en: 'join lists', zh: '合并列表' },
  describe: {
    en: 'One list of the entries of all lists; a value that is no list becomes an entry.',
    zh: '将多个列表的条目并为一个列表;不是列表的值成为一个条目。',
  },
  args: [{ name: 'lists', title: { en: 'list or value', zh: '列表或值' }, kind: 'value', rest: 0 }],
  type: (call) => {
    let of: RuleType | null = null
    for (const [i, node] of call.args.entries()) {
      const { type } = node
      if (type.t === 'list' && !requirePresent(call, i)) return null
      const entry: RuleType = type.t === 'list' ? type.of : type
      // An empty list adds no entries, so it does not make them nullable.
      if (type.t === 'list' && entry.t === 'null' && node.kind === 'list' && node.items.length === 0) continue
      const common: RuleType | null = of === null ? entry : commonType(of, entry)
      if (!common) {
        const [found, expected] = [describeType(entry), describeType(of!)]
        call.report(ruleBranches, node.path, {
          found: found.en,
          found_zh: found.zh,
          expected: expected.en,
          expected_zh: expected.zh,
        })
        return null
      }
      of = common
    }
    return { t: 'list', nullable: false, of: of ?? nothing }
  },
  evaluate: (call) => {
    const type = call.node.type as Extract<RuleType, { t: 'list' }>
    const parts = call.node.args.map((node, i) =>
      node.type.t === 'list' ? call.as(i, type) : call.as(i, withNullable(type.of, true)),
    )
    const limit = limitList(call)
    return (frame) => {
      const made: RuleValue[] = []
      for (const part of parts) {
        const value = part(frame)
        if (Array.isArray(value)) made.push(...(value as readonly RuleValue[]))
        else made.push(value)
        limit(made.length)
      }
      return made
    }
  },
  explain: { en: 'joined: {out}', zh: '合并得到:{out}' },
})
