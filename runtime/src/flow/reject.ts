import { blocksOf } from './blocks.ts'
import type { Engine } from './engine.ts'
import { effectsOnly } from './incident.ts'
import { type Activation, isOpen } from './run.ts'

/**
 * A step was refused and no edge is drawn for that. Around it stand the splits whose branch it lies on, nearest
 * first: each says what becomes of the others (`onBranchReject`). Without one the run ends as rejected.
 */
export function rejectFrom(engine: Engine, activation: Activation): void {
  const { draft, flow, graph } = engine
  for (const task of draft.tasksOf(activation.id))
    if (isOpen(task)) draft.closeTask(task, 'cancelled', 'decided')
  draft.cancelTimers(activation.id)
  draft.changeActivation({
    ...activation,
    status: 'done',
    exit: 'rejected',
    leftAt: engine.now,
    incident: effectsOnly(activation.incident),
  })
  const blocks = blocksOf(flow)
  let { node } = activation
  for (let block = blocks.blockAround(node); block !== undefined; block = blocks.blockAround(node)) {
    const { split, join } = block
    const policy = graph.nodes.get(split)?.onBranchReject
    const goal = graph.nodes.get(join)
    if ((policy === 'wait_all' || policy === 'ignore') && goal !== undefined) {
      // What else is under way on the same branch (an inner block) goes with it; the join hears of the branch.
      const branch = blocks.branchOf(block, node)
      for (const other of draft.active())
        if (branch?.nodes.has(other.node)) draft.cancel(other, 'branch_cancelled')
      engine.enter(goal, null, { cause: 'forward', back: null, state: { refusedFrom: node } })
      return
    }
    for (const other of draft.active())
      if (block.nodes.has(other.node) || other.node === join) draft.cancel(other, 'branch_cancelled')
    node = split
  }
  draft.say('ended', { node: activation.node, data: { outcome: 'rejected' } })
  draft.close('rejected', 'rejected', 'rejected')
}
