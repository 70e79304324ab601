/** What is known of one candidate when a choice is made. */
export interface Candidate {
  readonly id: string
  /** When something was last offered to it; null: never. */
  readonly lastAt: string | null
  /** How many open ones it has. */
  readonly load: number
  /** Null: as many as come. */
  readonly capacity: number | null
  /** A whole number; its share of what is given out in turn. */
  readonly weight: number
  /** Its credit of the turns so far. */
  readonly credit: number
}

export interface Choice {
  readonly chosen: readonly string[]
  /** New credits, for those whose credit changed. */
  readonly credits: Readonly<Record<string, number>>
  /** Those passed over, and why. */
  readonly passed: readonly { readonly id: string; readonly why: PassedOver }[]
}

export type PassedOver = 'full' | 'no_weight' | 'away' | 'off_duty'

export type Method = 'least_recent' | 'weighted' | 'least_loaded' | 'broadcast'

/**
 * Chooses among candidates. The order in which they are given decides where nothing else does. Weighted turns are
 * smooth: each time all gain their weight and the one chosen pays the sum, so that shares hold over any stretch and
 * newcomers are not flooded.
 */
export function chooseCandidates(by: Method, candidates: readonly Candidate[], count = 1): Choice {
  const { able, full, idle } = sift(by, candidates)
  const passed = [
    ...full.map(({ id }) => ({ id, why: 'full' as const })),
    ...idle.map(({ id }) => ({ id, why: 'no_weight' as const })),
  ]
  if (by === 'weighted') return { ...takeTurn(able), passed }
  const ranked = rank(by, able)
  return { chosen: ranked.slice(0, by === 'broadcast' ? count : 1).map(({ id }) => id), credits: {}, passed }
}

function sift(by: Method, candidates: readonly Candidate[]) {
  const full = candidates.filter(({ load, capacity }) => capacity !== null && load >= capacity)
  const idle = candidates.filter((one) => by === 'weighted' && one.weight <= 0 && !full.includes(one))
  return { able: candidates.filter((one) => !full.includes(one) && !idle.includes(one)), full, idle }
}

function rank(by: Method, able: readonly Candidate[]): readonly Candidate[] {
  if (by === 'weighted') return [...able].sort((a, b) => b.credit + b.weight - (a.credit + a.weight))
  return [...able].sort((a, b) => (by === 'least_loaded' ? a.load - b.load : 0) || earlier(a, b))
}

/** In which order candidates would have their turn; without those who can't have one. */
export function rankCandidates(by: Method, candidates: readonly Candidate[]): readonly Candidate[] {
  return rank(by, sift(by, candidates).able)
}

function takeTurn(able: readonly Candidate[]): Pick<Choice, 'chosen' | 'credits'> {
  const total = able.reduce((sum, { weight }) => sum + weight, 0)
  const gained = able.map(({ id, weight, credit }) => ({ id, credit: credit + weight }))
  const best = gained.reduce<(typeof gained)[number] | undefined>(
    (top, one) => (top === undefined || one.credit > top.credit ? one : top),
    undefined,
  )
  if (best === undefined) return { chosen: [], credits: {} }
  const credits = Object.fromEntries(
    gained.map(({ id, credit }) => [id, id === best.id ? credit - total : credit]),
  )
  return { chosen: [best.id], credits }
}

/** Never comes before long ago. */
function earlier(a: Candidate, b: Candidate): number {
  if (a.lastAt === b.lastAt) return 0
  if (a.lastAt === null) return -1
  if (b.lastAt === null) return 1
  return a.lastAt < b.lastAt ? -1 : 1
}
