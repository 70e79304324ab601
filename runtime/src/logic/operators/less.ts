import { defineComparison } from './shared/comparison.ts'

export const less = defineComparison('<', {
  title: { en: 'less than', zh: '小于' },
  describe: {
    en: 'Numbers, dates and moments. With three operands: the middle one lies strictly between the others.',
    zh: '用于数字、日期和时刻;三个操作数时:中间值严格介于两者之间。',
  },
  explain: { en: '{0} < {1}: {out}', zh: '{0} < {1}:{out}' },
  between: true,
})
