import { definePresence } from './shared/presence.ts'

export const exists = definePresence({
  name: 'exists',
  title: { en: 'has a value', zh: '有值' },
  describe: {
    en: 'True when the value is there; an empty text or list is a value too.',
    zh: '值存在时为真;空文本和空列表也算有值。',
  },
  holds: (value) => value !== null,
  sql: (text) => `(${text} IS NOT NULL)`,
  explain: { en: '{0} has a value: {out}', zh: '{0} 有值:{out}' },
})
