import type { Advance } from '@channelwright/runtime/flow/command.ts'
import type { Activation, FlowRun, Task } from '@channelwright/runtime/flow/run.ts'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import type { Unit } from '../db/unit.ts'
import { quoteTable } from '../publish/quote.ts'

/** A table of flows in the unit's workspace, quoted. */
export function flowTable(
  unit: Pick<Unit, 'served'>,
  name: 'run' | 'activation' | 'task' | 'event' | 'effect' | 'command',
) {
  return quoteTable(unit.served.workspace.schema, `cw_${name}`)
}

interface RunRow {
  id: string
  flow: string
  release: number
  object: string
  record: string
  applicant: string
  status: FlowRun['status']
  outcome: string | null
  rev: number
  started_at: string
  ended_at: string | null
}

interface ActivationRow {
  id: string
  node: string
  status: Activation['status']
  exit: string | null
  via: string | null
  entered_at: string
  left_at: string | null
  state: JsonObject
  incident: Activation['incident']
}

interface TaskRow {
  id: string
  activation: string
  node: string
  assignee: string
  state: Task['state']
  rev: number
  reason: string | null
  comment: string | null
  created_at: string
  decided_at: string | null
  decided_by: string | null
}

/** A run with all that belongs to it; undefined when there is none that the unit's role may see. */
export async function readRun(unit: Unit, id: string, lock: 'lock' | 'look'): Promise<FlowRun | undefined> {
  // One command at a time: whoever comes second waits here and then sees what the first has done.
  const [row] = await unit.query<RunRow>(
    `SELECT * FROM ${flowTable(unit, 'run')} WHERE id = $1${lock === 'lock' ? ' FOR UPDATE' : ''}`,
    [id],
  )
  if (row === undefined) return undefined
  const activations = await unit.query<ActivationRow>(
    `SELECT * FROM ${flowTable(unit, 'activation')} WHERE run = $1 ORDER BY seq`,
    [id],
  )
  const tasks = await unit.query<TaskRow>(
    `SELECT * FROM ${flowTable(unit, 'task')} WHERE run = $1 ORDER BY seq`,
    [id],
  )
  return {
    id: row.id,
    flow: row.flow,
    release: row.release,
    object: row.object,
    record: row.record,
    applicant: row.applicant,
    status: row.status,
    outcome: row.outcome,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    rev: row.rev,
    activations: activations.map(readActivation),
    tasks: tasks.map(readTask),
  }
}

function readActivation(row: ActivationRow): Activation {
  const { id, node, status, exit, via, state, incident } = row
  return { id, node, status, exit, via, enteredAt: row.entered_at, leftAt: row.left_at, state, incident }
}

function readTask(row: TaskRow): Task {
  const { id, activation, node, assignee, state, rev, reason, comment } = row
  return {
    id,
    activation,
    node,
    assignee,
    state,
    rev,
    reason,
    comment,
    createdAt: row.created_at,
    decidedAt: row.decided_at,
    decidedBy: row.decided_by,
  }
}

/** Writes what a command changed. As the engine, in the command's transaction, with the run locked (or new). */
export async function saveAdvance(
  unit: Unit,
  before: FlowRun | null,
  advanced: Extract<Advance, { kind: 'advanced' }>,
): Promise<void> {
  const { run } = advanced
  if (before === null) await insertRun(unit, run)
  else
    await unit.query(
      `UPDATE ${flowTable(unit, 'run')} SET status = $2, outcome = $3, rev = $4, ended_at = $5 WHERE id = $1`,
      [run.id, run.status, run.outcome, run.rev, run.endedAt],
    )
  const kept = new Map(before?.activations.map((activation) => [activation.id, activation]))
  const changed = run.activations.flatMap((activation, seq) =>
    kept.get(activation.id) === activation ? [] : [{ run: run.id, seq, ...activation }],
  )
  await upsertActivations(unit, changed)
  const touched = new Set([...advanced.newTasks, ...advanced.changedTasks].map((task) => task.id))
  await upsertTasks(
    unit,
    run,
    run.tasks.flatMap((task, seq) => (touched.has(task.id) ? [{ seq, ...task }] : [])),
  )
  if (advanced.events.length > 0)
    await unit.query(
      `INSERT INTO ${flowTable(unit, 'event')} (run, type, at, by, node, task, data)
       SELECT $1, type, at, NULLIF(by, '')::uuid, node, task, data
       FROM jsonb_to_recordset($2::jsonb) AS e (type text, at timestamptz, by text, node text, task uuid, data jsonb)`,
      [run.id, JSON.stringify(advanced.events)],
    )
}

async function insertRun(unit: Unit, run: FlowRun): Promise<void> {
  await unit.query(
    `INSERT INTO ${flowTable(unit, 'run')}
     (id, flow, release, object, record, applicant, status, outcome, rev, started_at, ended_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      run.id,
      run.flow,
      run.release,
      run.object,
      run.record,
      run.applicant,
      run.status,
      run.outcome,
      run.rev,
      run.startedAt,
      run.endedAt,
    ],
  )
}

async function upsertActivations(
  unit: Unit,
  rows: readonly (Activation & { run: string; seq: number })[],
): Promise<void> {
  if (rows.length === 0) return
  await unit.query(
    `INSERT INTO ${flowTable(unit, 'activation')} AS kept
       (id, run, seq, node, status, exit, via, entered_at, left_at, state, incident)
     SELECT id, run, seq, node, status, exit, via, "enteredAt", "leftAt", state, NULLIF(incident, 'null'::jsonb)
     FROM jsonb_to_recordset($1::jsonb) AS a (id uuid, run uuid, seq integer, node text, status text, exit text,
       via text, "enteredAt" timestamptz, "leftAt" timestamptz, state jsonb, incident jsonb)
     ON CONFLICT (id) DO UPDATE SET status = excluded.status, exit = excluded.exit, left_at = excluded.left_at,
       state = excluded.state, incident = excluded.incident`,
    [JSON.stringify(rows)],
  )
}

async function upsertTasks(
  unit: Unit,
  run: FlowRun,
  rows: readonly (Task & { seq: number })[],
): Promise<void> {
  if (rows.length === 0) return
  await unit.query(
    `INSERT INTO ${flowTable(unit, 'task')} AS kept
       (id, run, flow, release, object, record, activation, seq, node, assignee, state, rev, reason, comment,
        created_at, decided_at, decided_by)
     SELECT id, $2, $3, $4, $5, $6, activation, seq, node, assignee, state, rev, reason, comment, "createdAt",
       "decidedAt", "decidedBy"
     FROM jsonb_to_recordset($1::jsonb) AS t (id uuid, activation uuid, seq integer, node text, assignee uuid,
       state text, rev integer, reason text, comment text, "createdAt" timestamptz, "decidedAt" timestamptz,
       "decidedBy" uuid)
     ON CONFLICT (id) DO UPDATE SET state = excluded.state, rev = excluded.rev, reason = excluded.reason,
       comment = excluded.comment, decided_at = excluded.decided_at, decided_by = excluded.decided_by`,
    [JSON.stringify(rows), run.id, run.flow, run.release, run.object, run.record],
  )
}
