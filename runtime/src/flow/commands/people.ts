import Type from 'typebox'
import * as errors from '../../errors/flows.ts'
import { defineCommand } from '../command-kind.ts'
import { findSuccessor, handOver } from '../hand-over.ts'
import { closedStatuses, isOpen, openStatuses } from '../run.ts'
import { closed, Id } from './shapes.ts'

const during = [...openStatuses, ...closedStatuses]

/** Somebody is not here any more: what waits for them goes to whoever stands in for them, is above them, or an administrator. */
export const personLeft = defineCommand({
  name: 'person_left',
  title: { en: 'Person left', zh: '人员离职' },
  done: { en: 'left', zh: '已离职' },
  on: 'run',
  by: 'system',
  payload: Type.Object({ user: Id }, closed),
  during,
  apply(engine, { user }) {
    const { draft } = engine
    for (const { id } of draft.tasks) {
      const task = draft.task(id)
      if (task === undefined || !isOpen(task)) continue
      // Whoever stands in acts for somebody who is gone: then it is nobody's but their successor's.
      if (task.assignee !== user && task.onBehalfOf !== user) continue
      const heir =
        task.assignee === user && task.onBehalfOf !== null
          ? task.onBehalfOf
          : findSuccessor(engine, task, user)
      draft.say('person_left', { node: task.node, task: task.id, data: { user, assignee: heir } })
      if (heir === null) {
        const { activation } = engine.locate(task.activation)
        engine.stop(activation, { code: errors.flowNobodyToDecide.code, data: { approvers: [] } })
        continue
      }
      const next = handOver(engine, task, heir, { state: 'transferred', reason: 'deactivated' })
      engine.reviseTasks(next.activation)
    }
  },
})

/** A window has ended: what is still open goes back to whom it belonged. */
export const delegationEnded = defineCommand({
  name: 'delegation_ended',
  title: { en: 'Delegation ended', zh: '代理结束' },
  done: { en: 'a delegation ended', zh: '代理已结束' },
  on: 'run',
  by: 'system',
  payload: Type.Object({ delegation: Id }, closed),
  during,
  apply(engine, { delegation }) {
    const { draft } = engine
    for (const { id } of draft.tasks) {
      const task = draft.task(id)
      if (task === undefined || !isOpen(task) || task.delegation !== delegation || task.onBehalfOf === null)
        continue
      const owner = task.onBehalfOf
      const data = { user: task.assignee, assignee: owner }
      draft.say('delegation_ended', { node: task.node, task: task.id, data })
      const hasOwn = draft
        .tasksOf(task.activation)
        .some(
          (other) =>
            isOpen(other) && other.assignee === owner && other.slot === task.slot && other.id !== task.id,
        )
      if (hasOwn) draft.closeTask(task, 'cancelled', 'delegation_ended')
      else
        handOver(engine, task, owner, { state: 'transferred', reason: 'delegation_ended', delegate: false })
      engine.reviseTasks(task.activation)
    }
  },
})
