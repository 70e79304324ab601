import type { Seat } from '../../flow/seats.ts'
import type { Pass } from './settings.ts'

/** How the votes of a step are counted. Stored with the step, so that a run never changes its rule midway. */
export interface VoteRule {
  readonly pass: Pass
  readonly reject: 'any' | 'all' | 'cannot_pass'
  readonly wait: 'early' | 'all'
}

export interface Tally {
  /** Seats, and what they weigh, by verdict; `pending` includes those who are asked later. */
  readonly seats: number
  readonly approved: number
  readonly rejected: number
  readonly pending: number
}

/** The rule as it is when a step says nothing. */
export function voteRule(said: {
  readonly pass?: Pass
  readonly reject?: VoteRule['reject']
  readonly wait?: VoteRule['wait']
}): VoteRule {
  const pass = said.pass ?? 'any'
  const usual = pass === 'any' ? 'all' : pass === 'all' ? 'any' : 'cannot_pass'
  return { pass, reject: said.reject ?? usual, wait: said.wait ?? 'early' }
}

/** How many approvals, or how much weight, the rule asks of so many. Whole numbers throughout: nothing is rounded off. */
export function neededOf(pass: Pass, total: number): number {
  if (pass === 'any') return 1
  if (pass === 'all') return total
  if ('count' in pass) return Math.min(pass.count, total)
  // More than all there is can't be asked: then it takes everybody.
  if ('weight' in pass) return Math.min(pass.weight.need, total)
  const { num, den } = pass.ratio
  return Math.min(total, Math.floor((num * total + den - 1) / den))
}

/** Seats that are void don't count; `later` are the weights of those who have not been asked yet. */
export function tally(pass: Pass, seats: readonly Seat[], later: readonly number[]): Tally {
  const isWeighed = typeof pass === 'object' && 'weight' in pass
  const counts = { seats: later.length, approved: 0, rejected: 0, pending: 0 }
  for (const weight of later) counts.pending += isWeighed ? weight : 1
  for (const { verdict, weight } of seats) {
    if (verdict === 'void') continue
    counts.seats += 1
    counts[verdict === 'open' ? 'pending' : verdict] += isWeighed ? weight : 1
  }
  return counts
}

/**
 * What the votes so far come to; null: open. A step that nobody is left to vote on and that has not passed is
 * refused, so no combination waits for ever; with one seat every rule is that person's word.
 */
export function countVotes(rule: VoteRule, count: Tally): 'approved' | 'rejected' | null {
  const { approved, rejected, pending } = count
  if (count.seats === 0 || (rule.wait === 'all' && pending > 0)) return null
  const needed = neededOf(rule.pass, approved + rejected + pending)
  const passes = approved >= needed && approved > 0
  const isRefused =
    rule.reject === 'any'
      ? rejected > 0
      : rule.reject === 'all'
        ? approved + pending === 0
        : approved + pending < needed
  // Heard to the end, one refusal of "any" outweighs the approvals; before that whatever came first has decided.
  if (rule.wait === 'all' && isRefused) return 'rejected'
  if (passes) return 'approved'
  return isRefused || pending === 0 ? 'rejected' : null
}
