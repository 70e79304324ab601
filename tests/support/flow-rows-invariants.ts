import type { FlowDefinition } from '@channelwright/runtime/definition/flow.ts'
import { failedEffects } from '@channelwright/runtime/flow/incident.ts'
import type { Activation, FlowEvent, FlowRun } from '@channelwright/runtime/flow/run.ts'
import { isClosed, isOpen } from '@channelwright/runtime/flow/run.ts'
import { findBroken } from '@channelwright/runtime/flow/vectors/invariants.ts'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import {
  type Row,
  readActivationRow,
  readRunRow,
  readTaskRow,
  readTimerRow,
} from '@channelwright/server/flows/run-rows.ts'
import { jobsSchema } from '@channelwright/server/jobs/job.ts'
import type { Services } from '@channelwright/server/services.ts'

// The invariants of flows asked of Postgres: what the pure ones say of each run, and what only the rows of effects,
// jobs, children and commands beside them can say.

export interface RowsReport {
  readonly runs: number
  readonly events: number
  readonly effects: number
  readonly broken: readonly string[]
}

export interface RowsQuestion {
  /** Nothing is under way any more: no job waits that is due, no effect, no clock that has run out. */
  readonly settled?: boolean
}

interface EffectRow {
  readonly key: string
  readonly run: string
  readonly activation: string
  readonly type: string
  readonly state: 'queued' | 'done' | 'failed' | 'cancelled'
  readonly result: JsonObject | null
  readonly undoes: boolean
}

interface JobRow {
  readonly key: string | null
  readonly name: string
  readonly attempts: number
  readonly due: boolean
  readonly last_error: string | null
}

interface Kept {
  readonly run: FlowRun
  readonly events: readonly FlowEvent[]
  readonly effects: readonly EffectRow[]
}

/** Looks at every run of a workspace. Ask while nobody writes, or where one statement sees all: it takes a snapshot. */
export async function findBrokenRows(
  services: Services,
  workspace: string,
  { settled = false }: RowsQuestion = {},
): Promise<RowsReport> {
  const { all, jobs } = await readAll(services, workspace)
  const keys = new Set(jobs.flatMap((job) => job.key ?? []))
  const hasJob = (name: string, key: string) => keys.has(`${workspace}:${name}:${key}`)
  const broken: string[] = []
  const flows = await flowsOf(services, workspace, all)
  for (const kept of all.values()) {
    const { run } = kept
    const flow = flows(run)
    const waitsElsewhere = (step: Activation) =>
      step.state.wait !== undefined || hasOpenChild(all, step, hasJob) || isStillToStart(kept, step)
    const found = [
      ...findBroken(flow, null, run, kept.events, kept.effects, waitsElsewhere),
      ...checkEffects(kept, hasJob),
      ...checkTimers(run, hasJob),
      ...checkChildren(all, kept, hasJob),
      ...checkDeciders(flow, run),
    ]
    if (settled) found.push(...checkSettled(kept))
    broken.push(...found.map((words) => `${run.flow} ${run.id} (${run.status}): ${words}`))
  }
  if (settled)
    for (const job of jobs)
      if (job.due)
        broken.push(`a job is left: ${job.name} ${job.key}, tries ${job.attempts}, ${job.last_error}`)
  const count = (of: (kept: Kept) => number) => [...all.values()].reduce((sum, kept) => sum + of(kept), 0)
  return {
    runs: all.size,
    events: count(({ events }) => events.length),
    effects: count(({ effects }) => effects.length),
    broken,
  }
}

/** All of it as it was at one moment. */
async function readAll(
  { owner }: Services,
  workspace: string,
): Promise<{ all: Map<string, Kept>; jobs: JobRow[] }> {
  const client = await owner.connect()
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    const found = await client.query<{ schema: string }>(
      `SELECT schema_name AS schema FROM channelwright.workspace WHERE key = $1`,
      [workspace],
    )
    const schema = client.escapeIdentifier(found.rows[0]!.schema)
    const read = async <T>(table: string, order: string, of: (row: Row) => T) => {
      const byRun = new Map<string, T[]>()
      const { rows } = await client.query<Row>(`SELECT * FROM ${schema}.cw_${table} ORDER BY ${order}`)
      for (const row of rows) {
        const run = (row as { run?: string }).run ?? ''
        const list = byRun.get(run) ?? []
        byRun.set(run, list)
        list.push(of(row))
      }
      return (run: string) => byRun.get(run) ?? []
    }
    const activations = await read('activation', 'run, seq', readActivationRow)
    const tasks = await read('task', 'run, seq', readTaskRow)
    const timers = await read('timer', 'run, seq', readTimerRow)
    const events = await read('event', 'id', (row) => row as unknown as FlowEvent)
    const effects = await read('effect', 'key', (row) => row as unknown as EffectRow)
    const { rows: runs } = await client.query<Row>(`SELECT * FROM ${schema}.cw_run ORDER BY id`)
    const jobs = await client.query<JobRow>(
      `SELECT job.key, task.identifier AS name, job.attempts, job.run_at <= now() OR job.attempts > 0 AS due, job.last_error
       FROM ${jobsSchema}._private_jobs job JOIN ${jobsSchema}._private_tasks task ON task.id = job.task_id
       WHERE job.payload->>'workspace' = $1`,
      [workspace],
    )
    await client.query('COMMIT')
    const all = new Map<string, Kept>()
    for (const row of runs) {
      const head = readRunRow(row)
      const run = {
        ...head,
        activations: activations(head.id),
        tasks: tasks(head.id),
        timers: timers(head.id),
      }
      all.set(run.id, { run, events: events(run.id), effects: effects(run.id) })
    }
    return { all, jobs: jobs.rows }
  } finally {
    client.release()
  }
}

