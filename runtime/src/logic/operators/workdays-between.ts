import type { Json } from '../../json.ts'
import { addToDate } from '../calendar.ts'
import { countUpTo } from '../calendars/work-calendar.ts'
import { defineOperator } from '../operator.ts'
import { int } from '../rule-type.ts'
import {
  calendarOf,
  calendarSpec,
  failOutside,
  parseCalendarCall,
  passedDays,
  passedText,
} from './shared/calendar-call.ts'
import { coveredSql, workdaysSql } from './shared/calendar-sql.ts'
import { requireDate } from './shared/typing.ts'

export const workdaysBetween = defineOperator({
  name: 'workdays_between',
  level: 'V',
  group: 'date',
  title: { en: 'workdays between', zh: '工作日差' },
  describe: {
    en: 'Workdays after the first date up to the second, that one included; negative when it is the earlier.',
    zh: '第一个日期之后至第二个日期(含)的工作日数;第二个更早时为负。',
  },
  args: [
    { name: 'from', title: { en: 'from', zh: '起' }, kind: 'value' },
    { name: 'to', title: { en: 'to', zh: '止' }, kind: 'value' },
    calendarSpec,
  ],
  parse: parseCalendarCall,
  type: (call) =>
    [requireDate(call, 0), requireDate(call, 1)].every(Boolean)
      ? { ...int, min: '-10000', max: '10000' }
      : null,
  digits: () => 5,
  evaluate: (call) => {
    const [first, second] = [call.arg(0), call.arg(1)]
    const { workdays, from, to } = calendarOf(call.node)
    const before = (day: string) => countUpTo(workdays, addToDate(day, -1, 'day') ?? day)
    return (frame) => {
      const [a, b] = [first(frame) as string, second(frame) as string]
      if (a < from || a > to || b < from || b > to) failOutside(call)
      // Counted from either side, the day one starts from is left out: `workday_add` then leads there again.
      return a <= b ? countUpTo(workdays, b) - countUpTo(workdays, a) : before(b) - before(a)
    }
  },
  detail: (node, [a, b]) => passedDays(calendarOf(node), String(a), String(b)) as unknown as Json,
  sql: (call) => {
    const days = workdaysSql(call)
    const text = call.once([call.args[0]!, call.args[1]!], (a, b) => {
      const upTo = (day: string) => `width_bucket(${day}, ${days})`
      const before = (day: string) => `width_bucket((${day} - 1), ${days})`
      return `(CASE WHEN ${coveredSql(call, a!)} AND ${coveredSql(call, b!)} THEN (CASE WHEN ${a} <= ${b} THEN ${upTo(b!)} - ${upTo(a!)} ELSE ${before(b!)} - ${before(a!)} END)::numeric END)`
    })
    return { text, fails: true, simple: false }
  },
  explain: ({ args: [from, to], out, settings, detail }) => {
    const passed = passedText(detail)
    return {
      en: `from ${from} to ${to}: ${out} workdays by "${String(settings.title)}"${passed.en}`,
      zh: `${from} 至 ${to}:${out} 个工作日(${String(settings.title_zh)})${passed.zh}`,
    }
  },
})
