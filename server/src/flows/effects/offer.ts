import type { FlowRun } from '@channelwright/runtime/flow/run.ts'
import type { Json, JsonObject } from '@channelwright/runtime/json.ts'
import {
  type Candidate,
  type Choice,
  chooseCandidates,
  type PassedOver,
} from '@channelwright/runtime/nodes/assign/choose.ts'
import type { AssignRule } from '@channelwright/runtime/nodes/assign/settings.ts'
import type { Unit } from '../../db/unit.ts'
import { compileCondition } from '../../records/compile-filter.ts'
import { type RecordTable, tableOf } from '../../records/record-table.ts'
import { updateRecord } from '../../records/write-record.ts'
import { flowTable } from '../run-store.ts'
import { ownRecord } from './find_records.ts'
import { foundAndLeft } from './found-and-left.ts'
import type { EffectOf } from './index.ts'
import { type Presence, peopleOf, readPresence } from './presence.ts'

/** Most candidates that one choice looks at; the oldest first. */
const mostCandidates = 5_000
/** Of those passed over, so many are kept with the choice. */
const mostPassed = 20

/**
 * Chooses among candidates as they are now. Choices among the records of one object wait for each other until they are
 * committed, so that no two cases take the same turn or the last free place.
 */
export async function offerEffect(
  unit: Unit,
  run: FlowRun,
  payload: JsonObject,
  { activation }: EffectOf,
): Promise<JsonObject> {
  const table = tableOf(unit.served, String(payload.candidates))
  const past = pastOf(payload)
  return unit.asEngine(async () => {
    const { schema } = unit.served.workspace
    await unit.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
      `${schema}:offer:${table.key}`,
    ])
    const found = await lookForOffer(unit, run, table, payload, 'lock')
    if (found === null) {
      const written = await reserve(unit, run, payload, activation, null)
      return { rule: null, by: null, offers: [], passed: [], ...written }
    }
    const { index, rule, series, choice } = found
    await writeOffers(unit, run, activation, table.key, {
      index,
      by: rule.by,
      chosen: choice.chosen,
      attempt: past.length,
    })
    await writeCredits(unit, series, choice.credits)
    const written = await reserve(unit, run, payload, activation, choice.chosen[0] ?? null)
    return { ...(await resultOf(unit, table, payload, found)), ...written }
  })
}

/** What one of the rules found, with the candidates it chose among. */
export interface FoundOffer {
  readonly index: number
  readonly rule: AssignRule
  readonly series: string
  readonly candidates: readonly Candidate[]
  readonly choice: Choice
}

/**
 * The choice that the step would make now; null: nobody is found. Writes nothing; `look`: locks nothing either, for a
 * trial. As the engine.
 */
export async function lookForOffer(
  unit: Unit,
  run: FlowRun,
  table: RecordTable,
  payload: JsonObject,
  how: 'lock' | 'look',
): Promise<FoundOffer | null> {
  const rules = (Array.isArray(payload.rules) ? payload.rules : []) as unknown as readonly AssignRule[]
  const presence = await readPresence(unit, run, table, payload)
  const rounds = [...rules.entries()].map(([index, rule]) => [index, rule, presence] as const)
  // Nobody was there: as if they were, where the step does not say otherwise.
  if (presence?.otherwise === 'anyway') rounds.push(...rounds.map(([at, rule]) => [at, rule, null] as const))
  for (const [index, rule, asked] of rounds) {
    const series = `${run.flow}.${String(payload.node)}.${index}`
    const candidates = await readCandidates(unit, run, table, payload, rule, series, how)
    const choice = await choosePresent(rule, candidates, asked)
    if (choice.chosen.length > 0) return { index, rule, series, candidates, choice }
  }
  return null
}

/** What the step hears of a choice. */
export async function resultOf(
  unit: Unit,
  table: RecordTable,
  payload: JsonObject,
  { index, rule, choice }: FoundOffer,
): Promise<JsonObject> {
  const offers: Json[] = []
  for (const candidate of choice.chosen)
    offers.push({ candidate, people: [...(await peopleOf(unit, table, payload.contacts, candidate))] })
  const passed = choice.passed.slice(0, mostPassed) as unknown as Json
  return { rule: index, by: rule.by, offers, passed }
}

function pastOf({ past }: JsonObject): readonly Json[] {
  return Array.isArray(past) ? past : []
}

/** Chooses, and again without those who turn out not to be there: only they have to be looked at. */
async function choosePresent(
  rule: AssignRule,
  candidates: readonly Candidate[],
  presence: Presence | null,
): Promise<Choice> {
  const absent = new Map<string, PassedOver>()
  for (;;) {
    const there = candidates.filter(({ id }) => !absent.has(id))
    const choice = chooseCandidates(rule.by, there, rule.count ?? 5)
    const missing = presence === null ? new Map() : await presence.findAbsent(choice.chosen)
    for (const [id, why] of missing) absent.set(id, why)
    if (missing.size > 0) continue
    return { ...choice, passed: [...choice.passed, ...[...absent].map(([id, why]) => ({ id, why }))] }
  }
}

