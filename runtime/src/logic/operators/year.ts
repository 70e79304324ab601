import { defineDatePart } from './shared/date-part.ts'

export const year = defineDatePart('year', {
  title: { en: 'year of date', zh: '年份' },
  describe: { en: 'The year of a date, as a number.', zh: '日期的年份,为数字。' },
  explain: { en: 'year of {0} = {out}', zh: '{0} 的年份 = {out}' },
})
