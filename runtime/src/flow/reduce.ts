import type { FlowNode } from '../definition/flow.ts'
import type { FlowGraph } from './graph.ts'

/** How a node splits and gathers; what `NodeType` says of itself. */
export interface Gate {
  readonly splits?: 'xor' | 'and' | 'or'
  readonly joins?: 'and' | 'or'
  readonly place?: 'start' | 'end'
}

export interface Unpaired {
  /** The split whose branches do not meet. */
  readonly node: string
  /** What is wrong, in words. */
  readonly pattern: string
}

/**
 * Block reduction: contracts sequences and matching split/join pairs until no concurrent node is left, which proves
 * that the flow neither waits for ever nor does anything twice. What remains then is a graph of choices only, and
 * every such graph is sound. Null: sound. Each step takes a node or an edge away, so it ends.
 */
export function findUnpaired(
  graph: FlowGraph,
  gateOf: (node: FlowNode) => Gate | undefined,
): Unpaired | null {
  const gates = new Map([...graph.nodes].map(([id, node]) => [id, gateOf(node) ?? {}]))
  const isConcurrent = (id: string) => isGate(gates.get(id))
  if (![...gates.keys()].some(isConcurrent)) return null
  const net = new Net(graph)
  for (let changed = true; changed; ) {
    changed = false
    for (const id of net.ids()) {
      if (net.mergeTwins(id, (target) => gates.get(target)?.joins === undefined && !isSplit(gates.get(id))))
        changed = true
      const place = gates.get(id)?.place
      if (place === undefined && !isConcurrent(id) && net.contract(id)) changed = true
      else if (isSplit(gates.get(id)) && net.contractPair(id, gates)) changed = true
    }
  }
  const left =
    net.ids().find((id) => isSplit(gates.get(id))) ??
    net.ids().find((id) => gates.get(id)?.joins !== undefined)
  return left === undefined ? null : { node: left, pattern: namePattern(net, left, gates) }
}

function isSplit(gate: Gate | undefined): boolean {
  return gate?.splits === 'and' || gate?.splits === 'or'
}

function isGate(gate: Gate | undefined): boolean {
  return isSplit(gate) || gate?.joins !== undefined
}

function namePattern(net: Net, id: string, gates: ReadonlyMap<string, Gate>): string {
  const gate = gates.get(id)
  if (!isSplit(gate)) return 'a join without a split before it waits for branches that never come'
  for (const target of net.out(id)) {
    const met = gates.get(target)
    if (met?.place === 'end') return `a branch ends at "${target}" while others are still under way`
    if (met?.joins !== undefined && met.joins !== gate?.splits)
      return `the split is "${gate?.splits}" but its branches meet in "${target}", a join of "${met.joins}"`
    if (!isGate(met)) return `branches run into "${target}", which would then be done several times`
  }
  return 'its branches meet in different joins'
}

/** The graph while it shrinks: targets and sources with repetition, one entry per edge. */
class Net {
  private readonly outs = new Map<string, string[]>()
  private readonly ins = new Map<string, string[]>()

  constructor(graph: FlowGraph) {
    for (const id of graph.nodes.keys()) {
      this.outs.set(
        id,
        (graph.out.get(id) ?? []).map((edge) => edge.to),
      )
      this.ins.set(
        id,
        (graph.into.get(id) ?? []).map((edge) => edge.from),
      )
    }
  }

  ids(): string[] {
    return [...this.outs.keys()]
  }
  out(id: string): readonly string[] {
    return this.outs.get(id) ?? []
  }

  /** Several edges of a choice to the same node are one. */
  mergeTwins(id: string, allowed: (target: string) => boolean): boolean {
    const targets = this.outs.get(id)
    if (targets === undefined) return false
    const kept: string[] = []
    for (const target of targets) {
      if (kept.includes(target) && allowed(target)) drop(this.ins.get(target), id)
      else kept.push(target)
    }
    this.outs.set(id, kept)
    return kept.length < targets.length
  }

  /** in → id → out becomes in → out. */
  contract(id: string): boolean {
    const [from, ...otherIns] = this.ins.get(id) ?? []
    const [to, ...otherOuts] = this.outs.get(id) ?? []
    if (from === undefined || to === undefined || otherIns.length > 0 || otherOuts.length > 0) return false
    replace(this.outs.get(from), id, to)
    replace(this.ins.get(to), id, from)
    this.remove(id)
    return true
  }

  /** A split all of whose edges lead to one join of its kind that nothing else leads to: both go. */
  contractPair(split: string, gates: ReadonlyMap<string, Gate>): boolean {
    const targets = this.outs.get(split) ?? []
    const [join] = targets
    if (join === undefined || targets.some((target) => target !== join)) return false
    const sources = this.ins.get(join) ?? []
    if (gates.get(join)?.joins !== gates.get(split)?.splits || sources.length !== targets.length) return false
    const [from, ...otherIns] = this.ins.get(split) ?? []
    const [to, ...otherOuts] = this.outs.get(join) ?? []
    if (from === undefined || to === undefined || otherIns.length > 0 || otherOuts.length > 0) return false
    replace(this.outs.get(from), split, to)
    replace(this.ins.get(to), join, from)
    this.remove(split)
    this.remove(join)
    return true
  }

  private remove(id: string): void {
    this.outs.delete(id)
    this.ins.delete(id)
  }
}

function drop(list: string[] | undefined, value: string): void {
  const at = list?.indexOf(value) ?? -1
  if (at >= 0) list?.splice(at, 1)
}

function replace(list: string[] | undefined, value: string, other: string): void {
  const at = list?.indexOf(value) ?? -1
  if (list !== undefined && at >= 0) list[at] = other
}
