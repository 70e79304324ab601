import { defineError } from './create-error.ts'

// Work calendars: what is wrong with a definition, and what a rule that reckons with one can end with.

export const calendarZone = defineError({
  code: 'CALENDAR_ZONE',
  status: 422,
  message: { en: 'There is no time zone "{name}".', zh: '没有名为"{name}"的时区。' },
  hint: { en: 'Use an IANA name such as "Asia/Shanghai".', zh: '请使用 IANA 名称,例如 "Asia/Shanghai"。' },
})
export const calendarCovers = defineError({
  code: 'CALENDAR_COVERS',
  status: 422,
  message: {
    en: 'A calendar covers a first to a last day, at most {years} years.',
    zh: '日历须写明首日与末日,最长 {years} 年。',
  },
  hint: {
    en: 'Write the days between which holidays are known; make another calendar for other years.',
    zh: '请写明节假日已确定的起止日期;其他年份请另建日历。',
  },
})
export const calendarDayOutside = defineError({
  code: 'CALENDAR_DAY_OUTSIDE',
  status: 422,
  message: {
    en: 'The day is no date in order, or lies outside {from} to {to}.',
    zh: '日期有误,或不在 {from} 至 {to} 之内。',
  },
  hint: { en: 'Correct the day, or let the calendar cover it.', zh: '请更正日期,或扩大日历的覆盖范围。' },
})
export const calendarDayTwice = defineError({
  code: 'CALENDAR_DAY_TWICE',
  status: 422,
  message: { en: '{date} is listed twice.', zh: '{date} 重复列出。' },
  hint: { en: 'Keep one entry for each day.', zh: '每天只保留一条。' },
})
export const calendarHours = defineError({
  code: 'CALENDAR_HOURS',
  status: 422,
  message: { en: 'The hours overlap or end before they begin.', zh: '时段重叠,或结束早于开始。' },
  hint: {
    en: 'List hours in order: {"from": "09:00", "to": "12:00"}, then {"from": "13:00", "to": "18:00"}.',
    zh: '请按先后列出:{"from": "09:00", "to": "12:00"},再 {"from": "13:00", "to": "18:00"}。',
  },
})
export const ruleCalendarUnknown = defineError({
  code: 'T15',
  status: 422,
  message: { en: 'There is no calendar "{name}".', zh: '没有名为"{name}"的工作日历。' },
  hint: { en: 'There is: {known}.', zh: '可用的有:{known}。' },
})
export const ruleCalendarRange = defineError({
  code: 'E_CALENDAR',
  status: 422,
  message: {
    en: 'The calendar "{calendar}" covers {from} to {to}; the rule needs a day outside.',
    zh: '工作日历"{calendar}"只覆盖 {from} 至 {to},规则需要范围外的日期。',
  },
  hint: {
    en: 'Enter the holidays of that year: of days that are not entered nothing is guessed.',
    zh: '请录入该年度的节假日;系统不会猜测未录入的日期。',
  },
})
