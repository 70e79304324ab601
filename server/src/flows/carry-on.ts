import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { advance } from '@channelwright/runtime/flow/advance.ts'
import type { Advance, FlowCommand, FlowPorts } from '@channelwright/runtime/flow/command.ts'
import { givenData } from '@channelwright/runtime/flow/given.ts'
import type { DelegationWindow, PeopleQuestion } from '@channelwright/runtime/flow/people.ts'
import type { FlowRun } from '@channelwright/runtime/flow/run.ts'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import { workCalendar } from '@channelwright/runtime/logic/calendars/work-calendar.ts'
import type { Unit } from '../db/unit.ts'
import { sendTogether } from '../jobs/failpoint.ts'
import { lookingUp } from '../records/rules.ts'
import { findChangedFields } from './changed-fields.ts'
import { copiesIn, writeCopies } from './copies.ts'
import { currentState } from './current-state.ts'
import { openWindows } from './delegations.ts'
import { doAtOnce } from './do-at-once.ts'
import { findPeople } from './find-people.ts'
import { type ReadyFlow, readyFlow } from './flow-data.ts'
import { followRun } from './follow-run.ts'
import { administrators, sayFlowChanged } from './hints.ts'
import { changesStuck, noteIncidents, noteLeft } from './incidents.ts'
import { notify } from './notifications.ts'
import { queueEffects } from './queue-effects.ts'
import { changesSuspended, saveAdvance } from './run-store.ts'
import { queueTimers } from './timers.ts'

/** A sound flow asks for people once per step it enters; far more rounds than steps mean a fault. */
const maxRounds = 1_000

/** What whoever passes a command on knows besides. */
export interface CommandFacts {
  /** Version of the record before the fields that came with the command were written. */
  readonly versionBefore?: number
  /** Whether the person who gives the command administers flows. */
  readonly admin?: boolean
  /** What is written with what the command changed; sent with it. */
  readonly also?: (after: FlowRun) => Promise<unknown>
  /** Nothing follows in the transaction: its end is sent with the writes. */
  readonly finish?: boolean
}

/**
 * One command on one run, in the unit's transaction: advances it, stores what changed, queues its effects and timers,
 * writes down whom it is told. The run must be locked by this transaction (or new), the unit be under the run's
 * release. Refuses with the codes of `errors/flows.ts`.
 */
export async function carryOn(
  unit: Unit,
  ready: ReadyFlow,
  run: FlowRun | null,
  command: FlowCommand,
  data: JsonObject,
  onBehalfOf: string,
  facts: CommandFacts = {},
): Promise<FlowRun> {
  const first = await advanceWithPeople(unit, ready, run, command, data, facts)
  // A case that is about to begin is not stored yet, and nor is the record whose writing begins it.
  const { advanced, done } =
    run === null
      ? { advanced: first, done: [] }
      : await doAtOnce(unit, ready, first, onBehalfOf, (after, told, known) =>
          advanceWithPeople(unit, ready, after, told, known, {}),
        )
  const copies = await copiesIn(unit, advanced.run.id, advanced.events)
  // Sent together: nothing here waits for the answer of what stands before it.
  await unit.asEngine(async () => {
    await sendTogether([
      () => saveAdvance(unit, run, advanced),
      'advance.events-written',
      () => queueEffects(unit, advanced, onBehalfOf, done),
      () => queueTimers(unit, advanced),
      'advance.effects-queued',
      () => notify(unit, run, advanced),
      () => writeCopies(unit, advanced.run.id, copies),
      () => noteIncidents(unit, run, advanced.run),
      () => noteLeft(unit, advanced.run, advanced.events),
      () => followRun(unit, ready, run, advanced, command.type),
      () => facts.also?.(advanced.run),
      // Last: whatever of the writes fails takes the end of the transaction with it.
      () => (facts.finish ? unit.finish() : undefined),
    ])
  })
  const { id, applicant } = advanced.run
  const people = [...advanced.newTasks, ...advanced.changedTasks].map((task) => task.assignee)
  if (changesSuspended(run, advanced.run)) people.push(...advanced.run.tasks.map((task) => task.assignee))
  if (changesStuck(run, advanced.run)) people.unshift(administrators)
  unit.afterCommit(() => sayFlowChanged(unit.services, unit.served.workspace.key, id, [applicant, ...people]))
  return advanced.run
}

