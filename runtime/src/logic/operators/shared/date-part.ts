import {
  type CheckCall,
  defineOperator,
  type EvaluateCall,
  type Operator,
  type SqlCall,
  type SqlPiece,
} from '../../operator.ts'
import type { RuleType } from '../../types.ts'
import type { Thunk } from '../../value.ts'
import { strict } from './sql.ts'
import { requireDate } from './typing.ts'

/** Parts of a date. Weeks are those of ISO 8601: `week_day` 1 is Monday. */
export const dateParts = ['year', 'quarter', 'month', 'day', 'week_day', 'year_day'] as const
export type DatePart = (typeof dateParts)[number]

const most: Readonly<Record<DatePart, number>> = {
  year: 9999,
  quarter: 4,
  month: 12,
  day: 31,
  week_day: 7,
  year_day: 366,
}

const fields: Readonly<Record<DatePart, string>> = {
  year: 'year',
  quarter: 'quarter',
  month: 'month',
  day: 'day',
  week_day: 'isodow',
  year_day: 'doy',
}

const daysBefore = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334]

/** The part of an ISO date. */
export function partOfDate(date: string, part: DatePart): number {
  const [year, month, day] = [Number(date.slice(0, 4)), Number(date.slice(5, 7)), Number(date.slice(8, 10))]
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  const yearDay = daysBefore[month - 1]! + day + (leap && month > 2 ? 1 : 0)
  switch (part) {
    case 'year':
      return year
    case 'quarter':
      return Math.ceil(month / 3)
    case 'month':
      return month
    case 'day':
      return day
    case 'year_day':
      return yearDay
    case 'week_day': {
      const before = year - 1
      // 0001-01-01 was a Monday.
      const days =
        before * 365 +
        Math.floor(before / 4) -
        Math.floor(before / 100) +
        Math.floor(before / 400) +
        yearDay -
        1
      return (days % 7) + 1
    }
  }
}

export const datePartCall = {
  type: (call: CheckCall, part: DatePart): RuleType | null =>
    requireDate(call, 0) ? { t: 'int', nullable: false, min: '1', max: String(most[part]) } : null,
  evaluate: (call: EvaluateCall, part: DatePart): Thunk => {
    const date = call.arg(0)
    return (frame) => partOfDate(date(frame) as string, part)
  },
  sql: (call: SqlCall, part: DatePart): SqlPiece => ({
    ...strict(`extract(${fields[part]} FROM ${call.args[0]!.text})::bigint`, call.args),
    native: true,
  }),
}

/** year, quarter, month: one part of a date as an operator of its own. */
export function defineDatePart(
  part: Extract<DatePart, 'year' | 'quarter' | 'month'>,
  words: Pick<Operator, 'title' | 'describe' | 'explain'>,
): Operator {
  return defineOperator({
    ...words,
    name: part,
    level: 'V',
    group: 'date',
    args: [{ name: 'date', title: { en: 'date', zh: '日期' }, kind: 'value' }],
    type: (call) => datePartCall.type(call, part),
    digits: () => String(most[part]).length,
    evaluate: (call) => datePartCall.evaluate(call, part),
    sql: (call) => datePartCall.sql(call, part),
  })
}
