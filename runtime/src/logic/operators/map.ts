import { defineOperator } from '../operator.ts'
import type { RuleValue } from '../value.ts'
import { eachBody, parseTransform, transformSpecs } from './shared/transform.ts'

export const map = defineOperator({
  name: 'map',
  level: 'F',
  group: 'list',
  title: { en: 'each entry', zh: '逐条计算' },
  describe: {
    en: 'The list of what a rule gives for each entry: {"map": [lines, "line", line.qty]}.',
    zh: '对每个条目计算所得值的列表:{"map": [明细, "line", line.qty]}。',
  },
  args: transformSpecs('value', 'value', '取值'),
  parse: parseTransform,
  type: (call) => ({ t: 'list', nullable: false, of: call.args[1]!.type }),
  evaluate: (call) => {
    const each = eachBody(call)
    return (frame) => {
      const made: RuleValue[] = []
      each(frame, (_, value) => made.push(value))
      return made
    }
  },
  explain: { en: 'from {n} entries: {out}', zh: '由 {n} 条得到:{out}' },
})
