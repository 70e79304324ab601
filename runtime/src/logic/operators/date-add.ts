import { ruleDate } from '../../errors/logic.ts'
import { addToDate, type DateUnit, dateUnits, lastDay } from '../calendar.ts'
import { defineOperator, type SqlCall, type SqlPiece } from '../operator.ts'
import { date } from '../rule-type.ts'
import { requireDate, requireKind } from './shared/typing.ts'

/** More than this leads out of the calendar from any date. */
const most = 4_000_000

function dateAddSql(call: SqlCall): SqlPiece {
  const unit = call.node.settings.unit as DateUnit
  const pieces = [call.args[0]!, call.numeric(1)]
  const text = call.once(pieces, (d, n) => {
    if (unit === 'day') {
      // CASE computes in order: the sum is made only where it stays inside the calendar.
      return `(CASE WHEN (${d} - DATE '0001-01-01') + ${n} BETWEEN 0 AND ${lastDay} THEN ${d} + (${n})::integer END)`
    }
    const months = unit === 'year' ? `(${n}) * 12` : `(${n})`
    const month = `extract(year FROM ${d}) * 12 + extract(month FROM ${d}) - 1 + ${months}`
    return `(CASE WHEN ${month} BETWEEN 12 AND 119999 THEN (${d} + make_interval(months => (${months})::integer))::date END)`
  })
  return { text, fails: true, simple: false }
}

export const dateAdd = defineOperator({
  name: 'date_add',
  level: 'V',
  group: 'date',
  title: { en: 'date plus', zh: '日期加' },
  describe: {
    en: 'The date so many days, months or years later (or earlier). A month too short takes its last day.',
    zh: '若干天、月或年之后(或之前)的日期;月份天数不足时取该月最后一天。',
  },
  args: [
    { name: 'date', title: { en: 'date', zh: '日期' }, kind: 'value' },
    { name: 'amount', title: { en: 'how many', zh: '数量' }, kind: 'value' },
    { name: 'unit', title: { en: 'unit', zh: '单位' }, kind: 'word', words: dateUnits },
  ],
  type: (call) => {
    const sound = [
      requireDate(call, 0),
      requireKind(call, 1, ['int'], { en: 'a whole number', zh: '整数' }),
    ].every(Boolean)
    return sound ? date : null
  },
  evaluate: (call) => {
    const [start, amount] = [call.arg(0), call.arg(1)]
    const unit = call.node.settings.unit as DateUnit
    return (frame) => {
      const from = start(frame) as string
      const n = amount(frame)
      const result = typeof n === 'number' && Math.abs(n) <= most ? addToDate(from, n, unit) : null
      return result ?? call.fail(ruleDate)
    }
  },
  sql: dateAddSql,
  explain: { en: '{0} + {1} {unit} = {out}', zh: '{0} + {1} {unit} = {out}' },
})
