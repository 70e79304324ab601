import type { Json } from '../../json.ts'
import { countUpTo, type WorkCalendar } from '../calendars/work-calendar.ts'
import { defineOperator } from '../operator.ts'
import { date } from '../rule-type.ts'
import type { RuleValue } from '../value.ts'
import {
  calendarOf,
  calendarSpec,
  failOutside,
  parseCalendarCall,
  passedDays,
  passedText,
} from './shared/calendar-call.ts'
import { coveredSql, workdaysSql } from './shared/calendar-sql.ts'
import { requireDate, requireKind } from './shared/typing.ts'

/** The day so many workdays on; undefined where the calendar does not reach. */
function addWorkdays({ workdays, from, to }: WorkCalendar, day: string, n: RuleValue): string | undefined {
  if (day < from || day > to || typeof n !== 'number') return undefined
  if (n === 0) return day
  const upTo = countUpTo(workdays, day)
  if (n > 0) return workdays[upTo - 1 + n]
  // Counted back from the day itself where it is worked, else from the workday after it.
  const here = workdays[upTo - 1] === day ? upTo - 1 : upTo
  return workdays[here + n]
}

export const workdayAdd = defineOperator({
  name: 'workday_add',
  level: 'V',
  group: 'date',
  title: { en: 'workdays later', zh: '工作日加' },
  describe: {
    en: 'The day so many workdays after a date (before it when negative) by a calendar; 0 is the date itself.',
    zh: '按工作日历,某日之后(负数为之前)第若干个工作日;0 为该日本身。',
  },
  args: [
    { name: 'date', title: { en: 'date', zh: '日期' }, kind: 'value' },
    { name: 'days', title: { en: 'workdays', zh: '工作日数' }, kind: 'value' },
    calendarSpec,
  ],
  parse: parseCalendarCall,
  type: (call) =>
    [requireDate(call, 0), requireKind(call, 1, ['int'], { en: 'a whole number', zh: '整数' })].every(Boolean)
      ? date
      : null,
  evaluate: (call) => {
    const [start, days] = [call.arg(0), call.arg(1)]
    const calendar = calendarOf(call.node)
    return (frame) => addWorkdays(calendar, start(frame) as string, days(frame)) ?? failOutside(call)
  },
  detail: (node, [day, n]) => {
    const calendar = calendarOf(node)
    return passedDays(
      calendar,
      String(day),
      addWorkdays(calendar, String(day), n ?? 0) ?? String(day),
    ) as unknown as Json
  },
  sql: (call) => {
    const days = workdaysSql(call)
    const text = call.once([call.args[0]!, call.numeric(1)], (d, n) => {
      const upTo = `width_bucket(${d}, ${days})`
      const here = `(CASE WHEN (${days})[${upTo}] = ${d} THEN ${upTo} ELSE ${upTo} + 1 END)`
      const at = (place: string) => `(${days})[(${place} + ${n})::integer]`
      return `(CASE WHEN ${coveredSql(call, d!)} AND abs(${n}) < 100000 THEN CASE WHEN ${n} = 0 THEN ${d} WHEN ${n} > 0 THEN ${at(upTo)} ELSE ${at(here)} END END)`
    })
    return { text, fails: true, simple: false }
  },
  explain: ({ args: [start, days], out, settings, detail }) => {
    const passed = passedText(detail)
    return {
      en: `${start} + ${days} workdays by "${String(settings.title)}" = ${out}${passed.en}`,
      zh: `${start} + ${days} 个工作日(${String(settings.title_zh)})= ${out}${passed.zh}`,
    }
  },
})