/** The record names who is being asked, from the moment they are asked: they may see it, and nobody has two at once. */
async function reserve(
  unit: Unit,
  run: FlowRun,
  payload: JsonObject,
  activation: string,
  candidate: string | null,
): Promise<JsonObject> {
  if (payload.reserve !== true || typeof payload.into !== 'string') return {}
  const written = await updateRecord(
    unit,
    run.object,
    run.record,
    { [payload.into]: candidate },
    { by: 'flow' },
  )
  return foundAndLeft(run, activation, [payload.into], written)
}

interface CandidateRow {
  id: string
  /** The id of the last turn: ids grow in the order in which turns were taken. */
  last_at: string | null
  load: number
  capacity: number | null
  weight: number | null
  credit: string | null
}

/** `lock`: nobody edits a candidate away while it is being chosen. */
async function readCandidates(
  unit: Unit,
  run: FlowRun,
  table: RecordTable,
  payload: JsonObject,
  rule: AssignRule,
  series: string,
  how: 'lock' | 'look',
): Promise<readonly Candidate[]> {
  const values: unknown[] = [table.key, pastOf(payload), series]
  const where =
    rule.where === undefined
      ? 'true'
      : compileCondition(unit, table, rule.where, values, await ownRecord(unit, run, rule.where))
  const own = tableOf(unit.served, run.object)
  const into = own.fields.get(String(payload.into))?.column
  // The case itself is none of the candidate's open ones.
  values.push(run.record)
  const self = `$${values.length}`
  const open = compileCondition(unit, own, payload.open, values)
  const column = (key: string | undefined) => {
    const found = key === undefined ? undefined : table.fields.get(key)?.column
    return found === undefined || found === null ? 'NULL::integer' : `t.${found}`
  }
  // What has been offered and not been answered, or not been written yet, takes its place already.
  const offers = flowTable(unit, 'offer')
  const load =
    into === undefined || into === null
      ? '0'
      : `(SELECT count(*)::integer FROM (SELECT * FROM ${own.from} o
          WHERE o.${into} = c.id AND o.deleted_at IS NULL AND o.id <> ${self}) t WHERE ${open})
         + (SELECT count(*)::integer FROM ${offers} o JOIN ${flowTable(unit, 'activation')} a ON a.id = o.activation
            JOIN ${own.from} r ON r.id = o.record
            WHERE o.object = $1 AND o.candidate = c.id AND o.record <> ${self} AND a.status = 'active'
              AND r.deleted_at IS NULL AND r.${into} IS DISTINCT FROM c.id
              AND NOT EXISTS (SELECT FROM ${offers} l WHERE l.activation = o.activation AND l.attempt > o.attempt))`
  const rows = await unit.query<CandidateRow>(
    `WITH c AS MATERIALIZED (
       SELECT t.id, t.created_at, ${column(rule.capacity)} AS capacity, ${column(rule.weight)} AS weight
       FROM ${table.from} t
       WHERE t.deleted_at IS NULL AND t.id <> ALL ($2::uuid[]) AND ${where}
       ORDER BY t.created_at, t.id LIMIT ${mostCandidates}${how === 'lock' ? ' FOR SHARE OF t' : ''}
     ) SELECT c.id, c.capacity, c.weight, ${load} AS load,
         (SELECT o.id::text
          FROM ${flowTable(unit, 'offer')} o WHERE o.object = $1 AND o.candidate = c.id
          ORDER BY o.id DESC LIMIT 1) AS last_at,
         (SELECT k.credit FROM ${flowTable(unit, 'offer_credit')} k WHERE k.series = $3 AND k.candidate = c.id) AS credit
       FROM c ORDER BY c.created_at, c.id`,
    values,
  )
  return rows.map((row) => ({
    id: row.id,
    lastAt: row.last_at,
    load: row.load,
    capacity: row.capacity === null ? null : Number(row.capacity),
    weight: rule.weight === undefined ? 1 : Number(row.weight ?? 0),
    credit: Number(row.credit ?? 0),
  }))
}

interface Chosen {
  readonly index: number
  readonly by: string
  readonly chosen: readonly string[]
  /** Grows with every choice of the same step: how many had it before. */
  readonly attempt: number
}

async function writeOffers(
  unit: Unit,
  run: FlowRun,
  activation: string,
  object: string,
  { index, by, chosen, attempt }: Chosen,
): Promise<void> {
  await unit.query(
    `INSERT INTO ${flowTable(unit, 'offer')} (id, object, candidate, run, activation, record, rule, method, at, attempt)
     SELECT id, $3, candidate, $4, $5, $6, $7, $8, $9, $10 FROM unnest($1::uuid[], $2::uuid[]) AS n (id, candidate)`,
    [
      chosen.map(() => unit.services.ids.next()),
      chosen,
      object,
      run.id,
      activation,
      run.record,
      index,
      by,
      unit.now,
      attempt,
    ],
  )
}

async function writeCredits(
  unit: Unit,
  series: string,
  credits: Readonly<Record<string, number>>,
): Promise<void> {
  const changed = Object.entries(credits)
  if (changed.length === 0) return
  await unit.query(
    `INSERT INTO ${flowTable(unit, 'offer_credit')} AS kept (series, candidate, credit)
     SELECT $1, candidate, credit FROM unnest($2::uuid[], $3::bigint[]) AS n (candidate, credit)
     ON CONFLICT (series, candidate) DO UPDATE SET credit = excluded.credit`,
    [series, changed.map(([id]) => id), changed.map(([, credit]) => credit)],
  )
}
