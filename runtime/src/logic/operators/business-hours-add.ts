import { ruleScale } from '../../errors/logic.ts'
import type { Json } from '../../json.ts'
import { addWorkingTime } from '../calendars/hours.ts'
import { defineOperator } from '../operator.ts'
import { instant, scaleOf } from '../rule-type.ts'
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
import { aNumber, convertTo, requireKind } from './shared/typing.ts'

/** Places of hours that are whole microseconds. */
const mostPlaces = 8

/** Microseconds of hours in units at `scale`. */
function microsOfHours(units: number | bigint, scale: number): bigint {
  return (BigInt(units) * 3_600_000_000n) / 10n ** BigInt(scale)
}

export const businessHoursAdd = defineOperator({
  name: 'business_hours_add',
  level: 'V',
  group: 'date',
  title: { en: 'working hours later', zh: '工作小时加' },
  describe: {
    en: 'The moment so many working hours after another (before it when negative) by a calendar.',
    zh: '按工作日历,某时刻之后(负数为之前)若干工作小时的时刻。',
  },
  args: [
    { name: 'from', title: { en: 'moment', zh: '时刻' }, kind: 'value' },
    { name: 'hours', title: { en: 'hours', zh: '小时数' }, kind: 'value' },
    calendarSpec,
  ],
  parse: parseCalendarCall,
  type: (call) => {
    if (!convertTo(call, 0, instant)) return null
    const sound = [
      requireKind(call, 0, ['instant'], { en: 'a moment', zh: '时刻' }),
      requireKind(call, 1, ['int', 'dec'], aNumber),
    ].every(Boolean)
    const hours = call.args[1]!
    if (sound && scaleOf(hours.type) > mostPlaces) {
      call.report(ruleScale, hours.path, { found: scaleOf(hours.type), expected: mostPlaces })
      return null
    }
    return sound ? instant : null
  },
  evaluate: (call) => {
    const [from, hours] = [call.arg(0), call.arg(1)]
    const scale = scaleOf(call.node.args[1]!.type)
    const calendar = calendarOf(call.node)
    return (frame) =>
      addWorkingTime(
        calendar,
        from(frame) as string,
        microsOfHours(hours(frame) as number | bigint, scale),
      ) ?? failOutside(call)
  },
  detail: (node, [from, hours]) => {
    const calendar = calendarOf(node)
    const micros = microsOfHours((hours ?? 0) as number | bigint, scaleOf(node.args[1]!.type))
    const end = addWorkingTime(calendar, String(from), micros) ?? String(from)
    return passedDays(calendar, dayOf(calendar, String(from)), dayOf(calendar, end)) as unknown as Json
  },
  sql: (call) => {
    const spans = spansSql(call)
    const a = call.alias()
    const b = call.alias()
    const moment = `(${spans.starts})[${b}.at] + ${b}.target - (${spans.before})[${b}.at]`
    const inner = `SELECT ${microsSql(call.args[0]!.text)} AS m, (${call.numeric(1).text}) * 3600000000 AS d OFFSET 0`
    const target = `SELECT ${a}.m, ${a}.d, ${workedSql(spans, `${a}.m`)} + ${a}.d AS target FROM (${inner}) ${a} OFFSET 0`
    const c = call.alias()
    const placed = `SELECT ${c}.m, ${c}.d, ${c}.target, width_bucket(CASE WHEN ${c}.d > 0 THEN ${c}.target - 1 ELSE ${c}.target END, ${spans.before}) AS at FROM (${target}) ${c} OFFSET 0`
    const text = `(SELECT CASE WHEN ${b}.m BETWEEN ${spans.opens} AND ${spans.closes} THEN CASE WHEN ${b}.d = 0 THEN ${b}.m WHEN ${b}.target >= 0 AND ${moment} <= (${spans.ends})[${b}.at] THEN ${moment} END END FROM (${placed}) ${b})`
    // Whole microseconds below 2^53: the product with an interval is exact.
    return {
      text: `(TIMESTAMPTZ 'epoch' + ${text}::double precision * INTERVAL '1 microsecond')`,
      fails: true,
      simple: false,
    }
  },
  explain: ({ args: [from, hours], out, settings, detail }) => {
    const passed = passedText(detail)
    return {
      en: `${from} + ${hours} working hours by "${String(settings.title)}" = ${out}${passed.en}`,
      zh: `${from} + ${hours} 个工作小时(${String(settings.title_zh)})= ${out}${passed.zh}`,
    }
  },
})
