import Type from 'typebox'
import * as errors from '../../errors/flows.ts'
import { defineCommand } from '../command-kind.ts'
import { closed } from './shapes.ts'

/** Takes back somebody who was added; the task named is theirs. */
export const removeSigner = defineCommand({
  name: 'remove_signer',
  title: { en: 'Remove', zh: '减签' },
  done: { en: 'removed somebody', zh: '减签' },
  on: 'task',
  by: 'adder',
  payload: Type.Object({}, closed),
  allowed: (_view, task) =>
    task !== null && task.group !== null && task.link !== 'delegate' ? null : { error: errors.flowNotAdded },
  apply(engine, command) {
    const { draft } = engine
    const task = draft.task(command.task)
    if (task === undefined) return
    draft.say('signer_removed', {
      by: command.by,
      node: task.node,
      task: task.id,
      data: { assignee: task.assignee },
    })
    draft.closeTask(task, 'cancelled', 'removed')
    engine.reviseTasks(task.activation)
  },
})
