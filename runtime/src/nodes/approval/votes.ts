export interface VoteRule {
  readonly pass: 'any' | 'all'
  readonly reject: 'any' | 'all'
}

export interface VoteCount {
  readonly approved: number
  readonly rejected: number
  readonly pending: number
}

/**
 * What the votes so far come to; null: open. With `reject: all` one refusal does not end it, but once nobody is
 * left to vote and it has not passed it is refused, so no combination waits for ever.
 */
export function countVotes(rule: VoteRule, count: VoteCount): 'approved' | 'rejected' | null {
  const { approved, rejected, pending } = count
  if (rule.pass === 'any' ? approved > 0 : rejected === 0 && pending === 0 && approved > 0) return 'approved'
  if (rule.reject === 'any' ? rejected > 0 : pending === 0) return 'rejected'
  return null
}
