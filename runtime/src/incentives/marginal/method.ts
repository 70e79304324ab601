import { compare, minimum, multiply, subtract, sum } from '../arithmetic.ts'
import { defineBandMethod, type Slice } from '../band-method.ts'
import { reaches, upperEdge } from '../bands.ts'
import { showAmount, showNumber, showPercent } from '../words.ts'

/** Bands of which each says in full what those below it pay: the text grows with their square. */
const mostWhole = 12

/** 分段累进: each part of the measure is paid at the value of the band it lies in; fixed amounts add up. */
export default defineBandMethod({
  name: 'marginal',
  title: { en: 'By slices (marginal)', zh: '分段累进' },
  describe: {
    en: 'Each part of the amount is paid at the rate of the band it lies in. Reaching a band never changes what the bands below it pay.',
    zh: '各档仅对落入该档的部分计算;达到更高档位不影响低档部分的奖励。',
  },
  sliced: true,
  compute({ lookup, payOn, bound, unit, rows }) {
    const slices: Slice[] = []
    if (compare(payOn, '0') <= 0) return { amount: '0', slices }
    for (const [index, row] of rows.entries()) {
      const to = upperEdge(rows, index)
      const of = unit === 'rate' ? payOn : lookup
      // On a rate the side of the bound does not matter: a slice of no width pays nothing.
      if (unit === 'rate' ? compare(of, row.from) <= 0 : !reaches(of, row.from, bound)) break
      const slice = subtract(to === null ? of : minimum(of, to), row.from)
      const amount = unit === 'rate' ? multiply(slice, row.value) : row.value
      slices.push({ row: row.id, unit, from: row.from, to, slice, value: row.value, amount })
    }
    return { amount: sum(slices.map((slice) => slice.amount)), slices }
  },
  sql({ lookup, payOn, bound, unit, rows }) {
    if (unit === 'rate') {
      return `(SELECT coalesce(sum(greatest(0, least(${payOn}, coalesce(band.hi, ${payOn})) - band.lo) * band.value), 0) FROM ${rows} AS band)`
    }
    const reached = `${lookup} ${bound === 'lower' ? '>=' : '>'} band.lo`
    return `(SELECT coalesce(sum(band.value), 0) FROM ${rows} AS band WHERE ${payOn} > 0 AND ${reached})`
  },
  written({ lookup, payOn, bound, unit, rows }) {
    if (unit === 'rate') {
      if (rows.length > mostWhole) {
        const slices = rows.map(({ lo, hi, value }) => {
          const top = hi === null ? payOn : `LEAST(${payOn}, ${hi})`
          return `GREATEST(0, ${top} - ${lo}) * ${value}`
        })
        return `(${slices.join(' + ')})`
      }
      // One band is worked out for each amount: what those below it pay in full is the same for all.
      const full: string[] = []
      const bands = rows.map(({ lo, hi, value }) => {
        const amount = [...full, `(${payOn} - ${lo}) * ${value}`].join(' + ')
        full.push(`(${hi} - ${lo}) * ${value}`)
        return hi === null ? `ELSE ${amount}` : `WHEN ${payOn} <= ${hi} THEN ${amount}`
      })
      return `(CASE WHEN ${payOn} <= ${rows[0]?.lo ?? 0} THEN 0 ${bands.join(' ')} END)`
    }
    const sign = bound === 'lower' ? '>=' : '>'
    const steps = rows.map(({ lo, value }) => `(CASE WHEN ${lookup} ${sign} ${lo} THEN ${value} ELSE 0 END)`)
    return `(CASE WHEN ${payOn} > 0 THEN ${steps.join(' + ')} ELSE 0 END)`
  },
  explain(slices, locale, currency) {
    return slices.map((slice) => {
      const amount = showAmount(slice.amount, currency)
      if (slice.unit === 'fixed') {
        const from = showNumber(slice.from)
        return locale === 'zh' ? `达到 ${from},奖励 ${amount}` : `${from} reached: ${amount}`
      }
      const from = showAmount(slice.from, currency)
      const part = showAmount(slice.slice, currency)
      const rate = showPercent(slice.value)
      if (compare(slice.from, '0') === 0) {
        return locale === 'zh'
          ? `前 ${part} × ${rate} = ${amount}`
          : `The first ${part} × ${rate} = ${amount}`
      }
      return locale === 'zh'
        ? `超过 ${from} 的 ${part} × ${rate} = ${amount}`
        : `The next ${part} above ${from} × ${rate} = ${amount}`
    })
  },
})
