import { defineQuantifier } from './shared/quantifier.ts'

export const all = defineQuantifier({
  name: 'all',
  title: { en: 'every entry', zh: '全部条目' },
  describe: {
    en: 'True when there are entries and every one meets the condition: {"all": [lines, "line", {">": [line.qty, 1]}]}.',
    zh: '存在条目且全部满足条件时为真:{"all": [明细, "line", {">": [line.qty, 1]}]}。',
  },
  on: false,
  decided: false,
  otherwise: (some) => some,
  aggregate: 'COALESCE(bool_and(s.x), FALSE)',
  exists: (from, test) => `(EXISTS (SELECT 1 ${from()}) AND NOT EXISTS (SELECT 1 ${from(`NOT ${test}`)}))`,
  explain: { en: 'every one of {n} entries: {out}', zh: '{n} 条全部满足:{out}' },
})
