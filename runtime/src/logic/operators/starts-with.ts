import { defineOperator } from '../operator.ts'
import { bool } from '../rule-type.ts'
import { strict } from './shared/sql.ts'
import { aText, every, requireKind } from './shared/typing.ts'

export const startsWith = defineOperator({
  name: 'startsWith',
  level: 'C',
  group: 'text',
  title: { en: 'starts with', zh: '开头是' },
  describe: {
    en: 'True when the text begins with another. Case matters.',
    zh: '文本以另一文本开头时为真,区分大小写。',
  },
  args: [
    { name: 'text', title: { en: 'text', zh: '文本' }, kind: 'value' },
    { name: 'start', title: { en: 'beginning', zh: '开头' }, kind: 'value' },
  ],
  type: (call) => (every(call, (i) => requireKind(call, i, ['str'], aText)) ? bool : null),
  evaluate: (call) => {
    const [text, start] = [call.arg(0), call.arg(1)]
    return (frame) => {
      const [whole, part] = [text(frame) as string, start(frame) as string]
      return whole.startsWith(part)
    }
  },
  sql: (call) => strict(`starts_with(${call.args[0]!.text}, ${call.args[1]!.text})`, call.args),
  explain: { en: '{0} starts with {1}: {out}', zh: '{0} 以 {1} 开头:{out}' },
})
