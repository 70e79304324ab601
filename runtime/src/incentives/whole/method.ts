import { compare, multiply } from '../arithmetic.ts'
import { defineBandMethod } from '../band-method.ts'
import { hitRow, upperEdge } from '../bands.ts'
import { showAmount, showNumber, showPercent } from '../words.ts'

/** 全额按档: the value of the band that is reached pays on everything; of fixed amounts only the highest counts. */
export default defineBandMethod({
  name: 'whole',
  title: { en: 'On the whole amount', zh: '全额按档' },
  describe: {
    en: 'The band that is reached sets one rate for the whole amount, back to the first unit. The payout jumps where a band begins.',
    zh: '按达到的档位,以同一比例对全部金额计算;跨档时奖励会跳升。',
  },
  jumps: true,
  compute({ lookup, payOn, bound, unit, rows }) {
    if (compare(payOn, '0') <= 0) return { amount: '0', slices: [] }
    const index = hitRow(rows, lookup, bound)
    const row = rows[index]
    if (row === undefined) return { amount: '0', slices: [] }
    const amount = unit === 'rate' ? multiply(payOn, row.value) : row.value
    const slice = {
      row: row.id,
      unit,
      from: row.from,
      to: upperEdge(rows, index),
      slice: payOn,
      value: row.value,
      amount,
    }
    return { amount, slices: [slice] }
  },
  sql({ lookup, payOn, bound, unit, rows }) {
    const inside =
      bound === 'lower'
        ? `${lookup} >= band.lo AND (band.hi IS NULL OR ${lookup} < band.hi)`
        : `${lookup} > band.lo AND (band.hi IS NULL OR ${lookup} <= band.hi)`
    const amount = unit === 'rate' ? `${payOn} * band.value` : 'band.value'
    return `coalesce((SELECT ${amount} FROM ${rows} AS band WHERE ${payOn} > 0 AND ${inside}), 0)`
  },
  written({ lookup, payOn, bound, unit, rows }) {
    const sign = bound === 'lower' ? '>=' : '>'
    const bands = rows.map(({ lo, value }) => {
      const amount = unit === 'rate' ? `${payOn} * ${value}` : value
      return `WHEN ${lookup} ${sign} ${lo} THEN ${amount}`
    })
    // Bands begin at 0 or above: a rate on the measure that they look at pays nothing below them by itself.
    const positive = unit === 'rate' && lookup === payOn ? '' : `WHEN ${payOn} <= 0 THEN 0 `
    return `(CASE ${positive}${bands.reverse().join(' ')} ELSE 0 END)`
  },
  explain(slices, locale, currency) {
    return slices.map((slice) => {
      const amount = showAmount(slice.amount, currency)
      if (slice.unit === 'fixed') {
        const from = showNumber(slice.from)
        return locale === 'zh'
          ? `达到 ${from} 档,奖励 ${amount}`
          : `The band from ${from} is reached: ${amount}`
      }
      const from = showAmount(slice.from, currency)
      const part = showAmount(slice.slice, currency)
      const rate = showPercent(slice.value)
      return locale === 'zh'
        ? `达到 ${from} 档,全额 ${part} × ${rate} = ${amount}`
        : `The band from ${from} is reached, so all of ${part} × ${rate} = ${amount}`
    })
  },
})
