import Type from 'typebox'
import type { FlowDefinition } from '../../definition/flow.ts'
import * as errors from '../../errors/flows.ts'
import { isJsonObject, type JsonObject } from '../../json.ts'
import { seatsInTurn } from '../../nodes/approval/approvers.ts'
import { findNodeType } from '../../nodes/index.ts'
import { blocksOf } from '../blocks.ts'
import { isCarriedOut } from '../carried-out.ts'
import { type CommandView, defineCommand } from '../command-kind.ts'
import { graphOf } from '../graph.ts'
import type { Denial } from '../refuse.ts'
import type { Activation, Task } from '../run.ts'
import { comesAfter } from '../seats.ts'
import { hasIrreversible, undoSteps } from '../undo.ts'
import { closed } from './shapes.ts'

/** Whoever has decided may do so anew as long as nobody and nothing has built on it. */
export const takeBack = defineCommand({
  name: 'take_back',
  title: { en: 'Take back my decision', zh: '取回' },
  done: { en: 'took their decision back', zh: '取回' },
  on: 'task',
  by: 'assignee',
  payload: Type.Object({}, closed),
  allowed: (view, task) => (task === null ? null : refuseTakeBack(view, task)),
  apply(engine, command) {
    const { draft, ports } = engine
    const task = draft.task(command.task)
    const step = task && draft.activation(task.activation)
    if (task === undefined || step === undefined) return
    const since = stepsSince({ flow: engine.flow, run: draft.view() }, step)
    if (hasIrreversible(engine, since)) throw engine.refuse(errors.flowTakeBackLate)
    draft.say('taken_back', { by: command.by, node: task.node, task: task.id })
    for (const activation of since) if (activation.status === 'active') draft.cancel(activation, 'taken_back')
    undoSteps(engine, since)
    const wasDone = step.status === 'done'
    if (wasDone) draft.changeActivation({ ...step, status: 'active', exit: null, leftAt: null })
    // What is closed stays closed: the decision, and those it made superfluous, come anew.
    const replaced = new Set(draft.tasksOf(step.id).map(({ from }) => from))
    for (const old of draft.tasksOf(step.id)) {
      // Those that came anew once before have somebody in their place.
      const isLast = !replaced.has(old.id)
      const isSuperfluous =
        wasDone && isLast && old.state === 'cancelled' && old.reason === 'decided' && isSeat(old)
      if (old.id !== task.id && !isSuperfluous) continue
      draft.addTask({
        ...old,
        id: ports.newId(),
        from: old.id,
        state: 'pending',
        rev: 1,
        reason: null,
        comment: null,
        evidence: null,
        createdAt: ports.now,
        decidedAt: null,
        decidedBy: null,
        dataVersion: null,
        dueAt: null,
      })
    }
    engine.reviseTasks(step.id)
  },
})

function isSeat({ link, opinionOnly }: Task): boolean {
  return (link === null || link === 'parallel') && !opinionOnly
}

