import { ruleSplitWeights } from '../../errors/tables.ts'
import { defineOperator, type SqlCall, type SqlPiece } from '../operator.ts'
import { isNumeric, scaleOf } from '../rule-type.ts'
import { absUnits, formatUnits, fromBig, negateUnits, powerOfTen, type Units } from '../scaled.ts'
import type { RuleValue } from '../value.ts'
import { aNumber, reportType, requireKind, requirePresent } from './shared/typing.ts'

/**
 * Shares of a total by weights, by largest remainder: each gets the whole units of its exact share, and what is left
 * goes one unit each to the largest remainders, the earlier first where these are equal. The shares of a negative
 * total are those of the positive one, negated. Null where the weights cannot share anything out.
 */
export function splitUnits(total: Units, weights: readonly Units[]): Units[] | null {
  const parts = weights.map((weight) => BigInt(weight))
  const sum = parts.reduce((all, weight) => all + weight, 0n)
  if (sum <= 0n || parts.some((weight) => weight < 0n)) return null
  const size = BigInt(absUnits(total))
  const shares = parts.map((weight) => (size * weight) / sum)
  const rests = parts.map((weight) => (size * weight) % sum)
  let left = Number(shares.reduce((rest, share) => rest - share, size))
  const order = rests
    .map((_, i) => i)
    .sort((a, b) => (rests[a]! > rests[b]! ? -1 : rests[a]! < rests[b]! ? 1 : a - b))
  for (const i of order) {
    if (left <= 0) break
    shares[i]! += 1n
    left -= 1
  }
  return shares.map((share) => (total < 0 ? negateUnits(fromBig(share)) : fromBig(share)))
}

function splitSql(call: SqlCall): SqlPiece {
  const scale = scaleOf(call.node.args[0]!.type)
  const total = call.numeric(0)
  const { from, where, order, entry, ok } = call.rows(1)
  const { node } = call
  const of = node.args[1]!.type
  const weight = entry([], of.t === 'list' ? of.of : node.type)
  const [e, o, c] = [call.alias(), call.alias(), call.alias()]
  const units = `(abs(${c}.total) * ${powerOfTen(scale).toString()}::numeric)`
  const one = formatUnits(1, scale)
  const entries = `SELECT row_number() OVER (ORDER BY ${order}) AS n, (${weight.text})::numeric AS w FROM ${from}${where === null ? '' : ` WHERE ${where}`}`
  const shares = `SELECT ${e}.n, ${e}.w, ${c}.total, ${units} AS units, NULLIF(sum(${e}.w) OVER (), 0) AS sum FROM (${entries}) ${e}, (SELECT ${total.text} AS total OFFSET 0) ${c}`
  const rests = `SELECT ${o}.n, ${o}.w, ${o}.sum, ${o}.total, ${o}.units, div(${o}.units * ${o}.w, ${o}.sum) AS share, (${o}.units * ${o}.w) % ${o}.sum AS rest FROM (${shares}) ${o}`
  const r = call.alias()
  const ranked = `SELECT ${r}.n, ${r}.w, ${r}.sum, ${r}.total, ${r}.share + (CASE WHEN row_number() OVER (ORDER BY ${r}.rest DESC, ${r}.n) <= ${r}.units - sum(${r}.share) OVER () THEN 1 ELSE 0 END) AS part FROM (${rests}) ${r}`
  const p = call.alias()
  const list = `array_agg(sign(${p}.total) * ${p}.part * ${one}::numeric ORDER BY ${p}.n)`
  const text = `(SELECT CASE WHEN min(${p}.w) >= 0 AND max(${p}.sum) > 0 AND max(${p}.total) IS NOT NULL THEN ${list} END FROM (${ranked}) ${p})`
  return { text: ok === null ? text : `(CASE WHEN ${ok} THEN ${text} END)`, fails: true, simple: false }
}

export const split = defineOperator({
  name: 'split',
  level: 'L',
  group: 'number',
  title: { en: 'share out', zh: '按权重分摊' },
  describe: {
    en: 'A total shared out by weights, to its own places, so that the shares add up to it exactly (largest remainder).',
    zh: '按权重分摊总额,保留总额的小数位数,各份之和恰等于总额(最大余数法)。',
  },
  args: [
    { name: 'total', title: { en: 'total', zh: '总额' }, kind: 'value' },
    { name: 'weights', title: { en: 'weights', zh: '权重' }, kind: 'value' },
  ],
  type: (call) => {
    const [total, weights] = call.args
    if (!requireKind(call, 0, ['int', 'dec'], aNumber)) return null
    const { type } = weights!
    if (type.t !== 'list' || !isNumeric(type.of) || type.of.nullable) {
      reportType(call, weights!, { en: 'a list of numbers', zh: '数字列表' })
      return null
    }
    if (!requirePresent(call, 1)) return null
    const { t } = total!.type
    return {
      t: 'list',
      nullable: false,
      of: t === 'int' ? { t, nullable: false } : { t: 'dec', nullable: false, scale: scaleOf(total!.type) },
    }
  },
  evaluate: (call) => {
    const [total, weights] = [call.arg(0), call.arg(1)]
    return (frame) => {
      const shares = splitUnits(total(frame) as Units, weights(frame) as readonly Units[])
      return (shares as readonly RuleValue[] | null) ?? call.fail(ruleSplitWeights)
    }
  },
  sql: splitSql,
  explain: { en: '{0} shared out by {1}: {out}', zh: '{0} 按 {1} 分摊:{out}' },
})
