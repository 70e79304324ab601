/** How a node splits and gathers, and where it stands. */
export interface Gate {
  /** How many edges lead in and out: the first and last node of a flow, or one on the way (default). */
  readonly place?: 'start' | 'end'
  /**
   * What it does to the run when it has several edges: `xor` (default) one goes on, `and` all do, `or` some do.
   * A node that gathers what such a split let loose says so with `joins`. On the first arrival a join is run, with
   * the edge in `activation.via` and `activation.state.refusedFrom` when the branch was refused at that node; every
   * later one is an event `arrived`.
   */
  readonly splits?: 'xor' | 'and' | 'or'
  /** `any`: gathers what its split let loose, whichever kind that is. */
  readonly joins?: 'and' | 'or' | 'any'
}

/** How a node lets several branches loose; null: one goes on at most. */
export function splitKind(gate: Gate | undefined): 'and' | 'or' | null {
  return gate?.splits === 'and' || gate?.splits === 'or' ? gate.splits : null
}

export function gathers(join: Gate | undefined, kind: 'and' | 'or'): boolean {
  return join?.joins === 'any' || join?.joins === kind
}

/** Neither lets branches loose nor gathers them. */
export function isPlain(gate: Gate): boolean {
  return splitKind(gate) === null && gate.joins === undefined
}
