import type { Advance } from '@channelwright/runtime/flow/command.ts'
import type { FlowEvent, FlowRun } from '@channelwright/runtime/flow/run.ts'
import type { Unit } from '../db/unit.ts'
import { quoteTable } from '../publish/quote.ts'
import { perSchema, runPrepared, writePrepared } from '../records/run-prepared.ts'
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
  | 'untold_incident'
  | 'offer'
  | 'offer_credit'

/** A table of flows in the unit's workspace, quoted. */
export function flowTable(unit: Pick<Unit, 'served'>, name: FlowTable) {
  return quoteTable(unit.served.workspace.schema, `cw_${name}`)
}

/** A text with tables of flows in it, made once for each workspace. */
export function perWorkspace(
  build: (table: (name: FlowTable) => string) => string,
): (unit: Pick<Unit, 'served'>) => string {
  return perSchema((schema) => build((name) => quoteTable(schema, `cw_${name}`)))
}

/** Which run is meant: by its id, or by what belongs to it. */
export type RunAddress = { readonly run: string } | { readonly task: string } | { readonly timer: string }

function readsBy(address: 'run' | 'task' | 'timer') {
  const read = (name: FlowTable, id: string, rest: string) =>
    perWorkspace((table) => {
      const run = address === 'run' ? '$1' : `(SELECT run FROM ${table(address)} WHERE id = $1)`
      return `SELECT * FROM ${table(name)} WHERE ${id} = ${run}${rest}`
    })
  return {
    look: read('run', 'id', ''),
    lock: read('run', 'id', ' FOR UPDATE'),
    activations: read('activation', 'run', ' ORDER BY seq'),
    tasks: read('task', 'run', ' ORDER BY seq'),
    timers: read('timer', 'run', ' ORDER BY seq'),
  }
}

const reads = { run: readsBy('run'), task: readsBy('task'), timer: readsBy('timer') }

/**
 * A run with all that belongs to it, in one message; undefined when there is none that the unit's role may see.
 * `lock`: one command at a time, whoever comes second waits here and then sees what the first has done, for each
 * statement behind the lock looks anew.
 */
