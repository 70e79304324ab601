import { isStructured } from '../sql-json.ts'
import { definePresence } from './shared/presence.ts'

export const empty = definePresence({
  name: 'empty',
  title: { en: 'is empty', zh: '为空' },
  describe: {
    en: 'True when there is no value, or an empty text or list.',
    zh: '没有值、文本为空或列表为空时为真。',
  },
  holds: (value) => value === null || value === '' || (Array.isArray(value) && value.length === 0),
  sql: (text, type) =>
    type.t === 'str'
      ? `(COALESCE(${text}, '') = '')`
      : type.t === 'list'
        ? isStructured(type.of)
          ? `(COALESCE(jsonb_array_length(NULLIF(${text}, 'null'::jsonb)), 0) = 0)`
          : `(COALESCE(cardinality(${text}), 0) = 0)`
        : `(${text} IS NULL)`,
  explain: { en: '{0} is empty: {out}', zh: '{0} 为空:{out}' },
})
