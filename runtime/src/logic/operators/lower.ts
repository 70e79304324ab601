import { defineOperator } from '../operator.ts'
import { str } from '../rule-type.ts'
import { strict } from './shared/sql.ts'
import { lowerLetters, toLower, upperLetters } from './shared/text.ts'
import { aText, requireKind } from './shared/typing.ts'

export const lower = defineOperator({
  name: 'lower',
  level: 'V',
  group: 'text',
  title: { en: 'lower case', zh: '转小写' },
  describe: {
    en: 'The text in lower case: Latin, Greek and Cyrillic letters, full-width ones included.',
    zh: '将拉丁、希腊、西里尔字母(含全角)转为小写。',
  },
  args: [{ name: 'text', title: { en: 'text', zh: '文本' }, kind: 'value' }],
  type: (call) => (requireKind(call, 0, ['str'], aText) ? str : null),
  evaluate: (call) => {
    const text = call.arg(0)
    return (frame) => toLower(text(frame) as string)
  },
  sql: (call) => {
    // lower() and upper() depend on the database's locale; translate() does not.
    const [from, to] = [call.bind(upperLetters, str), call.bind(lowerLetters, str)]
    return strict(`translate(${call.args[0]!.text}, ${from}, ${to})`, call.args)
  },
  explain: { en: 'lower case: {out}', zh: '转小写:{out}' },
})
