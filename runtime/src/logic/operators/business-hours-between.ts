import type { Json } from '../../json.ts'
import { hour, workingTime } from '../calendars/hours.ts'
import { defineOperator } from '../operator.ts'
import { instant } from '../rule-type.ts'
import { divideUnits, fromBig } from '../scaled.ts'
import {
  calendarOf,
  calendarSpec,
  dayOf,
  failOutside,
  parseCalendarCall,
  passedDays,
  passedText,
} from './shared/calendar-call.ts'
import { microsSql, spansSql, workedSql } from './shared/calendar-sql.ts'
import { convertTo, every, requireKind } from './shared/typing.ts'

/** Places of the hours that are given: a ten-thousandth is a third of a second. */
const places = 4

export const businessHoursBetween = defineOperator({
  name: 'business_hours_between',
  level: 'V',
  group: 'date',
  title: { en: 'working hours between', zh: '工作小时差' },
  describe: {
    en: 'Working hours from one moment to another by a calendar, to four places; negative when the second is the earlier.',
    zh: '按工作日历,两个时刻之间的工作小时数,四位小数;第二个更早时为负。',
  },
  args: [
    { name: 'from', title: { en: 'from', zh: '起' }, kind: 'value' },
    { name: 'to', title: { en: 'to', zh: '止' }, kind: 'value' },
    calendarSpec,
  ],
  parse: parseCalendarCall,
  type: (call) => {
    const sound = every(
      call,
      (i) => convertTo(call, i, instant) && requireKind(call, i, ['instant'], { en: 'a moment', zh: '时刻' }),
    )
    return sound ? { t: 'dec', nullable: false, scale: places } : null
  },
  digits: () => 6,
  evaluate: (call) => {
    const [from, to] = [call.arg(0), call.arg(1)]
    const calendar = calendarOf(call.node)
    return (frame) => {
      const time = workingTime(calendar, from(frame) as string, to(frame) as string)
      if (time === null) return failOutside(call)
      return divideUnits(fromBig(time * 10n ** BigInt(places)), fromBig(hour), 'half_up')
    }
  },
  detail: (node, [a, b]) => {
    const calendar = calendarOf(node)
    return passedDays(calendar, dayOf(calendar, String(a)), dayOf(calendar, String(b))) as unknown as Json
  },
  sql: (call) => {
    const spans = spansSql(call)
    const a = call.alias()
    const known = (m: string) => `${m} BETWEEN ${spans.opens} AND ${spans.closes}`
    const d = call.alias()
    const inner = `SELECT ${microsSql(call.args[0]!.text)} AS x, ${microsSql(call.args[1]!.text)} AS y OFFSET 0`
    const time = `SELECT CASE WHEN ${known(`${a}.x`)} AND ${known(`${a}.y`)} THEN ${workedSql(spans, `${a}.y`)} - ${workedSql(spans, `${a}.x`)} END AS t FROM (${inner}) ${a} OFFSET 0`
    // A quotient of numeric is rounded already: whole numbers alone round halves right.
    const text = `(SELECT sign(${d}.t) * div(abs(${d}.t) * 20000 + 3600000000, 7200000000) * 0.0001 FROM (${time}) ${d})`
    return { text, fails: true, simple: false }
  },
  explain: ({ args: [from, to], out, settings, detail }) => {
    const passed = passedText(detail)
    return {
      en: `from ${from} to ${to}: ${out} working hours by "${String(settings.title)}"${passed.en}`,
      zh: `${from} 至 ${to}:${out} 个工作小时(${String(settings.title_zh)})${passed.zh}`,
    }
  },
})
