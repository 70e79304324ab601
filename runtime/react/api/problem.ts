import type { Problem } from '../../src/errors/create-error.ts'

export type ProblemDetail = Problem['details'][number]

/**
 * Why a call failed, in the reader's language. `network`: the server was not reached or did not answer in time;
 * nothing is known of what it did. `refused`: it answered with problem details.
 */
export class ApiProblem extends Error {
  constructor(
    readonly kind: 'network' | 'refused',
    readonly status: number,
    readonly code: string,
    message: string,
    readonly hint: string,
    readonly details: readonly ProblemDetail[],
    /** Names the request in the server's log. */
    readonly requestId: string | null,
  ) {
    super(message)
    this.name = 'ApiProblem'
  }
}

/** What was sent stood on something that has changed since. */
export function isOutOfDate({ status }: ApiProblem): boolean {
  return status === 409 || status === 412
}

/** Of the record itself, which can be read again. */
export function isRecordOutOfDate({ status, code }: ApiProblem): boolean {
  return status === 412 || code === 'FLOW_RECORD_CHANGED'
}

export function isProblem(error: unknown): error is ApiProblem {
  return error instanceof ApiProblem
}
