import Type from 'typebox'
import * as errors from '../../errors/flows.ts'
import { defineCommand } from '../command-kind.ts'
import { closed, Id, Reason } from './shapes.ts'

/** The run goes on behind a step as if it had been done. */
export const skip = defineCommand({
  name: 'skip',
  title: { en: 'Skip', zh: '跳过' },
  done: { en: 'skipped a step', zh: '跳过' },
  on: 'run',
  by: 'admin',
  payload: Type.Object({ activation: Id, reason: Reason }, closed),
  apply(engine, command) {
    const { draft, flow } = engine
    if (draft.activation(command.activation)?.status !== 'active') throw engine.refuse(errors.flowStepGone)
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
    engine.leave(activation, exit)
  },
})
