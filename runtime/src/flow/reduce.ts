import type { FlowNode } from '../definition/flow.ts'
import { type Gate, isPlain } from './gate.ts'
import type { FlowGraph } from './graph.ts'
import { BlockNet } from './net.ts'
import { nameUnpaired, type Unpaired } from './unpaired.ts'

export type { Gate } from './gate.ts'
export type { Unpaired } from './unpaired.ts'

/** One way from a split to its join. */
export interface Branch {
  /** The edge out of the split. */
  readonly edge: string
  /** The nodes on it, those of inner blocks included; none where the edge leads straight into the join. */
  readonly nodes: ReadonlySet<string>
  /** The edges by which it may come into the join; one of them is taken. */
  readonly arrivals: readonly string[]
}

/** A split and the join where all of its branches meet. */
export interface Block {
  readonly split: string
  readonly join: string
  readonly kind: 'and' | 'or'
  readonly branches: readonly Branch[]
  /** All nodes strictly between the two. */
  readonly nodes: ReadonlySet<string>
  /** The blocks that stand directly in its branches. */
  readonly inner: readonly Block[]
}

export interface Reduction {
  /** Every block found, inner before outer. */
  readonly blocks: readonly Block[]
  /** The blocks that stand in no other. */
  readonly outermost: readonly Block[]
  /** Null: the flow neither waits for ever nor does anything twice. */
  readonly unpaired: Unpaired | null
}

/**
 * Block reduction in one pass over a worklist. A node that only one choice leads to is taken into that choice; a split
 * whose branches have thereby each become one node that leads to one join, which nothing else leads to, becomes one
 * node with it. When no gate is left, what remains is a graph of choices only, and every such graph is sound. Each
 * step takes a node away and wakes only its neighbours, so the pass is linear but for the edges that move.
 */
export function reduceBlocks(graph: FlowGraph, gateOf: (node: FlowNode) => Gate | undefined): Reduction {
  const gates = new Map([...graph.nodes].map(([id, node]) => [id, gateOf(node) ?? {}]))
  if ([...gates.values()].every(isPlain)) return { blocks: [], outermost: [], unpaired: null }
  const net = new BlockNet(graph, gates)
  net.shrink()
  return {
    blocks: net.blocks,
    outermost: net.outermost(),
    unpaired: nameUnpaired(graph, net, gates),
  }
}

/** The place where the reduction stops, or null for a sound graph. */
export function findUnpaired(
  graph: FlowGraph,
  gateOf: (node: FlowNode) => Gate | undefined,
): Unpaired | null {
  return reduceBlocks(graph, gateOf).unpaired
}
