import Type from 'typebox'
import * as errors from '../../errors/flows.ts'
import { defineCommand } from '../command-kind.ts'
import type { Engine } from '../engine.ts'
import { findSuccessor, handOver } from '../hand-over.ts'
import { closedStatuses, isOpen, openStatuses } from '../run.ts'
import { findSharer, foldInto } from '../sharers.ts'
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
    // Their own tasks first: whoever stands in for them is then still known to.
    const { tasks } = engine.draft
    const [own, others] = [true, false].map((isOwn) =>
      tasks.filter((one) => (one.assignee === user) === isOwn),
    )
    for (const { id } of [...(own ?? []), ...(others ?? [])]) passOn(engine, id, user)
  },
})

/** Finds somebody else for an open task of a person who is gone; with nobody there it stops for an administrator. */
export function passOn(engine: Engine, id: string, gone: string): void {
  const { draft } = engine
  const task = draft.task(id)
  if (task === undefined || !isOpen(task)) return
  // Whoever stands in acts for somebody who is gone: then it is nobody's but their successor's.
  if (task.assignee !== gone && task.onBehalfOf !== gone) return
  const owner = task.assignee === gone ? task.onBehalfOf : null
  const stays = findSharer(engine, task, (other) =>
    owner === null ? other.onBehalfOf === gone && other.assignee !== gone : other.assignee === owner,
  )
  if (stays !== undefined) {
    draft.say('person_left', {
      node: task.node,
      task: task.id,
      data: { user: gone, assignee: stays.assignee },
    })
    foldInto(engine, task, stays, { state: 'cancelled', reason: 'deactivated' })
    engine.reviseTasks(task.activation)
    return
  }
  const heir = owner ?? findSuccessor(engine, task, gone)
  draft.say('person_left', { node: task.node, task: task.id, data: { user: gone, assignee: heir } })
  if (heir === null) {
    const { activation } = engine.locate(task.activation)
    engine.stop(activation, { code: errors.flowNobodyToDecide.code, data: { approvers: [] } })
    return
  }
  handOver(engine, task, heir, { state: 'transferred', reason: 'deactivated' })
  engine.reviseTasks(task.activation)
}

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
      const own = findSharer(engine, task, ({ assignee }) => assignee === owner)
      if (own !== undefined) foldInto(engine, task, own, { state: 'cancelled', reason: 'delegation_ended' })
      else
        handOver(engine, task, owner, { state: 'transferred', reason: 'delegation_ended', delegate: false })
      engine.reviseTasks(task.activation)
    }
  },
})
