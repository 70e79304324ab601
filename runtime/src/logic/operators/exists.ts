import { ruleLiteral } from '../../errors/logic.ts'
import { definePresence } from './shared/presence.ts'

export const exists = definePresence({
  name: 'exists',
  title: { en: 'has a value', zh: '有值' },
  describe: {
    en: 'True when the value is there; an empty text or list is a value too.',
    zh: '值存在时为真;空文本和空列表也算有值。',
  },
  accepts: (call) => {
    const [asked] = call.args
    if (asked?.kind !== 'literal' || asked.type.t !== 'str') return true
    // Other engines take a text for a path; here it would always be there.
    call.report(
      ruleLiteral,
      asked.path,
      {
        why: 'a text is always there; a field is written {"var": "field"}',
        why_zh: '文本总是有值;字段请写成 {"var": "字段"}',
      },
      {
        fix: {
          title: { en: 'Ask for the field', zh: '改为字段' },
          path: asked.path,
          value: { var: asked.raw },
        },
      },
    )
    return false
  },
  holds: (value) => value !== null,
  sql: (text) => `(${text} IS NOT NULL)`,
  explain: { en: '{0} has a value: {out}', zh: '{0} 有值:{out}' },
})
