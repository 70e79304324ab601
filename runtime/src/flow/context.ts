import * as errors from '../errors/flows.ts'
import { instantOf, momentOf } from '../logic/calendars/zone.ts'
import { readAsked } from '../nodes/approval/approvers.ts'
import type { NodeContext } from '../nodes/node-type.ts'
import { type Due, type Duration, dueAfter, type Reckoned } from './due-time.ts'
import type { Engine, Place } from './engine.ts'
import type { DelegationWindow, PeopleQuestion } from './people.ts'
import { Needs, RuleFailed } from './refuse.ts'
import { hasVoice } from './voices.ts'

/** Answers to questions that don't depend on each other; what is not known yet is asked for together. */
export function askPeople(
  engine: Engine,
  questions: readonly PeopleQuestion[],
): readonly (readonly string[])[] {
  const answers = questions.map((question) => engine.ports.people(question))
  const open = questions.filter((_, index) => answers[index] === undefined)
  if (open.length > 0) throw new Needs(open)
  return answers.map((answer) => answer ?? [])
}

export function askOne(engine: Engine, question: PeopleQuestion): readonly string[] {
  return askPeople(engine, [question])[0] ?? []
}

export function isActive(engine: Engine, user: string): boolean {
  return askOne(engine, { ask: 'user', user }).includes(user)
}

/** The windows of these people, none of which serves the applicant or leads to its own giver. */
export function windowsOf(engine: Engine, users: readonly string[]): readonly DelegationWindow[] {
  if (engine.ports.delegations === undefined || users.length === 0) return []
  const windows = engine.ports.delegations(users)
  if (windows === undefined) throw new Needs([], users)
  return windows.filter(
    ({ from, to }) => users.includes(from) && to !== from && to !== engine.draft.applicant,
  )
}

/** A due time by the flow's calendar; `reckoned`: by what, where the calendar had a part in it. */
export function dueIn(
  engine: Engine,
  { after, unit }: Duration,
  from: string = engine.now,
): Due & { readonly reckoned: Reckoned | null } {
  const { calendar: key, deadlines } = engine.flow.settings ?? {}
  const calendar = key === undefined ? undefined : engine.ports.calendar?.(key)
  const due = dueAfter(from, { after, unit }, calendar)
  if (key === undefined || unit === 'minute' || unit === 'hour') return { ...due, reckoned: null }
  const by = { key, release: engine.ports.calendarRelease?.(key) ?? 0 }
  const reckoned = {
    from,
    after,
    unit,
    ...(calendar !== undefined && due.exact ? { calendar: by } : {}),
    ...(deadlines === 'frozen' ? { frozen: true as const } : {}),
  }
  return { ...due, reckoned }
}

/** When a date begins, on the flow's calendar; without one in UTC. */
function startOfDay(engine: Engine, date: string): string {
  const key = engine.flow.settings?.calendar
  const zone = key === undefined ? undefined : engine.ports.calendar?.(key)?.timeZone
  return instantOf(momentOf(zone ?? 'UTC', date, 0))
}

/** What a node may ask. `questions`: those that must be answered before it has its say. */
export function contextOf(
  engine: Engine,
  { activation, node, type }: Place,
  questions: readonly PeopleQuestion[] = type.people?.(node, engine.flow) ?? [],
): NodeContext {
  const { ports, flow, draft } = engine
  return {
    flow,
    node,
    run: draft.view(),
    activation,
    applicant: draft.applicant,
    now: ports.now,
    data: ports.data,
    dataVersion: ports.dataVersion ?? null,
    people: askPeople(engine, questions),
    ask: (...more) => askPeople(engine, more),
    delegations: (users) => windowsOf(engine, users),
    dueAfter: (duration, from) => {
      const due = dueIn(engine, duration, from)
      if (!due.exact) draft.say('calendar_short', { node: node['x-id'], data: { due: due.at } })
      return due
    },
    startOfDay: (date) => startOfDay(engine, date),
    newId: () => ports.newId(),
    evaluate: (rule, data = ports.data) => {
      const outcome = ports.evaluate(rule, data)
      if (!outcome.ok) throw new RuleFailed(outcome.reason)
      return outcome.value
    },
  }
}

/** People who may never get a task at this place, however it comes to be handed on. */
export function barredAt(engine: Engine, place: Place): readonly string[] {
  return place.type.barred?.(contextOf(engine, place, [])) ?? []
}

/** Refuses a person who can't take over a task: away for good, barred, or asked already. */
export function refuseUnfit(engine: Engine, place: Place, user: string): void {
  if (!isActive(engine, user)) throw engine.refuse(errors.flowPersonInactive)
  if (barredAt(engine, place).includes(user)) throw engine.refuse(errors.flowPersonBarred)
  const asked = hasPart(engine, place.activation.id, user)
  if (asked) throw engine.refuse(errors.flowPersonAsked)
}

/** They have a voice at the step already: nobody has two by being handed a second one. */
export function hasPart(engine: Engine, activation: string, user: string, except?: string): boolean {
  const { draft } = engine
  const { state = {} } = draft.activation(activation) ?? {}
  const later = readAsked(state.slots).slice(Number(state.made ?? 0))
  return hasVoice(draft.tasksOf(activation), later, user, except)
}
