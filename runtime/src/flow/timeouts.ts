import * as errors from '../errors/flows.ts'
import { askPeople, barredAt, dueIn, hasPart } from './context.ts'
import type { Engine } from './engine.ts'
import { handOver } from './hand-over.ts'
import type { Task, Timer } from './run.ts'
import { sendBack } from './send-back.ts'
import { findPassedOn, foldInto } from './sharers.ts'
import { addTaskTimer, readTimeout, type Timeout } from './timers.ts'

/** A task has waited too long: what its node says about that is done, by the flow and in nobody's name. */
export function applyTimeout(engine: Engine, timer: Timer): void {
  const { draft, flow } = engine
  const task = draft.task(timer.task ?? '')
  const place = engine.locate(timer.activation)
  const found = readTimeout(timer, place.node)
  if (task === undefined || task.state !== 'pending' || found === null) {
    draft.say('timer_late', { node: place.activation.node, task: timer.task, data: { timer: timer.id } })
    return
  }
  const { timeout, rule, count } = found
  draft.say('timed_out', {
    node: task.node,
    task: task.id,
    data: { do: timeout.do, assignee: task.assignee, count: count + 1 },
  })
  // Whoever is only heard does not decide, and neither does time in their place: it goes on without their opinion.
  if (task.opinionOnly && decides.has(timeout.do)) {
    draft.closeTask(task, 'expired', 'timed_out')
    engine.reviseTasks(task.activation)
    return
  }
  switch (timeout.do) {
    case 'remind':
      if (count + 1 < (timeout.max ?? 1))
        addTaskTimer(engine, task, dueIn(engine, timeout, timer.dueAt), { rule, count: count + 1 })
      return
    case 'escalate':
    case 'transfer': {
      const state = timeout.do === 'escalate' ? 'expired' : 'transferred'
      const reason = timeout.do === 'escalate' ? 'escalated' : 'timed_out'
      const stays = findPassedOn(engine, task)
      if (stays !== undefined) {
        foldInto(engine, task, stays, { state, reason })
        engine.reviseTasks(task.activation)
        return
      }
      const heir = findHeir(engine, task, timeout)
      if (heir === null) {
        engine.stop(place.activation, {
          code: errors.flowNobodyToDecide.code,
          data: { approvers: [], assignee: task.assignee },
        })
        return
      }
      const next = handOver(engine, task, heir, { state, reason })
      if (count + 1 < (timeout.max ?? 1))
        addTaskTimer(engine, next, dueIn(engine, timeout), { rule, count: count + 1 })
      engine.reviseTasks(task.activation)
      return
    }
    case 'approve':
    case 'reject': {
      // Refused when a flow is published; a run of an older release is held to it as well.
      if (timeout.do === 'approve' && flow.money === true) {
        engine.stop(place.activation, { code: errors.flowMoneyAuto.code, data: {} })
        return
      }
      draft.closeTask(task, timeout.do === 'approve' ? 'auto_approved' : 'auto_rejected', 'timed_out')
      engine.reviseTasks(task.activation)
      return
    }
    case 'return':
      draft.closeTask(task, 'expired', 'timed_out')
      sendBack(engine, place, {
        to: typeof timeout.to === 'string' ? timeout.to : engine.startNode()['x-id'],
        resume: 'replay',
        by: null,
        comment: null,
      })
  }
}

const decides: ReadonlySet<Timeout['do']> = new Set(['approve', 'reject', 'return'])

/** Who takes over: the person that the rule names, else whoever is above the one who did not act, else an administrator. */
function findHeir(engine: Engine, task: Task, timeout: Timeout): string | null {
  const place = engine.locate(task.activation)
  const taken = new Set([...barredAt(engine, place), task.assignee])
  const fits = (user: string) => !taken.has(user) && !hasPart(engine, task.activation, user)
  if (typeof timeout.to === 'string') {
    const [named = []] = askPeople(engine, [{ ask: 'user', user: timeout.to }])
    const person = named.find(fits)
    if (person !== undefined) return person
  } else if (timeout.to?.kind === 'role' && typeof timeout.to.role === 'string') {
    const [members = []] = askPeople(engine, [{ ask: 'role', role: timeout.to.role }])
    const person = members.find(fits)
    if (person !== undefined) return person
  }
  const [superiors = []] = askPeople(engine, [{ ask: 'superiors', of: task.onBehalfOf ?? task.assignee }])
  const above = superiors.find(fits)
  if (above !== undefined) return above
  const [admins = []] = askPeople(engine, [{ ask: 'admin' }])
  return admins.find(fits) ?? null
}
