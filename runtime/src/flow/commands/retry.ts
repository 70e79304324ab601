import Type from 'typebox'
import * as errors from '../../errors/flows.ts'
import { defineCommand } from '../command-kind.ts'
import { isActive } from '../context.ts'
import { isOpen } from '../run.ts'
import { passOn } from './people.ts'
import { closed, Reason } from './shapes.ts'

/** Tries every step again that stopped with an incident. */
export const retry = defineCommand({
  name: 'retry',
  title: { en: 'Try again', zh: '重试' },
  done: { en: 'let it be tried again', zh: '重试' },
  on: 'run',
  by: 'admin',
  payload: Type.Object({ reason: Reason }, closed),
  allowed: ({ run }) =>
    run.activations.some(({ incident }) => incident !== null) ? null : { error: errors.flowNothingToRetry },
  apply(engine, command) {
    const { draft } = engine
    draft.say('retried', { by: command.by, data: { reason: command.reason } })
    for (const stuck of draft.activations.filter(({ incident }) => incident !== null)) {
      const activation = draft.activation(stuck.id)
      // One that was tried before it may have ended this one.
      if (activation === undefined || activation.status !== 'active') continue
      draft.changeActivation({ ...activation, incident: null })
      for (const task of draft.tasksOf(activation.id))
        if (isOpen(task) && !isActive(engine, task.assignee)) passOn(engine, task.id, task.assignee)
      const still = draft.activation(activation.id)
      if (still?.status === 'active' && still.incident === null) engine.run(activation.id)
    }
  },
})
