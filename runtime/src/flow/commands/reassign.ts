import Type from 'typebox'
import { defineCommand } from '../command-kind.ts'
import { refuseUnfit } from '../context.ts'
import { handOver } from '../hand-over.ts'
import { effectsOnly } from '../incident.ts'
import { closed, PersonId, Reason } from './shapes.ts'

export const reassign = defineCommand({
  name: 'reassign',
  title: { en: 'Give to somebody else', zh: '改派' },
  done: { en: 'gave it to somebody else', zh: '改派' },
  on: 'task',
  by: 'admin',
  payload: Type.Object({ to: PersonId, reason: Reason }, closed),
  during: ['running', 'returned', 'incident', 'suspended'],
  apply(engine, command) {
    const { draft } = engine
    const task = draft.task(command.task)
    if (task === undefined) return
    refuseUnfit(engine, engine.locate(task.activation), command.to)
    draft.say('reassigned', {
      by: command.by,
      node: task.node,
      task: task.id,
      data: { assignee: command.to, reason: command.reason },
    })
    handOver(engine, task, command.to, { state: 'transferred', reason: 'reassigned' })
    const activation = draft.activation(task.activation)
    if (activation !== undefined && activation.incident !== null)
      draft.changeActivation({ ...activation, incident: effectsOnly(activation.incident) })
    engine.reviseTasks(task.activation)
  },
})
