import Type from 'typebox'
import * as errors from '../../errors/flows.ts'
import { defineCommand } from '../command-kind.ts'
import type { Engine } from '../engine.ts'
import { failedEffects } from '../incident.ts'
import { type Activation, closedStatuses, isClosed, openStatuses } from '../run.ts'
import { hearUndone } from '../undo.ts'
import { closed, Id, Reason } from './shapes.ts'

/**
 * The run goes on behind a step as if it had been done. Of a step that was left the effects that failed are given up:
 * what takes something back stays undone, and what comes before it has its turn.
 */
export const skip = defineCommand({
  name: 'skip',
  title: { en: 'Skip', zh: '跳过' },
  done: { en: 'skipped a step', zh: '跳过' },
  on: 'run',
  by: 'admin',
  payload: Type.Object({ activation: Id, reason: Reason }, closed),
  during: [...openStatuses.filter((status) => status !== 'suspended'), ...closedStatuses],
  allowed: ({ run }) =>
    isClosed(run) && run.activations.every(({ incident }) => incident === null)
      ? { error: errors.flowRunClosed, values: { status: run.status } }
      : null,
  apply(engine, command) {
    const { draft, flow } = engine
    const step = draft.activation(command.activation)
    if (step !== undefined && step.status !== 'active' && step.incident !== null) {
      giveUp(engine, step, command)
      return
    }
    if (step?.status !== 'active') throw engine.refuse(errors.flowStepGone)
    const { activation, node, type } = engine.locate(command.activation)
    // Where money moves nobody stands in for those who must decide.
    const isVerdict = type.decisions !== undefined
    const [exit] = type.exits(node)
    const isGate =
      type.joins !== undefined || type.splits === 'and' || type.splits === 'or' || type.conditional
    if (exit === undefined || isGate || type.place !== undefined || (isVerdict && flow.money === true))
      throw engine.refuse(errors.flowSkipRefused)
    draft.say('skipped', { by: command.by, node: activation.node, data: { reason: command.reason } })
    for (const task of draft.tasksOf(activation.id))
      if (task.state === 'pending' || task.state === 'waiting') draft.closeTask(task, 'skipped', 'skipped')
    draft.cancel(activation, 'skipped')
    engine.leave({ ...activation, incident: null }, exit)
  },
})

function giveUp(engine: Engine, step: Activation, { by, reason }: { by: string; reason: string }): void {
  const { draft } = engine
  const failed = failedEffects(step)
  draft.say('skipped', { by, node: step.node, data: { reason } })
  draft.changeActivation({ ...step, incident: null })
  for (const key of failed) {
    draft.giveUp(key)
    hearUndone(engine, step.id, key)
  }
}
