import { defineDatePart } from './shared/date-part.ts'

export const month = defineDatePart('month', {
  title: { en: 'month of date', zh: '月份' },
  describe: { en: 'The month of a date, as a number.', zh: '日期的月份,为数字。' },
  explain: { en: 'month of {0} = {out}', zh: '{0} 的月份 = {out}' },
})
