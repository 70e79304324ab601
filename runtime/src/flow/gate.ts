/** How a node splits and gathers; what `NodeType` says of itself. */
export interface Gate {
  readonly splits?: 'xor' | 'and' | 'or'
  /** `any`: gathers what its split let loose, whichever kind that is. */
  readonly joins?: 'and' | 'or' | 'any'
  readonly place?: 'start' | 'end'
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