/** What a command would come to; nothing is written. Refuses as the command itself does. */
export async function advanceWithPeople(
  unit: Unit,
  ready: ReadyFlow,
  run: FlowRun | null,
  command: FlowCommand,
  record: JsonObject,
  facts: CommandFacts,
): Promise<Extract<Advance, { kind: 'advanced' }>> {
  const applicant =
    run === null && 'applicant' in command ? String(command.applicant) : (run?.applicant ?? '')
  const given = run?.given ?? (command.type === 'start' ? (command.given ?? null) : null)
  const data = { ...record, ...givenData(given) }
  const subject = { object: ready.flow.object, applicant, data }
  const answers = new Map<string, readonly string[]>()
  const windows = new Map<string, readonly DelegationWindow[]>()
  const keyOf = (question: PeopleQuestion) => JSON.stringify(question)
  const changed = await findChangedFields(unit, run)
  const inForce = (await unit.services.releases.current(unit.served.workspace.key)) ?? unit.served
  const ports: Omit<FlowPorts, 'data'> = {
    now: unit.now,
    dataVersion: typeof data.rev === 'number' ? data.rev : null,
    ...(facts.versionBefore === undefined ? {} : { versionBefore: facts.versionBefore }),
    admin: facts.admin ?? false,
    newId: () => unit.services.ids.next(),
    evaluate: ready.evaluate,
    people: (question) => answers.get(keyOf(question)),
    delegations: (users) => {
      const found = users.map((user) => windows.get(user))
      return found.includes(undefined) ? undefined : found.flatMap((one) => one ?? [])
    },
    calendar: (key) => {
      // Working days are facts, not part of what a case began under: the calendar in force counts for all.
      const definition = inForce.release.calendars.get(key) ?? unit.served.release.calendars.get(key)
      return definition && workCalendar(definition)
    },
    calendarRelease: (key) => (inForce.release.calendars.has(key) ? inForce : unit.served).number,
    changedFields: () => changed,
    flowOf: await otherRelease(unit, run, command),
  }
  for (let round = 0; round < maxRounds; round++) {
    const result = await lookingUp(unit, data, (known) =>
      advance(ready.flow, run, command, { ...ports, data: known }),
    )
    if (result.kind === 'advanced') return result
    if (result.kind === 'refused') {
      const recordRev = facts.versionBefore ?? ports.dataVersion ?? null
      const state = { flow: ready.flow, run, recordRev, admin: ports.admin === true }
      throw new Refusal(result.error, result.values, currentState(result.error, command, state))
    }
    // Asked together; where they go by the same connection they leave as one message. As the engine all of them: two
    // that changed the role side by side would change it for each other.
    await unit.asEngine(() =>
      Promise.all([
        ...result.questions.map(async (question) => {
          answers.set(keyOf(question), await findPeople(unit, question, subject))
        }),
        openWindows(unit, result.delegations, ready.flow.key, data).then((found) => {
          for (const user of result.delegations)
            windows.set(
              user,
              found.filter((window) => window.from === user),
            )
        }),
      ]),
    )
  }
  throw new Error(`Flow ${ready.flow.key} asks for people without end`)
}

/** The same flow in the release that a run leaves, fetched before the core asks for it. */
async function otherRelease(
  unit: Unit,
  run: FlowRun | null,
  command: FlowCommand,
): Promise<NonNullable<FlowPorts['flowOf']>> {
  if (command.type !== 'migrate' || run === null) return () => undefined
  const served = await unit.services.releases.at(unit.served.workspace.key, run.release)
  const { flow } = readyFlow(served, run.flow)
  return (release) => (release === run.release ? flow : undefined)
}
