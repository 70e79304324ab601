import type {
  ReplayBody,
  ReplayDifference,
  ReplayedCase,
  ReplayLine,
  ReplaySide,
  ReplaySum,
} from '@channelwright/runtime/api/flow-trials.ts'
import type { FlowDefinition } from '@channelwright/runtime/definition/flow.ts'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { fillText } from '@channelwright/runtime/errors/diagnose.ts'
import { flowReplayFailed, flowReplayGone } from '@channelwright/runtime/errors/flow-trials.ts'
import { type FlowEvent, type FlowRun, isClosed } from '@channelwright/runtime/flow/run.ts'
import type { SimulatedRun } from '@channelwright/runtime/flow/simulate.ts'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import { inUnit, type Unit } from '../db/unit.ts'
import { readableFields } from '../records/object-rights.ts'
import { namePeople } from '../records/people.ts'
import { tableOf } from '../records/record-table.ts'
import type { Actor, ServedRelease, Services } from '../services.ts'
import { underRelease } from './flow-data.ts'
import { loadRecordThen, type RecordThen } from './record-then.ts'
import { recordTitles } from './record-titles.ts'
import { type EffectResult, scriptOf } from './replay-script.ts'
import { compareSides, outcomeOf } from './replay-words.ts'
import { flowTable, readRun } from './run-store.ts'
import { SimulationFacts } from './simulate-facts.ts'
import type { FlowOnTrial } from './tried-flow.ts'

/** Most cases of one replay, and how long it may take, in milliseconds. */
export const mostCases = 200
const longest = 60_000

export interface ReplayPlace {
  readonly services: Services
  readonly served: ServedRelease
  readonly actor: Actor
}

/**
 * Replays the newest cases of a flow on another wording of it: each twice, by the flow it had and by the one on trial,
 * with what people really decided and the people of today, so that only the wording makes a difference. Nothing is
 * written. Only cases and records that the actor may see; each case is a transaction of its own. Whoever stops reading
 * stops it.
 */
export async function* replayCases(
  place: ReplayPlace,
  trial: FlowOnTrial,
  { last = 50, otherwise = 'first' }: Pick<ReplayBody, 'last' | 'otherwise'>,
): AsyncGenerator<ReplayLine> {
  const inCase = <T>(work: (unit: Unit) => Promise<T>) =>
    inUnit(place.services, place.served, place.actor, work, { readOnly: true })
  const runs = await inCase((unit) =>
    unit.query<{ id: string }>(
      `SELECT id FROM ${flowTable(unit, 'run')} WHERE flow = $1 ORDER BY started_at DESC, id DESC LIMIT $2`,
      [trial.flow.key, Math.min(last, mostCases)],
    ),
  )
  yield { kind: 'begin', cases: runs.length }
  const until = performance.now() + longest
  const done: ReplayedCase[] = []
  for (const { id } of runs) {
    if (performance.now() > until) break
    const one = await inCase((unit) => replayCase(unit, trial, id, otherwise))
    if (one === null) continue
    done.push(one)
    yield { kind: 'case', done: done.length, case: one }
  }
  yield { kind: 'sum', sum: sumUp(done, done.length < runs.length) }
}

async function replayCase(
  unit: Unit,
  trial: FlowOnTrial,
  id: string,
  otherwise: 'first' | 'none',
): Promise<ReplayedCase | null> {
  const run = await readRun(unit, id, 'look')
  // Removed, or hidden from the reader, since it was listed.
  if (run === undefined) return null
  const titles = await recordTitles(unit, [run])
  const head = {
    run: run.id,
    record: run.record,
    title: titles.get(run.record) ?? null,
    release: run.release,
    started_at: run.startedAt,
    status: run.status,
  }
  try {
    return { ...head, ...(await compareCase(unit, trial, run, otherwise)), problem: null }
  } catch (error) {
    if (!(error instanceof Refusal))
      unit.services.log.warn({ err: error, run: id }, 'a case could not be replayed')
    const { definition, values } = error instanceof Refusal ? error : new Refusal(flowReplayFailed)
    const problem = { code: definition.code, message: fillText(definition.message, values) }
    return { ...head, retraced: false, before: nothing, after: nothing, differs: [], words: [], problem }
  }
}

const nothing: ReplaySide = { status: '', outcome: null, path: [], people: [], seconds: 0, fields: {} }

