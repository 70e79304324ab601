import Type from 'typebox'
import * as errors from '../../errors/flows.ts'
import { blocksOf } from '../blocks.ts'
import { type CommandView, defineCommand } from '../command-kind.ts'
import { graphOf } from '../graph.ts'
import type { Denial } from '../refuse.ts'
import type { Activation, Task } from '../run.ts'
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
    for (const old of draft.tasksOf(step.id)) {
      const isSuperfluous = wasDone && old.state === 'cancelled' && old.reason === 'decided' && isSeat(old)
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
  if (run.tasks.some((other) => other.from === task.id && other.activation === task.activation))
    return { error: errors.flowTakeBackNothing }
  // Whoever was asked after this person acts on their approval; whoever waited for them has gone on.
  const isBuiltUpon = run.tasks.some(
    (other) =>
      (other.parent === task.id && other.link === 'after' && other.reason !== 'removed') ||
      (other.id === task.parent &&
        task.link !== 'parallel' &&
        task.link !== 'after' &&
        other.state !== 'waiting'),
  )
  const since = new Set(stepsSince({ flow, run }, step).map(({ id }) => id))
  const isLate = run.tasks.some((other) => since.has(other.activation) && other.decidedBy !== null)
  // A join that a branch has come to may have gone on by other branches as well.
  const hasMoved = step.status === 'done' && passedJoin({ flow, run }, step)
  return isBuiltUpon || isLate || hasMoved ? { error: errors.flowTakeBackLate } : null
}

type Seen = Pick<CommandView, 'flow' | 'run'>

/** Steps that were entered because of this one. */
function stepsSince({ flow, run }: Seen, step: Activation): readonly Activation[] {
  if (step.status !== 'done') return []
  const at = run.activations.findIndex(({ id }) => id === step.id)
  return run.activations
    .slice(at + 1)
    .filter(({ node }) => node !== step.node && blocksOf(flow).dominates(step.node, node))
}

function passedJoin({ flow, run }: Seen, step: Activation): boolean {
  const block = blocksOf(flow).blockAround(step.node)
  if (block === undefined) return false
  const at = run.activations.findIndex(({ id }) => id === step.id)
  const branch = blocksOf(flow).branchOf(block, step.node)
  return (
    run.activations.some(
      ({ node, enteredAt }, index) => node === block.join && (index > at || enteredAt >= (step.leftAt ?? '')),
    ) &&
    !run.activations.slice(at + 1).some(({ node, status }) => status === 'active' && branch?.nodes.has(node))
  )
}
