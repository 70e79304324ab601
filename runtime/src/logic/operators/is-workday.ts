import type { Json } from '../../json.ts'
import { countUpTo } from '../calendars/work-calendar.ts'
import { defineOperator } from '../operator.ts'
import { bool } from '../rule-type.ts'
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

export const isWorkday = defineOperator({
  name: 'is_workday',
  level: 'V',
  group: 'date',
  title: { en: 'is a workday', zh: '是工作日' },
  describe: {
    en: 'True when the day is worked by a calendar, days that make up for holidays included.',
    zh: '按工作日历该日上班(含调休上班日)时为真。',
  },
  args: [{ name: 'date', title: { en: 'date', zh: '日期' }, kind: 'value' }, calendarSpec],
  parse: parseCalendarCall,
  type: (call) => (requireDate(call, 0) ? bool : null),
  evaluate: (call) => {
    const date = call.arg(0)
    const { workdays, from, to } = calendarOf(call.node)
    return (frame) => {
      const day = date(frame) as string
      if (day < from || day > to) failOutside(call)
      return workdays[countUpTo(workdays, day) - 1] === day
    }
  },
  detail: (node, [day]) => passedDays(calendarOf(node), String(day), String(day)) as unknown as Json,
  sql: (call) => {
    const text = call.once(
      [call.args[0]!],
      (d) => `(CASE WHEN ${coveredSql(call, d!)} THEN ${d} = ANY(${workdaysSql(call)}) END)`,
    )
    return { text, fails: true, simple: false }
  },
  explain: ({ args: [date], out, settings, detail }) => {
    const passed = passedText(detail)
    return {
      en: `${date} is a workday by "${String(settings.title)}": ${out}${passed.en}`,
      zh: `${date} 按“${String(settings.title_zh)}”是工作日:${out}${passed.zh}`,
    }
  },
})
