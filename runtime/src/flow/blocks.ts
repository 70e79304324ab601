import type { FlowDefinition } from '../definition/flow.ts'
import { traitsOf } from '../nodes/traits.ts'
import { findDominators } from './dominators.ts'
import { graphOf } from './graph.ts'
import { type Block, type Branch, reduceBlocks, type Unpaired } from './reduce.ts'

export type { Block, Branch } from './reduce.ts'

/** How the parts of a flow lie in one another. Answers about unknown nodes are empty, never an exception. */
export interface FlowBlocks {
  /** Every pair of split and join, inner before outer. */
  readonly all: readonly Block[]
  /** The blocks that stand in no other: roots of the block tree. */
  readonly outermost: readonly Block[]
  /** What keeps the flow from being blocks; null for a flow that may be published. */
  readonly unpaired: Unpaired | null
  /** The join of a split, the split of a join. */
  pairOf(node: string): string | undefined
  /** The block of a split or of a join. */
  blockAt(gate: string): Block | undefined
  /** The innermost block that has this node strictly between its split and its join. */
  blockAround(node: string): Block | undefined
  /** The branch, of `block`, that this node lies on. */
  branchOf(block: Block, node: string): Branch | undefined
  /** The two lie on different branches of one split. */
  areBeside(one: string, other: string): boolean
  /** The branch by which an edge comes into the join of its block. */
  branchOfArrival(join: string, edge: string): Branch | undefined
  /** All nodes strictly between a split and its join; empty for other nodes. */
  regionOf(split: string): ReadonlySet<string>
  /** Every way from the start to `b` leads through `a`; a node dominates itself. */
  dominates(a: string, b: string): boolean
  /** How many blocks lie around a node. */
  depthOf(node: string): number
}

const kept = new WeakMap<FlowDefinition, FlowBlocks>()
const nothing: ReadonlySet<string> = new Set()

/** Computed once per definition, which never changes. */
export function blocksOf(flow: FlowDefinition): FlowBlocks {
  const known = kept.get(flow)
  if (known !== undefined) return known
  const made = findBlocks(flow)
  kept.set(flow, made)
  return made
}

function findBlocks(flow: FlowDefinition): FlowBlocks {
  const graph = graphOf(flow)
  const { blocks, outermost, unpaired } = reduceBlocks(graph, (node) => traitsOf(node.type))
  const byGate = new Map(
    blocks.flatMap((block) => [[block.split, block] as const, [block.join, block] as const]),
  )
  const around = new Map<string, Block>()
  const arrivals = new Map<string, Branch>()
  // Inner blocks come first, so the first to claim a node is the nearest.
  for (const block of blocks) {
    for (const node of block.nodes) if (!around.has(node)) around.set(node, block)
    for (const branch of block.branches) for (const edge of branch.arrivals) arrivals.set(edge, branch)
  }
  const start = flow.nodes.find((node) => traitsOf(node.type).place === 'start')
  const dominators = findDominators(
    start?.['x-id'] ?? '',
    (id) => (graph.out.get(id) ?? []).map((edge) => edge.to),
    (id) => (graph.into.get(id) ?? []).map((edge) => edge.from),
  )
  const branchOf = (block: Block, node: string) => block.branches.find((branch) => branch.nodes.has(node))
  return {
    all: blocks,
    outermost,
    unpaired,
    pairOf: (node) => {
      const block = byGate.get(node)
      return block?.split === node ? block.join : block?.split
    },
    blockAt: (gate) => byGate.get(gate),
    blockAround: (node) => around.get(node),
    branchOf,
    areBeside: (one, other) => {
      let block = around.get(one)
      while (block !== undefined && !block.nodes.has(other)) block = around.get(block.split)
      return block !== undefined && branchOf(block, one) !== branchOf(block, other)
    },
    branchOfArrival: (join, edge) => (byGate.get(join)?.join === join ? arrivals.get(edge) : undefined),
    regionOf: (split) => {
      const block = byGate.get(split)
      return block?.split === split ? block.nodes : nothing
    },
    dominates: (a, b) => dominators.dominates(a, b),
    depthOf: (node) => {
      let depth = 0
      for (let block = around.get(node); block !== undefined; block = around.get(block.split)) depth += 1
      return depth
    },
  }
}
