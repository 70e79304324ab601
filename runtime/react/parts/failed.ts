import { isProblem } from '../api/problem.ts'

interface Asked {
  readonly isError: boolean
  readonly error: unknown
  readonly data: unknown
}

/**
 * Whether nothing is left to show but why the call failed: `if (hasFailed(query)) return <FailedState …/>`, never
 * `query.isError`. What was read before stays, with what somebody has entered into it, while another try in the
 * background fails; unless the answer is that it is gone or no longer for this reader.
 */
export function hasFailed<Q extends Asked>(query: Q): query is Extract<Q, { isLoadingError: true }> {
  if (!query.isError) return false
  return query.data === undefined || isGone(query.error)
}

function isGone(error: unknown): boolean {
  return isProblem(error) && (error.status === 403 || error.status === 404)
}
