import type { TaskItem, TaskPage, TaskReply } from '@channelwright/runtime/api/flows.ts'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { flowTaskUnknown } from '@channelwright/runtime/errors/flows.ts'
import { cursorInvalid } from '@channelwright/runtime/errors/records.ts'
import { graphOf } from '@channelwright/runtime/flow/graph.ts'
import { findNodeType } from '@channelwright/runtime/nodes/index.ts'
import type { Unit } from '../db/unit.ts'
import { validatorUrl } from '../records/form-validator.ts'
import { namePeople } from '../records/people.ts'
import { readyFlow } from './flow-data.ts'
import { recordTitles } from './record-titles.ts'
import { flowTable } from './run-store.ts'
import { formOfTask, writableFields } from './task-values.ts'

interface TaskRow {
  id: string
  run: string
  rev: number
  state: string
  flow: string
  release: number
  node: string
  object: string
  record: string
  assignee: string
  created_at: string
  decided_at: string | null
  comment: string | null
}

export interface TaskQuery {
  readonly state?: 'todo' | 'done'
  readonly limit?: number
  readonly cursor?: string
}

/** The person's own tasks, newest first: what waits for them, or what they have decided. Throws CURSOR_INVALID. */
export async function listTasks(unit: Unit, query: TaskQuery): Promise<TaskPage> {
  const limit = query.limit ?? 50
  const done = query.state === 'done'
  const time = done ? 'decided_at' : 'created_at'
  const after = query.cursor === undefined ? null : readCursor(query.cursor)
  const rows = await unit.query<TaskRow>(
    `SELECT * FROM ${flowTable(unit, 'task')}
     WHERE assignee = $1 AND ${done ? 'decided_by IS NOT NULL' : `state = 'pending'`}
       AND ($2::timestamptz IS NULL OR (${time}, id) < ($2::timestamptz, $3::uuid))
     ORDER BY ${time} DESC, id DESC LIMIT $4`,
    [unit.actor.user, after?.at ?? null, after?.id ?? null, limit + 1],
  )
  const page = rows.slice(0, limit)
  const last = rows.length > limit ? page.at(-1) : undefined
  return {
    tasks: await describeTasks(unit, page),
    next: last === undefined ? null : writeCursor((done ? last.decided_at : last.created_at) ?? '', last.id),
    counts: { todo: await countTasks(unit) },
  }
}

/** How many tasks wait for the person. */
export async function countTasks(unit: Unit): Promise<number> {
  const [row] = await unit.query<{ count: number }>(
    `SELECT count(*)::integer AS count FROM ${flowTable(unit, 'task')} WHERE assignee = $1 AND state = 'pending'`,
    [unit.actor.user],
  )
  return row?.count ?? 0
}

/** One task with the answers it offers to this person. Throws FLOW_TASK_UNKNOWN. */
export async function getTask(unit: Unit, id: string): Promise<TaskReply> {
  const [row] = await unit.query<TaskRow>(`SELECT * FROM ${flowTable(unit, 'task')} WHERE id = $1`, [id])
  if (row === undefined) throw new Refusal(flowTaskUnknown)
  const [item] = await describeTasks(unit, [row])
  if (item === undefined) throw new Error('a task that was read has no description')
  const served = await unit.services.releases.at(unit.served.workspace.key, row.release)
  const { flow } = readyFlow(served, row.flow)
  const node = graphOf(flow).nodes.get(row.node)
  const mine = row.assignee === unit.actor.user && row.state === 'pending'
  const form = formOfTask(served, row.flow, row.node)
  const offered = mine && node ? (findNodeType(node.type)?.decisions?.(node, flow) ?? []) : []
  return {
    ...item,
    run: row.run,
    form: mine && form ? { definition: form, validator: validatorUrl(served, form) } : null,
    writable: mine ? [...writableFields(served, row.flow, row.node)] : [],
    decisions: offered.map(({ key, title, commentRequired }) => ({
      key,
      title,
      comment_required: commentRequired,
    })),
  }
}

async function describeTasks(unit: Unit, rows: readonly TaskRow[]): Promise<TaskItem[]> {
  const titles = await recordTitles(unit, rows)
  const applicants = await applicantsOf(unit, rows)
  const names = await namePeople(unit, new Set(applicants.values()))
  const items: TaskItem[] = []
  for (const row of rows) {
    const served = await unit.services.releases.at(unit.served.workspace.key, row.release)
    const { flow } = readyFlow(served, row.flow)
    const applicant = applicants.get(row.run) ?? ''
    items.push({
      id: row.id,
      rev: row.rev,
      state: row.state,
      flow: { key: row.flow, title: flow.title },
      node: { id: row.node, title: graphOf(flow).nodes.get(row.node)?.title ?? flow.title },
      object: row.object,
      record: row.record,
      title: titles.get(row.record) ?? null,
      applicant: { id: applicant, name: names.get(applicant) ?? null },
      created_at: row.created_at,
      decided_at: row.decided_at,
      comment: row.comment,
    })
  }
  return items
}

/** Who applied is told to whoever has a task of the run, whether or not they may see the rest of it. */
async function applicantsOf(unit: Unit, rows: readonly TaskRow[]): Promise<ReadonlyMap<string, string>> {
  const runs = [...new Set(rows.map((row) => row.run))]
  if (runs.length === 0) return new Map()
  const found = await unit.asEngine(() =>
    unit.query<{ id: string; applicant: string }>(
      `SELECT id, applicant FROM ${flowTable(unit, 'run')} WHERE id = ANY ($1::uuid[])`,
      [runs],
    ),
  )
  return new Map(found.map((row) => [row.id, row.applicant]))
}

/** The place in a list that is sorted by time and id. */
export function writeCursor(at: string, id: string): string {
  return Buffer.from(`${at} ${id}`).toString('base64url')
}

export function readCursor(text: string): { at: string; id: string } {
  const [at = '', id = ''] = Buffer.from(text, 'base64url').toString().split(' ')
  if (Number.isNaN(Date.parse(at)) || !/^[0-9a-f-]{36}$/.test(id)) throw new Refusal(cursorInvalid)
  return { at, id }
}
