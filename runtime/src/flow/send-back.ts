import type { FlowDefinition, FlowNode } from '../definition/flow.ts'
import * as errors from '../errors/flows.ts'
import { isJsonObject } from '../json.ts'
import { readAsked } from '../nodes/approval/approvers.ts'
import { findNodeType } from '../nodes/index.ts'
import { blocksOf } from './blocks.ts'
import type { Engine, Place } from './engine.ts'
import { graphOf } from './graph.ts'
import type { Activation, Asked, FlowRun, Task } from './run.ts'
import { isSameBranch } from './straight-back.ts'
import { undoSteps } from './undo.ts'

/** How often a run is sent back at most. */
export function returnCapOf(flow: FlowDefinition): number {
  return flow.settings?.returnCap ?? 20
}

/** What a node says about sending back: to where, and how the run comes back. */
export function returnSettings(node: FlowNode | undefined): {
  readonly targets: readonly string[] | null
  readonly resume: 'replay' | 'direct' | 'ask'
} {
  const said = isJsonObject(node?.returnTo) ? node.returnTo : {}
  const targets = Array.isArray(said.targets) ? said.targets.filter((one) => typeof one === 'string') : null
  const resume = said.resume === 'direct' || said.resume === 'ask' ? said.resume : 'replay'
  return { targets, resume }
}

/**
 * The nodes that a run may be sent back to from a node, in the order in which they were reached: those with tasks, and
 * the start, that it has been through and that lie on every way to here. So never into a branch from outside it, and
 * out of one only to before its split.
 */
export function returnTargets(flow: FlowDefinition, run: FlowRun, from: string): readonly FlowNode[] {
  const { nodes } = graphOf(flow)
  const blocks = blocksOf(flow)
  const { targets } = returnSettings(nodes.get(from))
  const reached = new Set(run.activations.filter(({ status }) => status === 'done').map(({ node }) => node))
  return [...reached].flatMap((id) => {
    const node = nodes.get(id)
    const type = node && findNodeType(node.type)
    if (node === undefined || id === from || !blocks.dominates(id, from)) return []
    if (type?.place !== 'start' && type?.decisions === undefined) return []
    return targets === null || targets.includes(id) || (type.place === 'start' && targets.includes('start'))
      ? [node]
      : []
  })
}

/** What sending the run back to a node would break off and what it would take back, for whoever is about to do it. */
export function previewReturn(
  flow: FlowDefinition,
  run: FlowRun,
  to: string,
): {
  readonly tasks: readonly Task[]
  readonly cancelled: readonly Activation[]
  /** Steps behind `to` that are done: their effects have been applied. */
  readonly done: readonly Activation[]
} {
  const behind = stepsBehind(flow, run.activations, to)
  const cancelled = behind.filter(({ status }) => status === 'active')
  const ids = new Set(cancelled.map(({ id }) => id))
  return {
    cancelled,
    done: behind.filter((step) => step.status === 'done' && hasActed(flow, step)),
    tasks: run.tasks.filter(
      (task) => ids.has(task.activation) && (task.state === 'pending' || task.state === 'waiting'),
    ),
  }
}

function hasActed(flow: FlowDefinition, { node, state }: Activation): boolean {
  const found = graphOf(flow).nodes.get(node)
  const type = found && findNodeType(found.type)
  // What only hears of something has acted where it wrote that down.
  return type?.undo !== undefined && (type.hears === undefined || state.writes !== undefined)
}

/** Steps since a node was last entered that every way reached through it. */
function stepsBehind(
  flow: FlowDefinition,
  activations: readonly Activation[],
  to: string,
): readonly Activation[] {
  const blocks = blocksOf(flow)
  const last = activations.findLastIndex(({ node, status }) => node === to && status === 'done')
  return activations.slice(last + 1).filter(({ node }) => node !== to && blocks.dominates(to, node))
}

/** Who had a seat at a step, and who of them was asked. */
function seatsThen({ state }: Activation, tasks: readonly Task[]): readonly Asked[] {
  return readAsked(state.slots).map((seat, slot) => {
    const isTheirs = (task: Task) => task.assignee === seat.user || task.onBehalfOf === seat.user
    const isAsked = tasks.some((task) => task.slot === slot && isTheirs(task))
    return isAsked ? seat : { ...seat, isUnasked: true }
  })
}

export interface Return {
  readonly to: string
  readonly resume: 'replay' | 'direct'
  /** Null: the flow itself. */
  readonly by: string | null
  readonly comment: string | null
  /** Ids of files that go with it. */
  readonly attachments?: readonly string[]
}

/**
 * Sends the run back: all that goes on behind the target is broken off, effects that can be are taken back, the
 * target is entered anew. A person is refused what is not possible; of the flow itself it becomes an incident.
 */
export function sendBack(engine: Engine, { activation, node }: Place, wish: Return): void {
  const { draft, flow, graph } = engine
  const goal = graph.nodes.get(wish.to)
  const fail = (
    error: typeof errors.flowReturnTarget | typeof errors.flowReturnCap | typeof errors.flowReturnDirect,
  ) => {
    if (wish.by !== null) throw engine.refuse(error, { cap: returnCapOf(flow) })
    engine.stop(activation, { code: error.code, data: { to: wish.to } })
  }
  if (draft.view().returns >= returnCapOf(flow)) {
    fail(errors.flowReturnCap)
    return
  }
  const from = node['x-id']
  const reached = draft.activations.some((one) => one.node === wish.to && one.status === 'done')
  if (goal === undefined || wish.to === from || !reached || !blocksOf(flow).dominates(wish.to, from)) {
    fail(errors.flowReturnTarget)
    return
  }
  let { resume } = wish
  if (resume === 'direct' && !isSameBranch(flow, wish.to, from)) {
    // Of the flow itself: done again rather than not at all.
    if (wish.by !== null) fail(errors.flowReturnDirect)
    resume = 'replay'
  }
  const people = seatsThen(activation, draft.tasksOf(activation.id))
  const behind = stepsBehind(flow, draft.activations, wish.to)
  draft.say('returned', {
    by: wish.by,
    node: from,
    data: {
      to: wish.to,
      title: engine.titleOf(wish.to),
      resume,
      comment: wish.comment,
      ...(wish.attachments?.length
        ? { evidence: { signature: null, attachments: [...wish.attachments] } }
        : {}),
    },
  })
  for (const step of behind) if (step.status === 'active') draft.cancel(step, 'returned')
  undoSteps(engine, behind)
  draft.changeRun({ returns: draft.view().returns + 1 })
  engine.enter(goal, null, { cause: 'return', back: { node: from, resume, people } })
}
