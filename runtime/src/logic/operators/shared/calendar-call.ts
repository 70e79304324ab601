import { ruleCalendarRange, ruleCalendarUnknown } from '../../../errors/calendars.ts'
import { suggest } from '../../../fields/suggest.ts'
import type { Json } from '../../../json.ts'
import { addToDate } from '../../calendar.ts'
import type { WorkCalendar } from '../../calendars/work-calendar.ts'
import { dateInZone } from '../../calendars/zone.ts'
import { reportOperandCount } from '../../check-operands.ts'
import type { CallNode, IrNode } from '../../ir.ts'
import type { ArgumentSpec, EvaluateCall, ParseCall } from '../../operator.ts'

/** The last operand: the calendar, named as written. */
export const calendarSpec: ArgumentSpec = {
  name: 'calendar',
  title: { en: 'calendar', zh: '工作日历' },
  kind: 'value',
}

/** Checks the operands before the calendar's name, and finds the calendar; `payload` of the node is the calendar. */
export function parseCalendarCall(call: ParseCall): IrNode | null {
  const { operator, operands } = call
  if (operands.length !== operator.args.length) {
    reportOperandCount(call, String(operator.args.length))
    return null
  }
  const last = operands.length - 1
  const name = operands[last]
  const calendar = typeof name === 'string' ? call.scope.library?.calendar(name) : undefined
  if (!calendar) {
    const shown = typeof name === 'string' ? name : JSON.stringify(name)
    const { near, known } = suggest(shown, call.scope.library?.calendars ?? [])
    const path = call.pathOf(last)
    call.report(
      ruleCalendarUnknown,
      path,
      { name: shown.slice(0, 60), known: known === '' ? '–' : known },
      near === undefined
        ? {}
        : { fix: { title: { en: `Use "${near}"`, zh: `改为"${near}"` }, path, value: near } },
    )
  }
  const args = operands.slice(0, last).map((operand, i) => call.check(operand, call.pathOf(i)))
  const good = args.filter((arg) => arg !== null)
  if (!calendar || good.length < args.length) return null
  const node = call.call(operator.name, good, {
    settings: { calendar: calendar.key, title: calendar.title.en, title_zh: calendar.title.zh },
  })
  return node?.kind === 'call' ? ({ ...node, payload: calendar } satisfies CallNode) : null
}

export function calendarOf(node: CallNode): WorkCalendar {
  return node.payload as WorkCalendar
}

/** E_CALENDAR: the days that the rule needs are not entered. */
export function failOutside(call: EvaluateCall): never {
  const { key, from, to } = calendarOf(call.node)
  return call.fail(ruleCalendarRange, { calendar: key, from, to })
}

/** What a trace tells of the days between two dates: holidays passed over, and days off that were worked. */
export interface PassedDays {
  readonly off: readonly PassedDay[]
  readonly worked: readonly PassedDay[]
}
interface PassedDay {
  readonly date: string
  readonly en: string
  readonly zh: string
}

/** Named days that a trace shows. */
const told = 20

/** The named days from one date to another, both included, whichever is the earlier. */
export function passedDays(calendar: WorkCalendar, a: string, b: string): PassedDays {
  const [from, to] = a <= b ? [a, b] : [b, a]
  const between = [...calendar.named]
    .filter(([date]) => date >= from && date <= to)
    .sort(([x], [y]) => (x < y ? -1 : 1))
    .map(([date, { title, work }]) => ({ date, work, en: title.en, zh: title.zh }))
  const pick = (worked: boolean) =>
    between
      .filter(({ work }) => work === worked)
      .slice(0, told)
      .map(({ date, en, zh }) => ({ date, en, zh }))
  return { off: pick(false), worked: pick(true) }
}

/** The day on the wall of the calendar's zone at an instant. */
export function dayOf(calendar: WorkCalendar, instant: string): string {
  return dateInZone(calendar.timeZone, instant)
}

/** `National Day 2025-10-01 – 2025-10-08`, joined; empty where nothing was passed over. */
export function passedText(detail: Json | undefined): { en: string; zh: string } {
  const { off, worked } = (detail ?? { off: [], worked: [] }) as unknown as PassedDays
  const parts = (locale: 'en' | 'zh') => {
    const names = (days: readonly PassedDay[]) => runsOf(days, locale).join(locale === 'zh' ? '、' : ', ')
    return [
      ...(off.length > 0 ? [locale === 'zh' ? `跳过 ${names(off)}` : `passing over ${names(off)}`] : []),
      ...(worked.length > 0
        ? [locale === 'zh' ? `计入调休上班 ${names(worked)}` : `worked: ${names(worked)}`]
        : []),
    ]
  }
  const [en, zh] = [parts('en').join('; '), parts('zh').join(';')]
  return { en: en === '' ? '' : ` (${en})`, zh: zh === '' ? '' : `(${zh})` }
}

function runsOf(days: readonly PassedDay[], locale: 'en' | 'zh'): string[] {
  const runs: { name: string; from: string; to: string }[] = []
  for (const day of days) {
    const last = runs.at(-1)
    if (last && last.name === day[locale] && addToDate(last.to, 1, 'day') === day.date) last.to = day.date
    else runs.push({ name: day[locale], from: day.date, to: day.date })
  }
  return runs.map(({ name, from, to }) => `${name} ${from === to ? from : `${from} – ${to}`}`)
}
