/** Chance that follows from a seed, so that a run can be told again as far as the machine allows. */
export interface Chance {
  /** From 0 to below 1. */
  next(): number
  below(count: number): number
  pick<T>(from: readonly T[]): T
  /** True so often out of a hundred. */
  percent(share: number): boolean
}

/** mulberry32 */
export function createChance(seed: number): Chance {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
  const below = (count: number) => Math.floor(next() * count)
  return {
    next,
    below,
    pick(from) {
      const one = from[below(from.length)]
      if (one === undefined) throw new Error('there is nothing to pick from')
      return one
    },
    percent: (share) => next() * 100 < share,
  }
}
