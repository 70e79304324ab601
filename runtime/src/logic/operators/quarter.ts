import { defineDatePart } from './shared/date-part.ts'

export const quarter = defineDatePart('quarter', {
  title: { en: 'quarter of date', zh: '季度' },
  describe: { en: 'The quarter of a date, as a number.', zh: '日期的季度,为数字。' },
  explain: { en: 'quarter of {0} = {out}', zh: '{0} 的季度 = {out}' },
})
