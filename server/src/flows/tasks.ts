import type { TaskItem, TaskPage, TaskReply } from '@channelwright/runtime/api/flows.ts'
import type { Person } from '@channelwright/runtime/api/records.ts'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { flowTaskUnknown } from '@channelwright/runtime/errors/flows.ts'
import { graphOf } from '@channelwright/runtime/flow/graph.ts'
import { refuseAction } from '@channelwright/runtime/flow/offers.ts'
import { hasPicks, picksAsked } from '@channelwright/runtime/flow/picks.ts'
import type { FlowRun } from '@channelwright/runtime/flow/run.ts'
import { findNodeType } from '@channelwright/runtime/nodes/index.ts'
import type { Decision } from '@channelwright/runtime/nodes/node-type.ts'
import type { Unit } from '../db/unit.ts'
import { validatorUrl } from '../records/form-validator.ts'
import { namePeople } from '../records/people.ts'
import { tableOf } from '../records/record-table.ts'
import type { ServedRelease } from '../services.ts'
import { loadFlowData, readyFlow, underRelease } from './flow-data.ts'
import { countInbox } from './inbox.ts'
import { amountCondition, type FlowFilter, readCursor, searchCondition, writeCursor } from './inbox-filter.ts'
import { offersOf } from './offers.ts'
import { findPickable, pickOffers } from './picks.ts'
import { recordFacts } from './record-facts.ts'
import { recordTitles } from './record-titles.ts'
import { flowTable, readRun } from './run-store.ts'
import { cutForm, hidesField, hidesTitle, showAsThen, showAtTask } from './task-screen.ts'
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
  due_at: string | null
  on_behalf_of: string | null
  opinion_only: boolean
  suspended: boolean
}

export interface TaskQuery extends FlowFilter {
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
  const values: unknown[] = [unit.actor.user]
  const bind = (value: unknown) => `$${values.push(value)}`
  const tests = ['assignee = $1', done ? 'decided_by IS NOT NULL' : `state = 'pending'`]
  if (after) tests.push(`(${time}, id) < (${bind(after.at)}::timestamptz, ${bind(after.id)}::uuid)`)
  if (query.flow !== undefined) tests.push(`flow = ${bind(query.flow)}`)
  if (query.waiting !== undefined)
    tests.push(`created_at < ${bind(unit.now)}::timestamptz - make_interval(days => ${bind(query.waiting)})`)
  if (query.overdue) tests.push(`due_at < ${bind(unit.now)}::timestamptz`)
  const search = searchCondition(unit, query.search, values, 'cw_task')
  if (search !== null) tests.push(search)
  const amount = amountCondition(unit, query, values)
  if (amount !== null) tests.push(amount)
  // Who applied is told to whoever has a task of the run, whether or not they may see the rest of it.
  if (query.applicant !== undefined)
    tests.push(`run = ANY (${bind(await runsOf(unit, query.applicant))}::uuid[])`)
  const [rows, counts] = await Promise.all([
    unit.query<TaskRow>(
      `SELECT * FROM ${flowTable(unit, 'task')} WHERE ${tests.join(' AND ')}
       ORDER BY ${time} DESC, id DESC LIMIT ${limit + 1}`,
      values,
    ),
    countInbox(unit),
  ])
  const page = rows.slice(0, limit)
  const last = rows.length > limit ? page.at(-1) : undefined
  return {
    tasks: await describeTasks(unit, page),
    next: last === undefined ? null : writeCursor((done ? last.decided_at : last.created_at) ?? '', last.id),
    counts,
  }
}

async function runsOf(unit: Unit, applicant: string): Promise<string[]> {
  const rows = await unit.asEngine(() =>
    unit.query<{ run: string }>(
      `SELECT DISTINCT t.run FROM ${flowTable(unit, 'task')} t JOIN ${flowTable(unit, 'run')} r ON r.id = t.run
       WHERE t.assignee = $1 AND r.applicant = $2`,
      [unit.actor.user, applicant],
    ),
  )
  return rows.map((row) => row.run)
}

