import type { FlowDefinition } from '../definition/flow.ts'
import * as errors from '../errors/flows.ts'
import { findNodeType } from '../nodes/index.ts'
import type { Text } from '../text.ts'
import { type Block, blocksOf } from './blocks.ts'
import { graphOf } from './graph.ts'
import type { Denial } from './refuse.ts'
import type { Activation, FlowRun } from './run.ts'

/** Node of the flow that a run is on → node of the one it shall go on by, where they are not the same. */
export type NodeMapping = Readonly<Record<string, string>>

/** A node of the flow that runs are on, and its place in the other: itself, by its x-id, unless somebody chooses. */
export interface MappedNode {
  readonly id: string
  readonly title: Text
  readonly type: string
  /** Null: it has no counterpart of its type. */
  readonly to: string | null
  /** Nodes of the same type that may be chosen. */
  readonly choices: readonly { readonly id: string; readonly title: Text }[]
}

/** Where the nodes of one version of a flow are in another. */
export function mapNodes(
  from: FlowDefinition,
  to: FlowDefinition,
  mapping: NodeMapping = {},
): readonly MappedNode[] {
  const { nodes } = graphOf(to)
  return from.nodes.map((node) => {
    const id = node['x-id']
    const found = nodes.get(mapping[id] ?? id)
    return {
      id,
      title: node.title,
      type: node.type,
      to: found?.type === node.type ? found['x-id'] : null,
      choices: to.nodes
        .filter(({ type }) => type === node.type)
        .map((other) => ({ id: other['x-id'], title: other.title })),
    }
  })
}

/** The node of the other flow that a node becomes; what is not named stays itself. */
export function newNode(mapping: NodeMapping, id: string): string {
  return Object.hasOwn(mapping, id) ? (mapping[id] ?? id) : id
}

/**
 * What keeps a run from going on by another version of its flow; null: nothing. Every active step must have a node of
 * its type there, in the same branches of the same splits: a join counts branches, and one that comes from nowhere
 * would be waited for for ever.
 */
export function refuseMigration(
  from: FlowDefinition,
  to: FlowDefinition,
  run: FlowRun,
  mapping: NodeMapping,
): Denial | null {
  const [old, fresh] = [graphOf(from).nodes, graphOf(to).nodes]
  const isActive = ({ status }: Activation) => status === 'active'
  // Steps that are done and were named are held to the same: who took part may still take their decision back.
  const meant = run.activations.filter((one) => isActive(one) || Object.hasOwn(mapping, one.node))
  for (const { node } of meant) {
    const was = old.get(node)
    const found = fresh.get(newNode(mapping, node))
    if (found === undefined || (was !== undefined && found.type !== was.type))
      return {
        error: errors.flowMigrateNode,
        values: { node: was?.title ?? { en: node, zh: node }, id: node },
      }
  }
  for (const activation of run.activations.filter(isActive)) {
    if (keepsBranches(from, to, run, mapping, activation)) continue
    const title = old.get(activation.node)?.title ?? { en: activation.node, zh: activation.node }
    return { error: errors.flowMigrateBranch, values: { node: title, id: activation.node } }
  }
  return null
}

function keepsBranches(
  from: FlowDefinition,
  to: FlowDefinition,
  run: FlowRun,
  mapping: NodeMapping,
  { node }: Activation,
): boolean {
  const goal = newNode(mapping, node)
  const [before, after] = [branchesAround(from, node), branchesAround(to, goal)]
  const isJoin = findNodeType(graphOf(from).nodes.get(node)?.type ?? '')?.joins !== undefined
  const [join, other] = [blocksOf(from).blockAt(node), blocksOf(to).blockAt(goal)]
  // A join that gathers, or a split that lets loose, is about the branches of its own block.
  if (join !== undefined || other !== undefined) {
    if (join === undefined || other === undefined) return false
    if (isJoin && !isSameBlock(join, other, run, mapping)) return false
  }
  return (
    before.length === after.length &&
    before.every(
      ({ block, edge }, at) => after[at]?.edge === edge && isSameBlock(block, after[at]?.block, run, mapping),
    )
  )
}

/** The splits that a node stands behind, the nearest first, and by which branch of each. */
function branchesAround(
  flow: FlowDefinition,
  node: string,
): readonly { readonly block: Block; readonly edge: string | undefined }[] {
  const blocks = blocksOf(flow)
  const found: { block: Block; edge: string | undefined }[] = []
  for (let block = blocks.blockAround(node); block; block = blocks.blockAround(block.split))
    found.push({ block, edge: blocks.branchOf(block, node)?.edge })
  return found
}

/** All branches that were let loose are there, and of a parallel split no others: its join waits for each. */
function isSameBlock(block: Block, other: Block | undefined, run: FlowRun, mapping: NodeMapping): boolean {
  if (other === undefined || other.kind !== block.kind || newNode(mapping, block.split) !== other.split)
    return false
  const there = new Set(other.branches.map(({ edge }) => edge))
  const all = block.branches.map(({ edge }) => edge)
  if (block.kind === 'and') return all.length === there.size && all.every((edge) => there.has(edge))
  const taken = run.activations.findLast(({ node }) => node === block.split)?.state.taken
  return (Array.isArray(taken) ? taken : all).every((edge) => typeof edge === 'string' && there.has(edge))
}