function refuseTakeBack({ flow, run, person }: CommandView, task: Task): Denial | null {
  const isMine = task.decidedBy === person && ['approved', 'rejected', 'done'].includes(task.state)
  const step = run.activations.find(({ id }) => id === task.activation)
  // A step that the release the case was moved to does not have can't be done anew.
  const isGone = !graphOf(flow).nodes.has(task.node)
  if (!isMine || isGone || step === undefined || step.status === 'cancelled')
    return { error: errors.flowTakeBackNothing }
  const stands = ({ id, activation }: Task) =>
    !run.tasks.some((other) => other.from === id && other.activation === activation)
  if (!stands(task)) return { error: errors.flowTakeBackNothing }
  // Whoever was asked after this person acts on their approval; whoever waited for them has gone on.
  const isBuiltUpon = run.tasks.some(
    (other) =>
      (other.parent === task.id && other.link === 'after' && other.reason !== 'removed') ||
      (other.id === task.parent &&
        task.link !== 'parallel' &&
        task.link !== 'after' &&
        other.state !== 'waiting'),
  )
  const since = stepsSince({ flow, run }, step)
  const ids = new Set(since.map(({ id }) => id))
  // A decision that was taken back itself is nothing to build on; a case that was begun is.
  const isBehind = (other: Task) =>
    ids.has(other.activation) ||
    (other.activation === step.id && comesAfter(run.tasks, other, task, seatsInTurn(step)))
  const isLate =
    isCarriedOut(step, task) ||
    run.tasks.some((other) => other.decidedBy !== null && isBehind(other) && stands(other)) ||
    since.some(({ node }) => beginsCases(flow, node))
  // A join that a branch has come to may have gone on by other branches as well.
  const hasMoved =
    step.status === 'done' && (passedJoin({ flow, run }, step) || wasMoved({ flow, run }, step))
  return isBuiltUpon || isLate || hasMoved ? { error: errors.flowTakeBackLate } : null
}

function beginsCases(flow: FlowDefinition, id: string): boolean {
  const node = graphOf(flow).nodes.get(id)
  return node !== undefined && (findNodeType(node.type)?.starts?.(node) ?? []).length > 0
}

type Seen = Pick<CommandView, 'flow' | 'run'>

/** Steps that were entered because of this one: by an edge that leads from it, or straight back, and on from there. */
function stepsSince({ flow, run }: Seen, step: Activation): readonly Activation[] {
  if (step.status !== 'done') return []
  const at = run.activations.findIndex(({ id }) => id === step.id)
  // The last entry of each node: whether it goes back to the step.
  const isSince = new Map([[step.node, true]])
  const straight = new Map(step.back?.resume === 'direct' ? [[step.back.node, true]] : [])
  return run.activations.slice(at + 1).filter((activation) => {
    const { node, cause, back } = activation
    const from = originOf(flow, step, activation)
    const follows = (cause === 'direct' ? straight.get(node) : isSince.get(from ?? '')) === true
    isSince.set(node, follows)
    if (back?.resume === 'direct') straight.set(back.node, follows)
    return follows
  })
}

/** The node that a node was entered from; of a join the split, for it is entered once, by whichever branch. */
function originOf(flow: FlowDefinition, step: Activation, { node, via }: Activation): string | null {
  const blocks = blocksOf(flow)
  const block = blocks.blockAt(node)
  if (block?.join === node) return block.split
  if (via === null) return null
  const edge = graphOf(flow).edges.get(via)
  if (edge !== undefined) return edge.from
  // The release that the case was moved to has no such edge.
  return blocks.dominates(step.node, node) ? step.node : null
}

/** The run was sent back or moved since, and not within a branch beside the one of this step. */
function wasMoved({ flow, run }: Seen, step: Activation): boolean {
  const at = run.activations.findIndex(({ id }) => id === step.id)
  return run.activations
    .slice(at + 1)
    .some(
      ({ node, via, cause }) =>
        via === null && moving.has(cause) && !blocksOf(flow).areBeside(node, step.node),
    )
}

const moving: ReadonlySet<Activation['cause']> = new Set(['return', 'jump', 'reopen'])

/** The branch of a step has come to its join, or the join has gone on without it. */
function passedJoin({ flow, run }: Seen, step: Activation): boolean {
  const blocks = blocksOf(flow)
  const block = blocks.blockAround(step.node)
  if (block === undefined) return false
  const edge = blocks.branchOf(block, step.node)?.edge ?? ''
  const split = run.activations
    .slice(0, run.activations.indexOf(step))
    .findLastIndex(({ node }) => node === block.split)
  return run.activations.slice(split + 1).some(({ node, status, state }) => {
    const arrived = isJsonObject(state.arrived ?? null) ? (state.arrived as JsonObject) : {}
    return node === block.join && status !== 'cancelled' && (status === 'done' || edge in arrived)
  })
}