/** One task with what it offers to this person. Throws FLOW_TASK_UNKNOWN. */
export async function getTask(unit: Unit, id: string): Promise<TaskReply> {
  const [row] = await unit.query<TaskRow>(`SELECT * FROM ${flowTable(unit, 'task')} WHERE id = $1`, [id])
  if (row === undefined) throw new Refusal(flowTaskUnknown)
  const [item] = await describeTasks(unit, [row])
  // Whoever has a task gives its commands by the state of the whole run, whatever of it they may see.
  const run = await unit.asEngine(() => readRun(unit, row.run, 'look'))
  if (item === undefined || run === undefined) throw new Error('a task that was read has no description')
  const served = await unit.services.releases.at(unit.served.workspace.key, row.release)
  const { flow } = readyFlow(served, row.flow)
  const task = run.tasks.find((one) => one.id === id)
  const offers = task === undefined ? [] : offersOf(unit, flow, run, task)
  const mine = row.assignee === unit.actor.user && row.state === 'pending' && !row.suspended
  // Who is only asked for an opinion fills nothing in.
  const writes = mine && !row.opinion_only
  const form = formOfTask(served, row.flow, row.node)
  const isHidden = (field: string) => hidesField(served, row.flow, row.node, field)
  const now = await showAtTask(unit, row.object, row.record, isHidden)
  const step = run.activations.find((one) => one.id === task?.activation)
  const then =
    flow.settings?.view === 'snapshot' && now !== null && typeof step?.dataVersion === 'number'
      ? await showAsThen(unit, row.object, now, step.dataVersion, step.enteredAt, isHidden)
      : null
  const writable = writes ? [...writableFields(served, row.flow, row.node)] : []
  const answers = mine ? decisionsAt(served, row) : []
  const picks = writes ? await picksOf(unit, served, row, run) : []
  return {
    ...item,
    run: row.run,
    form:
      writes && form ? { definition: cutForm(form, isHidden), validator: validatorUrl(served, form) } : null,
    writable,
    decisions: answers.map((decision) => ({
      key: decision.key,
      title: decision.title,
      comment_required: decision.commentRequired,
      signature_required: decision.signatureRequired ?? false,
      attachments_required: decision.attachmentsRequired ?? false,
    })),
    picks,
    copies: writes && task !== undefined && refuseAction(flow, task, 'copy') === null,
    commands: offers,
    shown: then?.shown ?? now,
    snapshot: then === null ? null : { at: step!.enteredAt, changed: [...then.changed] },
    // Who writes must not write back what others have changed since.
    filled_in: then !== null && writable.length > 0 ? now : null,
    record_rev: now?.record.rev ?? item.record_rev,
  }
}

/** The steps whose people are chosen with an answer at the task. */
function picksOf(unit: Unit, served: ServedRelease, row: TaskRow, run: FlowRun) {
  const ready = readyFlow(served, row.flow)
  const node = graphOf(ready.flow).nodes.get(row.node)
  if (node === undefined || !hasPicks(ready.flow)) return []
  return pickOffers(underRelease(unit, served), ready, node, run, run.picks)
}

/** Who may be chosen for a step at a task of the person. Throws FLOW_TASK_UNKNOWN, FLOW_PICK_UNASKED. */
export async function pickableForTask(
  unit: Unit,
  id: string,
  node: string,
  search: string | undefined,
): Promise<Person[]> {
  const [row] = await unit.query<TaskRow>(
    `SELECT * FROM ${flowTable(unit, 'task')} WHERE id = $1 AND assignee = $2 AND state = 'pending'`,
    [id, unit.actor.user],
  )
  if (row === undefined) throw new Refusal(flowTaskUnknown)
  const served = await unit.services.releases.at(unit.served.workspace.key, row.release)
  const pinned = underRelease(unit, served)
  const ready = readyFlow(served, row.flow)
  const applicant = (await applicantsOf(unit, [row])).get(row.run) ?? ''
  const data = await unit.asEngine(() => loadFlowData(pinned, ready, row.record, applicant))
  return findPickable(pinned, ready, node, { object: row.object, applicant, data }, search)
}

