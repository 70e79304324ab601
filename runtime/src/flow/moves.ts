import type { FlowDefinition } from '../definition/flow.ts'
import * as errors from '../errors/flows.ts'
import { findNodeType } from '../nodes/index.ts'
import { blocksOf } from './blocks.ts'
import { graphOf } from './graph.ts'
import type { Denial } from './refuse.ts'
import type { Activation, FlowRun } from './run.ts'

// Where an administrator may move a case to. Buttons offer what the commands take.

/** The steps that a jump would leave: all, or those of the branch that the goal lies on. */
export function leftByJump(flow: FlowDefinition, run: FlowRun, goal: string): readonly Activation[] {
  const blocks = blocksOf(flow)
  const block = blocks.blockAround(goal)
  const branch = block && blocks.branchOf(block, goal)
  return run.activations.filter(
    ({ node, status }) => status === 'active' && (block === undefined || branch?.nodes.has(node)),
  )
}

/** What keeps an open case from jumping there. Into a branch only from the same branch: its join waits for one arrival. */
export function refuseJump(flow: FlowDefinition, run: FlowRun, goal: string): Denial | null {
  const type = findNodeType(graphOf(flow).nodes.get(goal)?.type ?? '')
  if (type === undefined || type.place === 'start') return { error: errors.flowNodeUnknown }
  const left = leftByJump(flow, run, goal)
  if (left.length === 0 || type.joins !== undefined) return { error: errors.flowJumpBranch }
  return refuseForward(
    flow,
    goal,
    left.map(({ node }) => node),
  )
}

/** What keeps a case that was refused, taken back or terminated from going on there. */
export function refuseReopen(flow: FlowDefinition, run: FlowRun, goal: string): Denial | null {
  const type = findNodeType(graphOf(flow).nodes.get(goal)?.type ?? '')
  const wasThere = run.activations.some(({ node }) => node === goal)
  if (type === undefined || !wasThere || type.place === 'end') return { error: errors.flowNodeUnknown }
  if (blocksOf(flow).blockAround(goal) !== undefined || type.joins !== undefined)
    return { error: errors.flowJumpBranch }
  return refuseForward(flow, goal, lastSteps(flow, run))
}

/** Where money moves nobody stands in for those who must decide: a case is moved to where all ways have come through. */
function refuseForward(flow: FlowDefinition, goal: string, from: readonly string[]): Denial | null {
  const isBack = from.every((node) => blocksOf(flow).dominates(goal, node))
  return flow.money === true && !isBack ? { error: errors.flowMoveMoney } : null
}

/** Where a closed case stood when it ended. */
function lastSteps(flow: FlowDefinition, run: FlowRun): readonly string[] {
  const last = run.activations.findLast(
    ({ node }) => findNodeType(graphOf(flow).nodes.get(node)?.type ?? '')?.place !== 'end',
  )
  const atEnd = run.activations.filter(
    ({ leftAt, status }) => status === 'cancelled' && leftAt === run.endedAt,
  )
  return [...atEnd, ...(last === undefined ? [] : [last])].map(({ node }) => node)
}
