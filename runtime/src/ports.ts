/** What the runtime may ask of the outside, besides the data it is handed. */
export interface Clock {
  /** ISO 8601 instant in UTC with milliseconds. */
  now(): string
  /**
   * True for a clock that does not follow real time (cases, simulations): background work waits until whoever
   * moves the clock runs it.
   */
  readonly virtual?: boolean
}
export interface Ids {
  /** A UUID; version 7 on the server, so that keys grow with time. */
  next(): string
}
