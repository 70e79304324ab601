import Type from 'typebox'
import { type Block, blocksOf } from '../../flow/blocks.ts'
import { isJsonObject, type JsonObject } from '../../json.ts'
import { defineNodeType, type NodeContext, type NodeStep } from '../node-type.ts'
import { gather } from './gather.ts'
import type { BranchRules } from './settings.ts'
import { traits } from './traits.ts'

/**
 * Gathers the branches that its split let loose, each once, whichever of its edges it comes by. When it goes on stands
 * on the split (`join`, `onBranchReject`).
 */
export const join = defineNodeType({
  name: 'join',
  ...traits,
  title: { en: 'Join', zh: '汇聚' },
  icon: 'arrows-join',
  settings: Type.Object({}, { additionalProperties: false }),
  exits: () => ['next'],
  check: () => [],
  run(context) {
    const { via, state } = context.activation
    const from = typeof state.refusedFrom === 'string' ? state.refusedFrom : null
    return arrive(context, {}, via, from)
  },
  resume(context, event) {
    if (event.type !== 'arrived') return { exit: null }
    const { arrived } = context.activation.state
    return arrive(
      context,
      isJsonObject(arrived) ? arrived : {},
      event.edge,
      event.rejected ? event.from : null,
    )
  },
  trace: () => null,
})

/** `refusedAt`: the node at which the branch was refused; null for one that came by `edge`. */
function arrive(
  { flow, node, run }: NodeContext,
  before: JsonObject,
  edge: string | null,
  refusedAt: string | null,
): NodeStep {
  const blocks = blocksOf(flow)
  const block = blocks.blockAt(node['x-id'])
  if (block === undefined) throw new Error(`Join ${node['x-id']} of flow ${flow.key} has no split`)
  const branch =
    refusedAt === null ? blocks.branchOfArrival(node['x-id'], edge ?? '') : blocks.branchOf(block, refusedAt)
  // Entered by an administrator, or straight back: nobody is waited for.
  if (branch === undefined) return { exit: 'next', cancelRegion: block.split }
  const arrived = { ...before, [branch.edge]: refusedAt === null ? 'done' : 'rejected' }
  const split = flow.nodes.find((one) => one['x-id'] === block.split) as BranchRules
  const gathered = gather(split, {
    expected: branchesLetLoose(block, run.activations),
    arrived: arrived as Record<string, 'done' | 'rejected'>,
  })
  const state = { arrived }
  if (gathered.kind === 'waits') return { exit: null, state }
  return {
    state,
    ...(gathered.early ? { cancelRegion: block.split } : {}),
    ...(gathered.kind === 'passes' ? { exit: 'next' } : { exit: null, rejected: true }),
  }
}

/** All of a parallel split; of an inclusive one those that it took when it was last left. */
function branchesLetLoose(
  block: Block,
  activations: readonly { readonly node: string; readonly state: JsonObject }[],
): readonly string[] {
  const all = block.branches.map((branch) => branch.edge)
  if (block.kind === 'and') return all
  const taken = activations.findLast((activation) => activation.node === block.split)?.state.taken
  return Array.isArray(taken) ? all.filter((edge) => taken.includes(edge)) : all
}