async function compareCase(
  unit: Unit,
  trial: FlowOnTrial,
  run: FlowRun,
  otherwise: 'first' | 'none',
): Promise<Pick<ReplayedCase, 'retraced' | 'before' | 'after' | 'differs' | 'words'>> {
  const served = await unit.services.releases.at(unit.served.workspace.key, run.release)
  const flow = served.release.flows.get(run.flow)
  if (flow === undefined || run.object !== trial.flow.object) throw new Refusal(flowReplayGone)
  const table = tableOf(unit.served, run.object)
  const then = await loadRecordThen(
    unit,
    table,
    run.record,
    run.activations[0]?.dataVersion ?? null,
    run.startedAt,
  )
  const [events, effects] = await unit.asEngine(() =>
    Promise.all([
      unit.query<FlowEvent>(
        `SELECT type, at, by, node, task, data FROM ${flowTable(unit, 'event')} WHERE run = $1 AND type <> 'changed' ORDER BY id`,
        [run.id],
      ),
      unit.query<EffectResult>(
        `SELECT key, type, result FROM ${flowTable(unit, 'effect')} WHERE run = $1 AND result IS NOT NULL ORDER BY queued_at, key`,
        [run.id],
      ),
    ]),
  )
  const real = { run, flow, events, effects, then, otherwise, now: unit.now }
  const given = (by: FlowDefinition) => () => ({
    record: then.record,
    applicant: run.applicant,
    now: run.startedAt,
    ...scriptOf(real, by),
  })
  const facts = new SimulationFacts(underRelease(unit, served))
  const old = await facts.simulate(flow, served.release, given(flow))
  const now = await new SimulationFacts(unit).simulate(trial.flow, trial.set, given(trial.flow))
  const people = new Set([...(old.run?.tasks ?? []), ...(now.run?.tasks ?? [])].map((task) => task.assignee))
  const names = await namePeople(unit, people)
  const readable = readableFields(unit.served, unit.actor, run.object)
  const tell = (walked: SimulatedRun) => sideOf(walked, then, names, readable)
  const [before, after] = [tell(old), tell(now)]
  const object = trial.set.objects.get(run.object)
  return {
    retraced: isRetraced(run, old),
    before,
    after,
    ...compareSides(before, after, { before: flow, after: trial.flow, object }),
  }
}

/** The same steps as often, and the same end: parallel branches may come in another order. */
function isRetraced(run: FlowRun, walked: SimulatedRun): boolean {
  const steps = (nodes: readonly string[]) => [...nodes].sort().join()
  const isSamePath = steps(run.activations.map(({ node }) => node)) === steps(walked.path)
  const isSameEnd = isClosed(run)
    ? run.status === walked.status && run.outcome === walked.outcome
    : walked.run !== null && !isClosed(walked.run)
  return isSamePath && isSameEnd
}

function sideOf(
  { status, outcome, path, run, record, now }: SimulatedRun,
  then: RecordThen,
  names: ReadonlyMap<string, string>,
  readable: ReadonlySet<string>,
): ReplaySide {
  const asked = new Map(
    (run?.tasks ?? []).map(({ node, assignee }) => [
      `${node} ${assignee}`,
      { node, person: { id: assignee, name: names.get(assignee) ?? null } },
    ]),
  )
  const fields: JsonObject = {}
  for (const [key, value] of Object.entries(record))
    if (readable.has(key) && JSON.stringify(value) !== JSON.stringify(then.record[key] ?? null))
      fields[key] = value
  const end = Date.parse(run?.endedAt ?? now)
  const seconds = Math.round((end - Date.parse(run?.startedAt ?? now)) / 1000)
  return { status, outcome, path, people: [...asked.values()], seconds, fields }
}

function sumUp(cases: readonly ReplayedCase[], cut: boolean): ReplaySum {
  const sound = cases.filter(({ problem }) => problem === null)
  const kinds: readonly ReplayDifference[] = ['path', 'people', 'outcome', 'time', 'fields']
  const differs = Object.fromEntries(
    kinds.map((kind) => [kind, sound.filter((one) => one.differs.includes(kind)).length]),
  ) as Record<ReplayDifference, number>
  const outcomes = new Map<string, { before: string; after: string; cases: number }>()
  for (const one of sound) {
    const [before, after] = [outcomeOf(one.before), outcomeOf(one.after)]
    if (before === after) continue
    const key = `${before} ${after}`
    const known = outcomes.get(key)
    if (known === undefined) outcomes.set(key, { before, after, cases: 1 })
    else known.cases += 1
  }
  const mean = (side: 'before' | 'after') =>
    sound.length === 0 ? 0 : Math.round(sound.reduce((sum, one) => sum + one[side].seconds, 0) / sound.length)
  return {
    cases: cases.length,
    same: sound.filter((one) => one.differs.length === 0).length,
    retraced: sound.filter((one) => one.retraced).length,
    failed: cases.length - sound.length,
    differs,
    outcomes: [...outcomes.values()].sort((a, b) => b.cases - a.cases),
    seconds: { before: mean('before'), after: mean('after') },
    cut,
  }
}
