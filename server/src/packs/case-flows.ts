import { isJsonObject, type JsonObject } from '@channelwright/runtime/json.ts'
import { commandInUnit, type PersonsCommand } from '../flows/command.ts'
import { flowTable } from '../flows/run-store.ts'
import { failed } from './case-failure.ts'
import type { CaseWorld } from './case-world.ts'
import { findPersonsCommand, personsCommands } from './command-targets.ts'

export interface FlowOrder {
  readonly do: string
  readonly record: string
  readonly flow?: string | undefined
  readonly node?: string | undefined
  /** Whose task; default: the person's own. */
  readonly of?: string | undefined
  readonly with: JsonObject
}

/** A command of a person, as its route would give it. */
export async function command(
  world: CaseWorld,
  by: string,
  order: FlowOrder,
  pointer: string,
): Promise<void> {
  const kind = findPersonsCommand(order.do)
  if (kind === undefined)
    throw failed({ en: 'A command', zh: '命令' }, personsCommands.join(', '), order.do, `${pointer}/do`)
  // What the case says itself goes before: a stale `taskRev`, for example.
  const { commandId, taskRev, values, task, run, ...given } = order.with
  const rest = { type: order.do, given, ...(isJsonObject(values) ? { values } : {}) }
  const id = typeof commandId === 'string' ? commandId : world.services.ids.next()
  let asked: PersonsCommand
  if (kind.on === 'run') {
    const latest = typeof run === 'string' ? run : await latestRun(world, order.record, pointer, order.flow)
    asked = { ...rest, run: latest }
  } else {
    const found =
      typeof task === 'string'
        ? { id: task, rev: 1 }
        : await findTask(world, { ...order, of: order.of ?? by }, pointer)
    asked = { ...rest, task: found.id, taskRev: typeof taskRev === 'number' ? taskRev : found.rev }
  }
  await world.as(by, `${pointer}/by`, (unit) => commandInUnit(unit, id, asked))
}

interface FoundTask {
  id: string
  rev: number
  node: string
  assignee: string
  state: string
}

/**
 * The task that is meant: open and of that person; else one of theirs that is decided, or somebody else's: what the
 * server says of that is what the case is about.
 */
export async function findTask(
  world: CaseWorld,
  { record, node, of }: { record: string; node?: string | undefined; of?: string | undefined },
  pointer: string,
): Promise<FoundTask> {
  const { id } = world.record(record, `${pointer}/record`)
  const user = of === undefined ? undefined : world.userId(of, `${pointer}/of`)
  const tasks = await world.asEngine((unit) =>
    unit.query<FoundTask>(
      `SELECT id, rev, node, assignee, state FROM ${flowTable(unit, 'task')} WHERE record = $1 ORDER BY created_at DESC, seq DESC`,
      [id],
    ),
  )
  const fits = tasks.filter((task) => node === undefined || task.node === node)
  const own = fits.filter((task) => user === undefined || task.assignee === user)
  const open = own.filter((task) => task.state === 'pending')
  if (open.length > 1) {
    throw failed(
      { en: `Open tasks of ${of ?? record}; name the node`, zh: `${of ?? record} 的待办多于一项,请指明节点` },
      1,
      open.map((one) => one.node),
      pointer,
    )
  }
  const task = open[0] ?? own[0] ?? fits.find((one) => one.state === 'pending') ?? fits[0]
  if (task !== undefined) return task
  throw failed({ en: `Tasks on ${record}`, zh: `${record} 的待办` }, 'a task', 'none', pointer)
}

/** The record's latest run, of that flow. */
export async function latestRun(
  world: CaseWorld,
  record: string,
  pointer: string,
  flow: string | null = null,
): Promise<string> {
  const { id } = world.record(record, `${pointer}/record`)
  const [run] = await world.asEngine((unit) =>
    unit.query<{ id: string }>(
      `SELECT id FROM ${flowTable(unit, 'run')} WHERE record = $1 AND ($2::text IS NULL OR flow = $2)
       ORDER BY started_at DESC, id DESC LIMIT 1`,
      [id, flow],
    ),
  )
  if (run !== undefined) return run.id
  throw failed({ en: `Cases of ${record}`, zh: `${record} 的流程` }, 'a case', 'none', pointer)
}
