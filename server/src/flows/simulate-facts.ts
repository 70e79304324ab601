import type { DefinitionSet } from '@channelwright/runtime/definition/definition-set.ts'
import type { FlowDefinition } from '@channelwright/runtime/definition/flow.ts'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { objectUnknown } from '@channelwright/runtime/errors/records.ts'
import { readsOfFlow } from '@channelwright/runtime/flow/evaluate.ts'
import { type DelegationWindow, idAt, type PeopleQuestion } from '@channelwright/runtime/flow/people.ts'
import type { Effect, FlowRun } from '@channelwright/runtime/flow/run.ts'
import {
  type EffectMoment,
  type SimulatedRun,
  type Simulation,
  SimulationNeeds,
  simulateFlow,
} from '@channelwright/runtime/flow/simulate.ts'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import { rankCandidates } from '@channelwright/runtime/nodes/assign/choose.ts'
import type { Unit } from '../db/unit.ts'
import { keepRecord } from '../records/kept-records.ts'
import { tableOf } from '../records/record-table.ts'
import { loadReferences, lookingUp } from '../records/rules.ts'
import { isWithin, type WindowRow } from './delegations.ts'
import { findRecordsEffect } from './effects/find_records.ts'
import { lookForOffer, resultOf as offerResult } from './effects/offer.ts'
import { findPeople } from './find-people.ts'
import { flowTable } from './run-store.ts'

/** Each time something new must be found the walk begins again; a flow that goes on asking is given up. */
const mostRounds = 400

/** What whoever simulates says; people, windows and references are found here. */
type Told = Omit<Simulation, 'people' | 'delegations' | 'complete'>

type Window = WindowRow & { readonly starts_at: string }

/** What is found of the world while flows are simulated; kept, so that several simulations share it. */
export class SimulationFacts {
  private readonly people = new Map<string, readonly string[]>()
  private readonly windows = new Map<string, readonly Window[]>()
  private readonly records = new Map<string, JsonObject>()
  private readonly found = new Map<string, JsonObject>()
  constructor(private readonly unit: Unit) {}

  /**
   * The simulation with everything that it needs found on the way. `make`: what is told of the case, anew for each walk,
   * which begins again whenever something had to be found.
   */
  async simulate(flow: FlowDefinition, set: DefinitionSet, make: () => Told): Promise<SimulatedRun> {
    const reads = readsOfFlow(flow, set)
    const { applicant } = make()
    const full = (context: JsonObject, given = make()): Simulation => ({
      ...given,
      effect: (effect, as) => given.effect?.(effect, as) ?? this.resultOf(effect, as),
      context: { ...given.context, ...context },
      people: (question, data) => this.people.get(this.keyOf(question, flow, applicant, data)),
      delegations: (users, at) => this.openAt(users, at, flow.key, given.record),
      complete: (record) => {
        const loaded = this.records.get(this.addressOf(flow, reads, record))
        return loaded && { ...record, ...loaded }
      },
    })
    for (let round = 0; round < mostRounds; round++) {
      try {
        return await lookingUp(this.unit, {}, (context) => simulateFlow(flow, set, full(context)))
      } catch (error) {
        if (error instanceof EffectNeeds) await this.look(error, flow)
        else if (error instanceof SimulationNeeds) await this.fill(error, flow, applicant, reads)
        else throw error
      }
    }
    throw new Error(`a simulation of flow ${flow.key} asks without end`)
  }

  private async fill(
    { questions, users, records, data }: SimulationNeeds,
    flow: FlowDefinition,
    applicant: string,
    reads: readonly string[],
  ): Promise<void> {
    const { unit } = this
    const subject = { object: flow.object, applicant, data }
    for (const question of questions)
      this.people.set(
        this.keyOf(question, flow, applicant, data),
        await unit.asEngine(() => findPeople(unit, question, subject)),
      )
    if (users.length > 0) await this.readWindows(users)
    for (const record of records) {
      const table = tableOf(unit.served, flow.object)
      const whole = await unit.asEngine(() => loadReferences(unit, table, record, reads))
      const loaded = Object.fromEntries(Object.entries(whole).filter(([key, value]) => record[key] !== value))
      this.records.set(this.addressOf(flow, reads, record), loaded)
    }
  }

