import type { BranchRules } from './settings.ts'

/** Branches by the edge that lets them loose. */
export interface Gathering {
  readonly expected: readonly string[]
  readonly arrived: Readonly<Record<string, 'done' | 'rejected'>>
}

export type Gathered =
  | { readonly kind: 'waits' }
  /** `early`: other branches are still under way and are not needed any more. */
  | { readonly kind: 'passes'; readonly early: boolean }
  | { readonly kind: 'refused'; readonly early: boolean }

/** What the branches that have come so far mean for the join. Whatever the rules, the last to come decides it. */
export function gather(rules: BranchRules, { expected, arrived }: Gathering): Gathered {
  const states = expected.map((branch) => arrived[branch])
  const done = states.filter((state) => state === 'done').length
  const refused = states.filter((state) => state === 'rejected').length
  const left = expected.length - done - refused
  const early = left > 0
  const ignores = rules.onBranchReject === 'ignore'
  // Refused branches that are ignored lower what can be asked for, but one has to have gone well.
  const able = ignores ? expected.length - refused : expected.length
  const wanted = neededOf(rules.join, expected.length)
  const needed = Math.max(1, Math.min(wanted, able))
  const blocked = !ignores && refused > 0 && rules.join !== 'any' && typeof rules.join !== 'object'
  if (blocked) return left === 0 ? { kind: 'refused', early } : { kind: 'waits' }
  if (done >= needed) return { kind: 'passes', early }
  if (done + left < needed) return { kind: 'refused', early }
  return { kind: 'waits' }
}

function neededOf(join: BranchRules['join'], expected: number): number {
  if (join === 'any') return 1
  // A split that lets only some branches loose may let loose fewer than the quorum.
  if (typeof join === 'object') return Math.min(join.quorum, expected)
  return expected
}
