import { type DateUnit, dateDifference, dateUnits } from '../calendar.ts'
import { defineOperator, type SqlCall, type SqlPiece } from '../operator.ts'
import { int } from '../rule-type.ts'
import { strict } from './shared/sql.ts'
import { every, requireDate } from './shared/typing.ts'

function dateDiffSql(call: SqlCall): SqlPiece {
  const unit = call.node.settings.unit as DateUnit
  const [from, to] = [call.args[0]!, call.args[1]!]
  // As numeric like all whole numbers that are computed.
  if (unit === 'day') return strict(`(${to.text} - ${from.text})::numeric`, [from, to])
  const text = call.once([from, to], (a, b) => {
    const months = `(extract(year FROM ${b}) - extract(year FROM ${a})) * 12 + extract(month FROM ${b}) - extract(month FROM ${a})`
    const days = `extract(day FROM ${b}) - extract(day FROM ${a})`
    const cut = `(${months} - (${months} > 0 AND ${days} < 0)::int + (${months} < 0 AND ${days} > 0)::int)`
    return unit === 'month' ? cut : `trunc(${cut} / 12)`
  })
  return strict(text, [from, to])
}

export const dateDiff = defineOperator({
  name: 'date_diff',
  level: 'V',
  group: 'date',
  title: { en: 'days between', zh: '日期相差' },
  describe: {
    en: 'Whole days, months or years from the first date to the second, cut towards zero.',
    zh: '从第一个日期到第二个日期的整天、整月或整年数,向零取整。',
  },
  args: [
    { name: 'from', title: { en: 'from', zh: '起' }, kind: 'value' },
    { name: 'to', title: { en: 'to', zh: '止' }, kind: 'value' },
    { name: 'unit', title: { en: 'unit', zh: '单位' }, kind: 'word', words: dateUnits, default: 'day' },
  ],
  type: (call) =>
    every(call, (i) => requireDate(call, i)) ? { ...int, min: '-3652058', max: '3652058' } : null,
  digits: () => 7,
  evaluate: (call) => {
    const [from, to] = [call.arg(0), call.arg(1)]
    const unit = call.node.settings.unit as DateUnit
    return (frame) => dateDifference(from(frame) as string, to(frame) as string, unit)
  },
  sql: dateDiffSql,
  explain: { en: 'from {0} to {1}: {out} {unit}', zh: '{0} 至 {1}:{out} {unit}' },
})