/** Versions of the records, whether or not the reader may see them. */
async function revsOf(
  unit: Unit,
  rows: readonly Pick<TaskRow, 'object' | 'record' | 'release'>[],
): Promise<ReadonlyMap<string, number>> {
  const wanted = new Map<string, string[]>()
  for (const { object, record, release } of rows) {
    const served = await unit.services.releases.at(unit.served.workspace.key, release)
    const { from } = tableOf(served, object)
    wanted.set(from, [...(wanted.get(from) ?? []), record])
  }
  const found = await unit.asEngine(() =>
    Promise.all(
      [...wanted].map(([from, ids]) =>
        unit.query<{ id: string; rev: number }>(`SELECT id, rev FROM ${from} WHERE id = ANY ($1::uuid[])`, [
          ids,
        ]),
      ),
    ),
  )
  return new Map(found.flat().map(({ id, rev }) => [id, rev]))
}

function decisionsAt(served: ServedRelease, row: Pick<TaskRow, 'flow' | 'node'>): readonly Decision[] {
  const { flow } = readyFlow(served, row.flow)
  const node = graphOf(flow).nodes.get(row.node)
  return (node && findNodeType(node.type)?.decisions?.(node, flow)) ?? []
}

/** Whether tasks at the node can be approved together: nothing has to be filled in, said, signed or attached. */
export function allowsBatch(served: ServedRelease, row: Pick<TaskRow, 'flow' | 'node'>): boolean {
  const approve = decisionsAt(served, row).find((decision) => decision.key === 'approve')
  if (approve === undefined || approve.commentRequired) return false
  if (approve.signatureRequired || approve.attachmentsRequired) return false
  if (formOfTask(served, row.flow, row.node) !== undefined) return false
  const { flow } = readyFlow(served, row.flow)
  const node = graphOf(flow).nodes.get(row.node)
  if (node && hasPicks(flow) && picksAsked(flow, node, () => null).length > 0) return false
  return writableFields(served, row.flow, row.node).length === 0
}

async function describeTasks(unit: Unit, rows: readonly TaskRow[]): Promise<TaskItem[]> {
  // Before what they say: should one change in between, it is the older version that was seen.
  const revs = await revsOf(unit, rows)
  const titles = await recordTitles(unit, rows)
  const factsOf = await recordFacts(unit, rows)
  const applicants = await applicantsOf(unit, rows)
  const represented = rows.flatMap((row) => row.on_behalf_of ?? [])
  const names = await namePeople(unit, new Set([...applicants.values(), ...represented]))
  const person = (id: string) => ({ id, name: names.get(id) ?? null })
  const items: TaskItem[] = []
  for (const row of rows) {
    const served = await unit.services.releases.at(unit.served.workspace.key, row.release)
    const { flow } = readyFlow(served, row.flow)
    items.push({
      id: row.id,
      rev: row.rev,
      state: row.state,
      flow: { key: row.flow, title: flow.title },
      node: { id: row.node, title: graphOf(flow).nodes.get(row.node)?.title ?? flow.title },
      object: row.object,
      record: row.record,
      title: hidesTitle(served, row.flow, row.node, row.object) ? null : (titles.get(row.record) ?? null),
      facts: Object.fromEntries(
        Object.entries(factsOf(row).values).filter(
          ([field]) => !hidesField(served, row.flow, row.node, field),
        ),
      ),
      applicant: person(applicants.get(row.run) ?? ''),
      created_at: row.created_at,
      decided_at: row.decided_at,
      comment: row.comment,
      due_at: row.due_at,
      on_behalf_of: row.on_behalf_of === null ? null : person(row.on_behalf_of),
      opinion_only: row.opinion_only,
      record_rev: revs.get(row.record) ?? null,
      batch: row.state === 'pending' && !row.suspended && !row.opinion_only && allowsBatch(served, row),
      suspended: row.suspended && row.state === 'pending',
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
