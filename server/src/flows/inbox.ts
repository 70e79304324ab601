import type { InboxCounts, RunBoxPage } from '@channelwright/runtime/api/flows.ts'
import type { Unit } from '../db/unit.ts'
import { amountCondition, type FlowFilter, readCursor, searchCondition, writeCursor } from './inbox-filter.ts'
import { stuckCount } from './incidents.ts'
import { describeLines, type RunRow } from './run-lines.ts'
import { flowTable } from './run-store.ts'

/**
 * What waits for the person: tasks, but for those of suspended cases, those past their time, copies not opened, what they
 * were not told yet; for those who administer flows how many cases are stuck.
 */
export async function countInbox(unit: Unit): Promise<InboxCounts> {
  const [row] = await unit.query<InboxCounts>(
    `SELECT count(*)::integer AS todo, count(*) FILTER (WHERE due_at < $2)::integer AS overdue,
       (SELECT count(*)::integer FROM ${flowTable(unit, 'copy')} WHERE reader = $1 AND read_at IS NULL) AS copied,
       (SELECT count(*)::integer FROM ${flowTable(unit, 'notification')}
        WHERE recipient = $1 AND read_at IS NULL) AS notifications,
       ${stuckCount(unit)} AS stuck
     FROM ${flowTable(unit, 'task')} WHERE assignee = $1 AND state = 'pending' AND NOT suspended`,
    [unit.actor.user, unit.now],
  )
  return row ?? { todo: 0, overdue: 0, copied: 0, notifications: 0, stuck: 0 }
}

/**
 * The same with a number that changes whenever any of it does: a task that went while another one came, a task that
 * was sent back changed.
 */
export async function readInboxState(unit: Unit): Promise<InboxCounts & { readonly rev: string }> {
  const mixed = (what: string) => `coalesce(bit_xor(hashtextextended(${what}, 0)), 0)::text`
  const [row] = await unit.query<InboxCounts & { rev: string }>(
    `SELECT t.todo, t.overdue, c.copied, n.notifications, s.stuck,
       concat_ws('.', t.rev, t.overdue, c.rev, n.rev, s.stuck) AS rev
     FROM (SELECT count(*) FILTER (WHERE NOT suspended)::integer AS todo,
             count(*) FILTER (WHERE due_at < $2 AND NOT suspended)::integer AS overdue,
             ${mixed("id || ':' || rev || suspended")} AS rev
           FROM ${flowTable(unit, 'task')} WHERE assignee = $1 AND state = 'pending') t,
          (SELECT count(*)::integer AS copied, ${mixed('run::text')} AS rev
           FROM ${flowTable(unit, 'copy')} WHERE reader = $1 AND read_at IS NULL) c,
          (SELECT count(*)::integer AS notifications, ${mixed('id::text')} AS rev
           FROM ${flowTable(unit, 'notification')} WHERE recipient = $1 AND read_at IS NULL) n,
          (SELECT ${stuckCount(unit)} AS stuck) s`,
    [unit.actor.user, unit.now],
  )
  return row ?? { todo: 0, overdue: 0, copied: 0, notifications: 0, stuck: 0, rev: '' }
}

export interface RunBoxQuery extends FlowFilter {
  readonly box: 'started' | 'copied'
  readonly limit?: number
  readonly cursor?: string
}

/** Runs that the person started, or was shown, newest first. Throws CURSOR_INVALID. */
export async function listRunBox(unit: Unit, query: RunBoxQuery): Promise<RunBoxPage> {
  const limit = query.limit ?? 50
  const after = query.cursor === undefined ? null : readCursor(query.cursor)
  const copied = query.box === 'copied'
  const time = copied ? 'c.at' : 'r.started_at'
  const values: unknown[] = [unit.actor.user]
  const bind = (value: unknown) => `$${values.push(value)}`
  const tests = [copied ? 'c.reader = $1' : 'r.applicant = $1 AND r.parent_run IS NULL']
  if (after) tests.push(`(${time}, r.id) < (${bind(after.at)}::timestamptz, ${bind(after.id)}::uuid)`)
  if (query.flow !== undefined) tests.push(`r.flow = ${bind(query.flow)}`)
  if (query.applicant !== undefined) tests.push(`r.applicant = ${bind(query.applicant)}`)
  if (query.waiting !== undefined)
    tests.push(`${time} < ${bind(unit.now)}::timestamptz - make_interval(days => ${bind(query.waiting)})`)
  if (query.overdue)
    tests.push(
      `EXISTS (SELECT FROM ${flowTable(unit, 'task')} t
        WHERE t.run = r.id AND t.state = 'pending' AND t.due_at < ${bind(unit.now)}::timestamptz)`,
    )
  const search = searchCondition(unit, query.search, values, 'r')
  if (search !== null) tests.push(search)
  const amount = amountCondition(unit, query, values)
  if (amount !== null) tests.push(amount)
  const from = copied
    ? `${flowTable(unit, 'copy')} c JOIN ${flowTable(unit, 'run')} r ON r.id = c.run`
    : `${flowTable(unit, 'run')} r`
  const rows = await unit.query<RunRow & { place: string }>(
    `SELECT r.*, ${time} AS place FROM ${from} WHERE ${tests.join(' AND ')}
     ORDER BY ${time} DESC, r.id DESC LIMIT ${limit + 1}`,
    values,
  )
  const page = rows.slice(0, limit)
  const last = rows.length > limit ? page.at(-1) : undefined
  return {
    runs: await describeLines(unit, page),
    next: last === undefined ? null : writeCursor(last.place, last.id),
  }
}

/** The person has looked at a run that was shown to them. */
export async function markCopyRead(unit: Unit, run: string): Promise<void> {
  await unit.asEngine(() =>
    unit.query(
      `UPDATE ${flowTable(unit, 'copy')} SET read_at = $3 WHERE run = $1 AND reader = $2 AND read_at IS NULL`,
      [run, unit.actor.user, unit.now],
    ),
  )
}
