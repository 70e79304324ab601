import { defineComparison } from './shared/comparison.ts'

export const greaterOrEqual = defineComparison('>=', {
  title: { en: 'at least', zh: '大于等于' },
  describe: {
    en: 'Numbers, dates and moments.',
    zh: '用于数字、日期和时刻。',
  },
  explain: { en: '{0} ≥ {1}: {out}', zh: '{0} ≥ {1}:{out}' },
  between: false,
})
