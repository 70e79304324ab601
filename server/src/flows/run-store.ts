import type { Advance } from '@channelwright/runtime/flow/command.ts'
import type { FlowRun } from '@channelwright/runtime/flow/run.ts'
import type { Unit } from '../db/unit.ts'
import { quoteTable } from '../publish/quote.ts'
import { runPrepared } from '../records/run-prepared.ts'
import {
  activationColumns,
  type Column,
  type Row,
  readActivationRow,
  readRunRow,
  readTaskRow,
  readTimerRow,
  runColumns,
  taskColumns,
  timerColumns,
} from './run-rows.ts'

export type FlowTable =
  | 'migration'
  | 'migration_run'
  | 'run'
  | 'activation'
  | 'task'
  | 'timer'
  | 'event'
  | 'flow_event'
  | 'hook'
  | 'hook_message'
  | 'schedule'
  | 'effect'
  | 'command'
  | 'delegation'
  | 'copy'
  | 'notification'
  | 'offer'
  | 'offer_credit'

/** A table of flows in the unit's workspace, quoted. */
export function flowTable(unit: Pick<Unit, 'served'>, name: FlowTable) {
  return quoteTable(unit.served.workspace.schema, `cw_${name}`)
}

/** Which run is meant: by its id, or by what belongs to it. */
export type RunAddress = { readonly run: string } | { readonly task: string } | { readonly timer: string }

/**
 * A run with all that belongs to it, in one message; undefined when there is none that the unit's role may see.
 * `lock`: one command at a time, whoever comes second waits here and then sees what the first has done, for each
 * statement behind the lock looks anew.
 */
export async function readRun(
  unit: Unit,
  address: string | RunAddress,
  lock: 'lock' | 'look',
  role?: string,
): Promise<FlowRun | undefined> {
  const [name, value] = Object.entries(typeof address === 'string' ? { run: address } : address)[0]!
  const table = (one: FlowTable) => flowTable(unit, one)
  const id = name === 'run' ? '$1' : `(SELECT run FROM ${table(name as 'task' | 'timer')} WHERE id = $1)`
  const ask = (text: string) =>
    role === undefined ? unit.query<Row>(text, [value]) : runPrepared<Row>(unit, text, [value], role)
  const [[run], activations, tasks, timers] = await Promise.all([
    ask(`SELECT * FROM ${table('run')} WHERE id = ${id}${lock === 'lock' ? ' FOR UPDATE' : ''}`),
    ask(`SELECT * FROM ${table('activation')} WHERE run = ${id} ORDER BY seq`),
    ask(`SELECT * FROM ${table('task')} WHERE run = ${id} ORDER BY seq`),
    ask(`SELECT * FROM ${table('timer')} WHERE run = ${id} ORDER BY seq`),
  ])
  if (run === undefined) return undefined
  return {
    ...readRunRow(run),
    activations: activations.map(readActivationRow),
    tasks: tasks.map(readTaskRow),
    timers: timers.map(readTimerRow),
  }
}

/**
 * Writes what a command changed, in one message. As the engine, in the command's transaction, with the run locked (or
 * new).
 */
