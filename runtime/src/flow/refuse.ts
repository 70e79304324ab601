import type { ErrorCode } from '../errors/create-error.ts'
import type { PeopleQuestion } from './people.ts'

/** Why a command is not carried out. */
export interface Denial {
  readonly error: ErrorCode
  readonly values?: Readonly<Record<string, unknown>>
}

/** A command that the run refuses; nothing of it has happened. */
export class Refused extends Error {
  constructor(
    readonly error: ErrorCode,
    readonly values: Readonly<Record<string, unknown>> = {},
  ) {
    super(error.code)
  }
}

/** The command can't be judged before these are known; nothing of it has happened. */
export class Needs extends Error {
  constructor(
    readonly questions: readonly PeopleQuestion[],
    /** People whose delegation windows are wanted. */
    readonly delegations: readonly string[] = [],
  ) {
    super('People are not known yet')
  }
}

/** A rule of a node that could not be computed: an incident, not a refusal. */
export class RuleFailed extends Error {}