async function flowsOf(services: Services, workspace: string, all: ReadonlyMap<string, Kept>) {
  const releases = new Map<number, ReadonlyMap<string, FlowDefinition>>()
  for (const { run } of all.values())
    if (!releases.has(run.release))
      releases.set(run.release, (await services.releases.at(workspace, run.release)).release.flows)
  return (run: FlowRun): FlowDefinition => {
    const flow = releases.get(run.release)?.get(run.flow)
    if (flow === undefined) throw new Error(`The release ${run.release} has no flow ${run.flow}`)
    return flow
  }
}

type HasJob = (name: string, key: string) => boolean

function childrenOf(all: ReadonlyMap<string, Kept>, step: Pick<Activation, 'id'>): FlowRun[] {
  return [...all.values()].flatMap(({ run }) => (run.parent?.activation === step.id ? [run] : []))
}

/** A run that the step began is open, or its end is on its way. */
function hasOpenChild(all: ReadonlyMap<string, Kept>, step: Activation, hasJob: HasJob): boolean {
  return childrenOf(all, step).some((child) => !isClosed(child) || hasJob('tell-parent', child.id))
}

/** Effects of the step that are not done, whatever stands in their way, wait where administrators see them. */
function isStillToStart({ effects }: Kept, step: Activation): boolean {
  return effects.some((effect) => effect.activation === step.id && effect.state === 'queued')
}

/** Each key is done once and told once; what is to be done has somebody who does it. */
function checkEffects({ run, events, effects }: Kept, hasJob: HasJob): string[] {
  const broken: string[] = []
  const told = new Map<string, number>()
  for (const { type, data } of events)
    if (type === 'effect_done') told.set(String(data.key), (told.get(String(data.key)) ?? 0) + 1)
  const known = new Set(effects.map(({ key }) => key))
  for (const key of told.keys()) if (!known.has(key)) broken.push(`8: ${key} was done and is no effect`)
  for (const { key, state, activation, undoes } of effects) {
    const times = told.get(key) ?? 0
    if (times !== (state === 'done' ? 1 : 0)) broken.push(`8: ${key} is ${state} and was done ${times} times`)
    if (state === 'queued' && !hasJob('apply-effect', key)) broken.push(`3: ${key} waits and nobody does it`)
    const step = run.activations.find(({ id }) => id === activation)
    if (step === undefined) broken.push(`8: ${key} belongs to no step`)
    if (state === 'failed' && !(step && failedEffects(step).includes(key)))
      broken.push(`3: ${key} has failed and nobody sees it`)
    if (state === 'queued' && !undoes && step?.status === 'cancelled')
      broken.push(`2: ${key} of a step that was left behind is still to be done`)
  }
  return broken
}

/** A clock that runs has a job that hears it strike. */
function checkTimers(run: FlowRun, hasJob: HasJob): string[] {
  return run.timers.flatMap(({ id, state, left }) =>
    state === 'open' && left === null && !hasJob('fire-timer', id)
      ? [`3: nobody hears the timer ${id}`]
      : state === 'open' && left === null && run.status === 'suspended'
        ? [`3: the timer ${id} of a suspended case runs`]
        : [],
  )
}

/** One run per part of a step that begins others; the end of each is told once. */
function checkChildren(
  all: ReadonlyMap<string, Kept>,
  { run, events, effects }: Kept,
  hasJob: HasJob,
): string[] {
  const broken: string[] = []
  const heard = new Map<string, number>()
  for (const { type, data } of events)
    if (type === 'child_ended') heard.set(String(data.run), (heard.get(String(data.run)) ?? 0) + 1)
  for (const [child, times] of heard)
    if (times > 1) broken.push(`8: the end of ${child} was told ${times} times`)
  for (const step of run.activations) {
    const children = childrenOf(all, step)
    const begun = effects.filter((one) => one.activation === step.id && one.type === 'start_flow')
    const done = begun.flatMap(({ state, result }) =>
      state === 'done' && result ? [String(result.run)] : [],
    )
    for (const child of done) if (!all.has(child)) broken.push(`8: ${child} was begun and is not there`)
    for (const child of children) {
      if (!done.includes(child.id)) broken.push(`8: ${child.id} was begun twice or by nobody`)
      const isOwed = isClosed(child) && step.status === 'active' && !isClosed(run) && !heard.has(child.id)
      if (isOwed && !hasJob('tell-parent', child.id)) broken.push(`3: the end of ${child.id} is never told`)
    }
  }
  return broken
}

/** Nobody decides their own case where that is forbidden, nor for somebody they do not stand in for. */
function checkDeciders(flow: FlowDefinition, run: FlowRun): string[] {
  const nodes = new Map(flow.nodes.map((node) => [node['x-id'], node]))
  return run.tasks.flatMap((task) => {
    if (task.decidedBy === null || nodes.get(task.node)?.type !== 'approval') return []
    const broken: string[] = []
    const isOwn = task.decidedBy === run.applicant
    const forbids = flow.money === true || flow.settings?.selfApproval === 'forbid'
    const isVote = task.state === 'approved' || task.state === 'rejected'
    if (isOwn && isVote && forbids) broken.push(`7: the applicant decided ${task.id}`)
    const mayAct = [task.assignee, task.onBehalfOf]
    if (isVote && !mayAct.includes(task.decidedBy)) broken.push(`7: a stranger decided ${task.id}`)
    return broken
  })
}

function checkSettled({ run, effects }: Kept): string[] {
  return effects
    .filter(({ state }) => state === 'queued')
    .map(({ key }) => `3: ${key} is still to be done`)
    .concat(isClosed(run) ? run.tasks.filter(isOpen).map(({ id }) => `2: the task ${id} is open`) : [])
}