export async function saveAdvance(
  unit: Unit,
  before: FlowRun | null,
  advanced: Extract<Advance, { kind: 'advanced' }>,
  role: string,
): Promise<void> {
  const { run } = advanced
  const kept = new Map(before?.activations.map((activation) => [activation.id, activation]))
  const touched = new Set([...advanced.newTasks, ...advanced.changedTasks].map((task) => task.id))
  const timed = new Set([...advanced.newTimers, ...advanced.changedTimers].map((timer) => timer.id))
  // Of the run, so that an inbox reads one table.
  const ofRun = { flow: run.flow, release: run.release, object: run.object, record: run.record }
  const writes = [
    before === null ? insertRun(unit, run, role) : updateRun(unit, run, role),
    upsert(
      unit,
      'activation',
      activationColumns,
      run.activations.map((one, seq) => [seq, one] as const).filter(([, one]) => kept.get(one.id) !== one),
      { run: run.id },
      role,
    ),
    upsert(
      unit,
      'task',
      taskColumns,
      run.tasks.map((one, seq) => [seq, one] as const).filter(([, one]) => touched.has(one.id)),
      { run: run.id, ...ofRun },
      role,
    ),
    upsert(
      unit,
      'timer',
      timerColumns,
      run.timers.map((one, seq) => [seq, one] as const).filter(([, one]) => timed.has(one.id)),
      { run: run.id },
      role,
    ),
  ]
  if (before !== null && before.release !== run.release)
    writes.push(
      unit.query(`UPDATE ${flowTable(unit, 'task')} SET release = $2 WHERE run = $1`, [run.id, run.release]),
    )
  if (advanced.events.length > 0)
    writes.push(
      runPrepared(
        unit,
        `INSERT INTO ${flowTable(unit, 'event')} (run, type, at, by, node, task, data)
         SELECT $1, type, at, NULLIF(by, '')::uuid, node, task, data
         FROM jsonb_to_recordset($2::jsonb) AS e (type text, at timestamptz, by text, node text, task uuid, data jsonb)`,
        [run.id, JSON.stringify(advanced.events)],
        role,
      ),
    )
  await Promise.all(writes)
}

function insertRun(unit: Unit, run: FlowRun, role: string): Promise<unknown> {
  const names = runColumns.map((one) => one.name).join(', ')
  const places = runColumns.map((one, at) => `$${at + 1}::${one.type}`).join(', ')
  return runPrepared(
    unit,
    `INSERT INTO ${flowTable(unit, 'run')} (${names}) VALUES (${places})`,
    runColumns.map((one) => bind(one, run)),
    role,
  )
}

function updateRun(unit: Unit, run: FlowRun, role: string): Promise<unknown> {
  const changing = runColumns.filter((one) => one.changes)
  const sets = changing.map((one, at) => `${one.name} = $${at + 2}::${one.type}`).join(', ')
  return runPrepared(
    unit,
    `UPDATE ${flowTable(unit, 'run')} SET ${sets} WHERE id = $1`,
    [run.id, ...changing.map((one) => bind(one, run))],
    role,
  )
}

function bind<T>(column: Column<T>, of: T): unknown {
  const value = column.value(of)
  return column.type === 'jsonb' && value !== null ? JSON.stringify(value) : value
}

/** Rows with their place in the run, all by one statement; what they have in common is given once. */
function upsert<T>(
  unit: Unit,
  table: 'activation' | 'task' | 'timer',
  columns: readonly Column<T>[],
  rows: readonly (readonly [number, T])[],
  common: Readonly<Record<string, string | number>>,
  role: string,
): Promise<unknown> {
  if (rows.length === 0) return Promise.resolve()
  const shared = Object.keys(common)
  const names = columns.map((one) => one.name)
  const changes = columns.filter((one) => one.changes).map((one) => `${one.name} = excluded.${one.name}`)
  const json = rows.map(([seq, of]) => ({
    seq,
    ...Object.fromEntries(columns.map((one) => [one.name, one.value(of)])),
  }))
  return runPrepared(
    unit,
    `INSERT INTO ${flowTable(unit, table)} AS kept (${[...shared, 'seq', ...names].join(', ')})
     SELECT ${[
       ...shared.map((_, at) => `$${at + 2}`),
       'seq',
       // A JSON null inside a row is a null of the column.
       ...columns.map((one) => (one.type === 'jsonb' ? `NULLIF(${one.name}, 'null'::jsonb)` : one.name)),
     ].join(', ')}
     FROM jsonb_to_recordset($1::jsonb) AS r (seq integer, ${columns.map((one) => `${one.name} ${one.type}`).join(', ')})
     ON CONFLICT (id) DO UPDATE SET ${changes.join(', ')}`,
    [JSON.stringify(json), ...Object.values(common)],
    role,
  )
}
