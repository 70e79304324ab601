import { type Gate, gathers, isPlain, splitKind } from './gate.ts'
import type { FlowGraph } from './graph.ts'
import type { Block, Branch } from './reduce.ts'

/** A node of the shrinking graph: stands for itself and for all that it has taken in. */
interface Spot {
  readonly id: string
  gate: Gate
  /** Neighbour → edges of the flow that lead there. */
  readonly out: Map<string, string[]>
  readonly into: Map<string, string[]>
  readonly members: string[]
  readonly blocks: Block[]
}

/** A branch that has become one node, or the edge that leads straight into the join. */
interface Way {
  readonly edge: string
  readonly spot: Spot | null
  readonly arrivals: readonly string[]
}

/** The graph of a flow while block reduction shrinks it. */
export class BlockNet {
  readonly blocks: Block[] = []
  private readonly spots = new Map<string, Spot>()
  private readonly queue: string[] = []
  private readonly queued = new Set<string>()

  constructor(graph: FlowGraph, gates: ReadonlyMap<string, Gate>) {
    for (const id of graph.nodes.keys()) {
      const gate = gates.get(id) ?? {}
      this.spots.set(id, { id, gate, out: new Map(), into: new Map(), members: [id], blocks: [] })
    }
    for (const edge of graph.edges.values()) this.connect(edge.from, edge.to, [edge['x-id']])
    for (const id of this.spots.keys()) this.wake(id)
  }

  shrink(): void {
    for (let id = this.queue.pop(); id !== undefined; id = this.queue.pop()) {
      this.queued.delete(id)
      const spot = this.spots.get(id)
      if (spot === undefined) continue
      if (splitKind(spot.gate) !== null) this.pair(spot)
      else this.absorb(spot)
    }
  }

  /** Blocks in no other block. */
  outermost(): readonly Block[] {
    return [...this.spots.values()].flatMap((spot) => spot.blocks)
  }

  ids(): readonly string[] {
    return [...this.spots.keys()]
  }
  gate(id: string): Gate {
    return this.spots.get(id)?.gate ?? {}
  }
  out(id: string): ReadonlyMap<string, readonly string[]> {
    return this.spots.get(id)?.out ?? new Map()
  }
  into(id: string): ReadonlyMap<string, readonly string[]> {
    return this.spots.get(id)?.into ?? new Map()
  }
  members(id: string): readonly string[] {
    return this.spots.get(id)?.members ?? []
  }

  private wake(id: string): void {
    if (this.queued.has(id) || !this.spots.has(id)) return
    this.queued.add(id)
    this.queue.push(id)
  }

  private connect(from: string, to: string, edges: readonly string[]): void {
    const [source, target] = [this.spots.get(from), this.spots.get(to)]
    if (source === undefined || target === undefined) return
    for (const [list, key] of [
      [source.out, to],
      [target.into, from],
    ] as const) {
      const known = list.get(key)
      if (known === undefined) list.set(key, [...edges])
      else known.push(...edges)
    }
  }

  /** A node that only one choice leads to becomes part of that choice. */
  private absorb(spot: Spot): void {
    if (!isPlain(spot.gate) || spot.gate.place !== undefined || spot.into.size !== 1) return
    const [from] = spot.into.keys()
    const upper = this.spots.get(from ?? '')
    if (upper === undefined || upper === spot || !isPlain(upper.gate) || upper.gate.place === 'end') return
    upper.out.delete(spot.id)
    upper.members.push(...spot.members)
    upper.blocks.push(...spot.blocks)
    this.spots.delete(spot.id)
    for (const [to, edges] of spot.out) {
      this.spots.get(to)?.into.delete(spot.id)
      this.connect(upper.id, to, edges)
      this.wake(to)
    }
    this.wake(upper.id)
    for (const before of upper.into.keys()) this.wake(before)
  }

  /** A split all of whose branches lead to one join of its kind, which nothing else leads to: one node from here on. */
  private pair(split: Spot): void {
    const kind = splitKind(split.gate)
    if (kind === null) return
    const ways: Way[] = []
    let meets: string | undefined
    for (const [id, edges] of split.out) {
      const way = this.spots.get(id)
      const [edge, ...twins] = edges
      if (way === undefined || edge === undefined) return
      const straight = way.gate.joins !== undefined
      const [target, ...others] = straight ? [id] : way.out.keys()
      if (!straight && (!isPlain(way.gate) || way.into.size !== 1 || twins.length > 0)) return
      if (target === undefined || others.length > 0 || (meets ?? target) !== target) return
      meets = target
      if (straight) for (const own of edges) ways.push({ edge: own, spot: null, arrivals: [own] })
      else ways.push({ edge, spot: way, arrivals: way.out.get(target) ?? [] })
    }
    const join = meets === undefined ? undefined : this.spots.get(meets)
    if (join === undefined || join === split || !gathers(join.gate, kind)) return
    const sources = new Set(ways.map(({ spot }) => spot?.id ?? split.id))
    if (join.into.size !== sources.size) return
    this.close(split, join, kind, ways)
  }

  private close(split: Spot, join: Spot, kind: 'and' | 'or', ways: readonly Way[]): void {
    const branches = ways.map(
      ({ edge, spot, arrivals }): Branch => ({ edge, nodes: new Set(spot?.members), arrivals }),
    )
    const block: Block = {
      split: split.id,
      join: join.id,
      kind,
      branches,
      nodes: new Set(branches.flatMap((branch) => [...branch.nodes])),
      inner: ways.flatMap(({ spot }) => spot?.blocks ?? []),
    }
    this.blocks.push(block)
    for (const { spot } of ways) if (spot !== null) this.spots.delete(spot.id)
    this.spots.delete(join.id)
    split.gate = {}
    split.out.clear()
    split.members.push(...block.nodes, ...join.members)
    split.blocks.push(block)
    for (const [to, edges] of join.out) {
      this.spots.get(to)?.into.delete(join.id)
      this.connect(split.id, to, edges)
      this.wake(to)
    }
    this.wake(split.id)
    for (const before of split.into.keys()) this.wake(before)
  }
}
