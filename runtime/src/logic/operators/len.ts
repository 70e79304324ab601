import { defineOperator } from '../operator.ts'
import { int } from '../rule-type.ts'
import { strict } from './shared/sql.ts'
import { countCharacters } from './shared/text.ts'
import { aText, requireKind } from './shared/typing.ts'

export const len = defineOperator({
  name: 'len',
  level: 'V',
  group: 'text',
  title: { en: 'length', zh: '长度' },
  describe: {
    en: 'How many characters (code points) a text has; 😀 is one.',
    zh: '文本的字符数(码点数);😀 算一个。',
  },
  args: [{ name: 'text', title: { en: 'text', zh: '文本' }, kind: 'value' }],
  type: (call) => (requireKind(call, 0, ['str'], aText) ? { ...int, min: '0', max: '131072' } : null),
  digits: () => 6,
  evaluate: (call) => {
    const text = call.arg(0)
    return (frame) => countCharacters(text(frame) as string)
  },
  sql: (call) => ({ ...strict(`char_length(${call.args[0]!.text})`, call.args), native: true }),
  explain: { en: 'length of {0} = {out}', zh: '{0} 的长度 = {out}' },
})