export async function readRun(
  unit: Unit,
  address: string | RunAddress,
  lock: 'lock' | 'look',
): Promise<FlowRun | undefined> {
  const [name, value] = Object.entries(typeof address === 'string' ? { run: address } : address)[0]!
  const by = reads[name as keyof typeof reads]
  const ask = (text: (unit: Unit) => string) => runPrepared<Row>(unit, text(unit), [value])
  const [[run], activations, tasks, timers] = await Promise.all([
    ask(by[lock]),
    ask(by.activations),
    ask(by.tasks),
    ask(by.timers),
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
): Promise<void> {
  const { run } = advanced
  const kept = new Map(before?.activations.map((activation) => [activation.id, activation]))
  const touched = new Set([...advanced.newTasks, ...advanced.changedTasks].map((task) => task.id))
  const timed = new Set([...advanced.newTimers, ...advanced.changedTimers].map((timer) => timer.id))
  const writes = [
    before === null ? insertRun(unit, run) : updateRun(unit, run),
    writeActivations(
      unit,
      run,
      run.activations.map((one, seq) => [seq, one] as const).filter(([, one]) => kept.get(one.id) !== one),
    ),
    writeTasks(
      unit,
      run,
      run.tasks.map((one, seq) => [seq, one] as const).filter(([, one]) => touched.has(one.id)),
    ),
    writeTimers(
      unit,
      run,
      run.timers.map((one, seq) => [seq, one] as const).filter(([, one]) => timed.has(one.id)),
    ),
  ]
  if (before !== null && before.release !== run.release)
    writes.push(
      unit
        .query(`UPDATE ${flowTable(unit, 'task')} SET release = $2 WHERE run = $1`, [run.id, run.release])
        .then(() => undefined),
    )
  if (changesSuspended(before, run))
    writes.push(
      unit
        .query(`UPDATE ${flowTable(unit, 'task')} SET suspended = $2 WHERE run = $1`, [
          run.id,
          isSuspended(run),
        ])
        .then(() => undefined),
    )
  if (advanced.events.length > 0) writes.push(writeEvents(unit, run.id, advanced.events))
  await Promise.all(writes)
}

/** Whether a case has begun to be suspended, or has stopped to be: those who are asked see it in their inboxes. */
export function changesSuspended(before: FlowRun | null, run: FlowRun): boolean {
  return before !== null && isSuspended(before) !== isSuspended(run)
}

function isSuspended({ status }: FlowRun): boolean {
  return status === 'suspended'
}

/** More of the story of a case. As the engine. */
export function writeEvents(unit: Unit, run: string, events: readonly FlowEvent[]): Promise<void> {
  return writePrepared(unit, insertEventsText(unit), [run, JSON.stringify(events)])
}

const insertEventsText = perWorkspace(
  (table) => `INSERT INTO ${table('event')} (run, type, at, by, node, task, data)
     SELECT $1::uuid, type, at, NULLIF(by, '')::uuid, node, task, data
     FROM jsonb_to_recordset($2::jsonb) AS e (type text, at timestamptz, by text, node text, task uuid, data jsonb)`,
)

const insertRunText = perWorkspace((table) => {
  const names = runColumns.map((one) => one.name).join(', ')
  const places = runColumns.map((one, at) => `$${at + 1}::${one.type}`).join(', ')
  return `INSERT INTO ${table('run')} (${names}) VALUES (${places})`
})

function insertRun(unit: Unit, run: FlowRun): Promise<void> {
  return writePrepared(
    unit,
    insertRunText(unit),
    runColumns.map((one) => bind(one, run)),
  )
}

const changingOfRun = runColumns.filter((one) => one.changes)
const updateRunText = perWorkspace((table) => {
  const sets = changingOfRun.map((one, at) => `${one.name} = $${at + 2}::${one.type}`).join(', ')
  return `UPDATE ${table('run')} SET ${sets} WHERE id = $1`
})

function updateRun(unit: Unit, run: FlowRun): Promise<void> {
  return writePrepared(unit, updateRunText(unit), [run.id, ...changingOfRun.map((one) => bind(one, run))])
}

function bind<T>(column: Column<T>, of: T): unknown {
  const value = column.value(of)
  return column.type === 'jsonb' && value !== null ? JSON.stringify(value) : value
}

/** Of the run, so that what is asked about the rows of one table needs no other. */
interface Shared {
  readonly name: string
  readonly type: string
  value(run: FlowRun): string | number | boolean
}

const sharedRun: Shared = { name: 'run', type: 'uuid', value: (run) => run.id }
const writeActivations = rowsWriter('activation', activationColumns, [sharedRun])
const writeTimers = rowsWriter('timer', timerColumns, [sharedRun])
const writeTasks = rowsWriter('task', taskColumns, [
  sharedRun,
  { name: 'flow', type: 'text', value: (run) => run.flow },
  { name: 'release', type: 'integer', value: (run) => run.release },
  { name: 'object', type: 'text', value: (run) => run.object },
  { name: 'record', type: 'uuid', value: (run) => run.record },
  { name: 'suspended', type: 'boolean', value: isSuspended },
])

/** Writes rows with their place in the run, new ones and changed ones, all by one statement. */
function rowsWriter<T>(
  name: 'activation' | 'task' | 'timer',
  columns: readonly Column<T>[],
  shared: readonly Shared[],
): (unit: Unit, run: FlowRun, rows: readonly (readonly [number, T])[]) => Promise<void> {
  const text = perWorkspace((table) => {
    const names = [...shared, ...columns].map((one) => one.name)
    const changes = columns.filter((one) => one.changes).map((one) => `${one.name} = excluded.${one.name}`)
    const values = [
      ...shared.map((one, at) => `$${at + 2}::${one.type}`),
      // A JSON null inside a row is a null of the column.
      ...columns.map((one) => (one.type === 'jsonb' ? `NULLIF(${one.name}, 'null'::jsonb)` : one.name)),
    ]
    return `INSERT INTO ${table(name)} AS kept (seq, ${names.join(', ')})
     SELECT seq, ${values.join(', ')}
     FROM jsonb_to_recordset($1::jsonb) AS r (seq integer, ${columns.map((one) => `${one.name} ${one.type}`).join(', ')})
     ON CONFLICT (id) DO UPDATE SET ${changes.join(', ')}`
  })
  return async (unit, run, rows) => {
    if (rows.length === 0) return
    const json = rows.map(([seq, of]) => {
      const row: Record<string, unknown> = { seq }
      for (const column of columns) row[column.name] = column.value(of)
      return row
    })
    await writePrepared(unit, text(unit), [JSON.stringify(json), ...shared.map((one) => one.value(run))])
  }
}