  /** The same question is another one where it depends on the record. */
  private keyOf(question: PeopleQuestion, flow: FlowDefinition, applicant: string, data: JsonObject): string {
    const { release } = this.unit.served
    const owner = flow.object === release.party ? 'id' : release.objects.get(flow.object)?.owner
    const about =
      question.ask === 'field'
        ? idAt(data, question.path)
        : question.ask === 'role' && owner !== undefined
          ? idAt(data, owner)
          : question.ask === 'applicant'
            ? applicant
            : null
    return JSON.stringify([question, about])
  }

  private addressOf(flow: FlowDefinition, reads: readonly string[], record: JsonObject): string {
    const through = new Set(reads.flatMap((path) => (path.includes('.') ? [path.split('.')[0] ?? ''] : [])))
    return JSON.stringify([flow.object, reads, [...through].map((key) => record[key] ?? null)])
  }

  private openAt(
    users: readonly string[],
    at: string,
    flow: string,
    record: JsonObject,
  ): readonly DelegationWindow[] | undefined {
    const known = users.map((user) => this.windows.get(user))
    if (known.includes(undefined)) return undefined
    const now = Date.parse(at)
    return known
      .flatMap((windows) => windows ?? [])
      .filter(
        (row) =>
          Date.parse(row.starts_at) <= now &&
          Date.parse(row.ends_at) > now &&
          (row.flows === null || row.flows.includes(flow)) &&
          isWithin(row, record, this.unit.served.release.flows.get(flow)?.settings?.amount),
      )
      .map((row) => ({
        id: row.id,
        from: row.from_user,
        to: row.to_user,
        mode: row.mode,
        until: row.ends_at,
      }))
  }

  private async readWindows(users: readonly string[]): Promise<void> {
    const rows = await this.unit.asEngine(() =>
      this.unit.query<Window>(
        `SELECT id, from_user, to_user, mode, starts_at, ends_at, flows, max_amount, amount_field
         FROM ${flowTable(this.unit, 'delegation')} WHERE from_user = ANY ($1::uuid[]) AND ended_at IS NULL
         ORDER BY starts_at, id`,
        [[...new Set(users)]],
      ),
    )
    for (const user of users)
      this.windows.set(
        user,
        rows.filter((row) => row.from_user === user),
      )
  }

  /** What is looked for is looked for; everything else only would be done. */
  private resultOf(effect: Effect, as: EffectMoment): JsonObject | undefined {
    if (effect.type !== 'find_records' && effect.type !== 'offer') return undefined
    const known = this.found.get(addressOf(effect, as))
    if (known === undefined) throw new EffectNeeds(effect, as)
    return known
  }

  private async look({ effect, as }: EffectNeeds, flow: FlowDefinition): Promise<void> {
    const { id = this.unit.services.ids.next() } = as.record
    const record = String(id)
    const unit: Unit = { ...this.unit, now: as.now, records: new Map() }
    // As the walk has it, which nobody has stored.
    keepRecord(unit, tableOf(unit.served, flow.object), record, 'whole', { ...as.record, id: record })
    const run = { flow: flow.key, object: flow.object, record } as FlowRun
    const { into: _into, ...search } = effect.payload
    const found =
      effect.type === 'offer'
        ? await findOffer(unit, run, effect.payload)
        : await findRecordsEffect(unit, run, search)
    this.found.set(addressOf(effect, as), found)
  }
}

/** The choice that the step would make of what is there now, and in which order it looked at them. */
async function findOffer(unit: Unit, run: FlowRun, payload: JsonObject): Promise<JsonObject> {
  const nobody = { rule: null, by: null, offers: [], passed: [], considered: [] }
  try {
    const table = tableOf(unit.served, String(payload.candidates))
    return await unit.asEngine(async () => {
      const found = await lookForOffer(unit, run, table, payload, 'look')
      if (found === null) return nobody
      const absent = new Set(found.choice.passed.map(({ id }) => id))
      const ranked = rankCandidates(found.rule.by, found.candidates).filter(({ id }) => !absent.has(id))
      const considered = ranked.slice(0, mostConsidered).map((one) => ({ ...one }))
      return { ...(await offerResult(unit, table, payload, found)), considered }
    })
  } catch (error) {
    // Of an object that is only drafted there are no records yet.
    if (error instanceof Refusal && error.definition === objectUnknown) return nobody
    throw error
  }
}

function addressOf({ type, payload }: Effect, { now, record }: EffectMoment): string {
  return JSON.stringify([type, payload, record, type === 'offer' ? now : null])
}

/** So many of those who could have been chosen are told. */
const mostConsidered = 20

class EffectNeeds extends Error {
  constructor(
    readonly effect: Effect,
    readonly as: EffectMoment,
  ) {
    super('An effect must be looked for')
  }
}
