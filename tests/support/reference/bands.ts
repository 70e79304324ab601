import type { Json } from '@channelwright/runtime/json.ts'
import {
  add,
  type Compute,
  compare,
  fail,
  inRange,
  minus,
  type Num,
  num,
  number,
  quotient,
  type Run,
  rounded,
  times,
  type Value,
  whole,
} from './values.ts'

// `tiers` and `split`, as the guide defines them.

/** A number written out: as itself, as text, or as `{"dec": …}`. */
function written(json: Json): Num {
  return number(String(typeof json === 'object' && json !== null ? (json as { dec: string }).dec : json))
}

function paid(
  amount: Num,
  method: string,
  bands: readonly (readonly [from: Num, value: Num])[],
  edge: string,
  unit: string,
): Num {
  if (amount.n <= 0n) return whole(0)
  /** The edge between two bands belongs to the one that begins there, or to the one below. */
  const reached = bands.filter(([from]) => compare(amount, from) > (edge === 'lower' ? -1 : 0))
  if (method === 'whole') {
    const value = reached.at(-1)?.[1]
    if (!value) return whole(0)
    return unit === 'fixed' ? value : times(amount, value)
  }
  if (unit === 'fixed') return reached.map(([, value]) => value).reduce(add, whole(0))
  return bands
    .map(([from, value], i) => {
      const next = bands[i + 1]?.[0]
      const top = next && compare(next, amount) < 0 ? next : amount
      return compare(top, from) > 0 ? times(add(top, minus(from)), value) : whole(0)
    })
    .reduce(add)
}

/** Whole units by weight, rounded down; those that are left go to the largest remainders, the earlier first. */
function shared(total: Num, weights: readonly Num[]): Value {
  const sum = weights.reduce(add, whole(0))
  if (sum.n <= 0n || weights.some(({ n }) => n < 0n)) return fail('no weights')
  const size: Num = { n: total.n < 0n ? -total.n : total.n, s: total.s }
  const shares = weights.map((weight) => quotient(times(size, weight), sum, total.s, 'down').n)
  const rests = weights.map((weight, i) =>
    // What is left of the exact share, times the sum of the weights.
    add(times(size, weight), minus(times({ n: shares[i]!, s: total.s }, sum))),
  )
  for (let left = size.n - shares.reduce((a, b) => a + b, 0n); left > 0n; left -= 1n) {
    const most = rests.reduce((best, rest, i) => (compare(rest, rests[best]!) > 0 ? i : best), 0)
    shares[most]! += 1n
    rests[most] = minus(whole(1))
  }
  return shares.map((share): Num => ({ n: total.n < 0n ? -share : share, s: total.s }))
}

export function bandOperators(run: Run): Readonly<Record<string, Compute>> {
  return {
    tiers: ([amount, method, bands, places, mode = 'half_up', edge = 'lower', unit = 'rate'], sight) => {
      const rows = (bands as [Json, Json][]).map(([from, value]) => [written(from), written(value)] as const)
      const exact = paid(num(run(amount!, sight)), String(method), rows, String(edge), String(unit))
      return inRange(rounded(exact, Number(places), String(mode)))
    },
    split: ([total, weights], sight) =>
      shared(num(run(total!, sight)), (run(weights!, sight) as readonly Value[]).map(num)),
  }
}
