import { defineQuantifier } from './shared/quantifier.ts'

export const none = defineQuantifier({
  name: 'none',
  title: { en: 'no entry', zh: '无一条目' },
  describe: {
    en: 'True when no entry meets the condition; also of an empty list: {"none": [lines, "line", {">": [line.qty, 1]}]}.',
    zh: '没有条目满足条件时为真,列表为空时亦为真:{"none": [明细, "line", {">": [line.qty, 1]}]}。',
  },
  on: true,
  decided: false,
  otherwise: () => true,
  aggregate: 'NOT COALESCE(bool_or(s.x), FALSE)',
  exists: (from, test) => `(NOT EXISTS (SELECT 1 ${from(test)}))`,
  explain: { en: 'none of {n} entries: {out}', zh: '{n} 条中无一满足:{out}' },
})
