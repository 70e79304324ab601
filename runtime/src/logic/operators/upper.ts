import { defineOperator } from '../operator.ts'
import { str } from '../rule-type.ts'
import { strict } from './shared/sql.ts'
import { lowerLetters, toUpper, upperLetters } from './shared/text.ts'
import { aText, requireKind } from './shared/typing.ts'

export const upper = defineOperator({
  name: 'upper',
  level: 'V',
  group: 'text',
  title: { en: 'upper case', zh: '转大写' },
  describe: {
    en: 'The text in upper case: Latin, Greek and Cyrillic letters, full-width ones included.',
    zh: '将拉丁、希腊、西里尔字母(含全角)转为大写。',
  },
  args: [{ name: 'text', title: { en: 'text', zh: '文本' }, kind: 'value' }],
  type: (call) => (requireKind(call, 0, ['str'], aText) ? str : null),
  evaluate: (call) => {
    const text = call.arg(0)
    return (frame) => toUpper(text(frame) as string)
  },
  sql: (call) => {
    // lower() and upper() depend on the database's locale; translate() does not.
    const [from, to] = [call.bind(lowerLetters, str), call.bind(upperLetters, str)]
    return strict(`translate(${call.args[0]!.text}, ${from}, ${to})`, call.args)
  },
  explain: { en: 'upper case: {out}', zh: '转大写:{out}' },
})
