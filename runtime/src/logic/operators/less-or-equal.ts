import { defineComparison } from './shared/comparison.ts'

export const lessOrEqual = defineComparison('<=', {
  title: { en: 'at most', zh: '小于等于' },
  describe: {
    en: 'Numbers, dates and moments. With three operands: the middle one lies between the others, both included.',
    zh: '用于数字、日期和时刻;三个操作数时:中间值介于两者之间(含两端)。',
  },
  explain: { en: '{0} ≤ {1}: {out}', zh: '{0} ≤ {1}:{out}' },
  between: true,
})
