import type { RunPage } from '@channelwright/runtime/api/flows.ts'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { cursorInvalid } from '@channelwright/runtime/errors/records.ts'
import type { Unit } from '../db/unit.ts'
import { findCalled } from '../records/people.ts'
import { namedCondition, readCursor, writeCursor } from './inbox-filter.ts'
import { describeLines, type RunRow } from './run-lines.ts'
import { flowTable } from './run-store.ts'

export interface RunQuery {
  readonly status?: string
  readonly state?: 'stuck' | 'late' | 'open' | 'closed'
  readonly flow?: string
  readonly search?: string
  readonly limit?: number
  readonly cursor?: string
}

const open = `status IN ('running', 'returned', 'suspended', 'incident')`

/** One after the other: those that can't go on by themselves, those past their time, all others. */
const ranks = ['stuck', 'late', 'rest'] as const
type Rank = (typeof ranks)[number]

/**
 * Runs that the person may see: stuck ones first, then late ones, then the rest, each newest first. One question per
 * rank, by an index each: a sort over everything would read a million finished runs. Throws CURSOR_INVALID.
 */
export async function listRuns(unit: Unit, query: RunQuery): Promise<RunPage> {
  const limit = query.limit ?? 50
  const place = query.cursor === undefined ? null : readPlace(query.cursor)
  const rows: (RunRow & { rank: Rank })[] = []
  for (const rank of ranks) {
    if (rows.length > limit || (place !== null && ranks.indexOf(rank) < ranks.indexOf(place.rank))) continue
    if (!isWanted(rank, query)) continue
    const after = place?.rank === rank ? place : null
    const found = await listRank(unit, rank, query, after, limit + 1 - rows.length)
    rows.push(...found.map((row) => ({ ...row, rank })))
  }
  const page = rows.slice(0, limit)
  const last = rows.length > limit ? page.at(-1) : undefined
  const [runs, counts] = await Promise.all([describeLines(unit, page), countRuns(unit)])
  return {
    runs,
    next: last === undefined ? null : `${last.rank}.${writeCursor(last.started_at, last.id)}`,
    counts,
  }
}

function isWanted(rank: Rank, { state, status }: RunQuery): boolean {
  if (status !== undefined) return (rank === 'stuck') === (status === 'incident')
  if (state === undefined || state === 'open') return true
  return state === 'closed' ? rank === 'rest' : state === rank
}

function hasLateTask(unit: Unit, bind: (value: unknown) => string): string {
  const task = flowTable(unit, 'task')
  return `id IN (SELECT run FROM ${task} WHERE state = 'pending' AND due_at < ${bind(unit.now)}::timestamptz)`
}

/** Of those that are open; what is stuck is told with the stuck ones alone. */
const isLate = (late: string) => `NOT stuck AND ${late}`

async function listRank(
  unit: Unit,
  rank: Rank,
  query: RunQuery,
  after: { at: string; id: string } | null,
  limit: number,
): Promise<RunRow[]> {
  const values: unknown[] = []
  const bind = (value: unknown) => `$${values.push(value)}`
  const late = () => hasLateTask(unit, bind)
  const tests: string[] = []
  if (query.status !== undefined) tests.push(`status = ${bind(query.status)}`)
  else if (rank === 'stuck') tests.push('stuck', ...(query.state === 'open' ? [open] : []))
  else if (rank === 'late') tests.push(open, isLate(late()))
  else if (query.state === 'closed') tests.push(`NOT ${open}`)
  else {
    tests.push('NOT stuck', `NOT (${open} AND ${late()})`)
    if (query.state === 'open') tests.push(open)
  }
  if (query.flow !== undefined) tests.push(`flow = ${bind(query.flow)}`)
  if (after) tests.push(`(started_at, id) < (${bind(after.at)}::timestamptz, ${bind(after.id)}::uuid)`)
  const where = tests.join(' AND ')
  const order = 'ORDER BY started_at DESC, id DESC'
  const wanted = query.search?.trim() ?? ''
  if (wanted === '')
    return unit.query<RunRow>(
      `SELECT * FROM ${flowTable(unit, 'run')} WHERE ${where} ${order} LIMIT ${limit}`,
      values,
    )
  return findNamed(unit, wanted, { where, order, limit, isClosed: query.state === 'closed' }, values)
}

/** More people than this who are called alike are asked for together. */
const mostByOne = 20

/** Runs from where a page begins that are looked at before the names of all records and people are asked. */
const nearRuns = 500

interface Ranked {
  readonly where: string
  readonly order: string
  readonly limit: number
  /** Nobody is waited for. */
  readonly isClosed: boolean
}

/**
 * Runs whose records, applicants or those who are waited for are called so. A word that many have fills the page from the
 * first runs; of one that few have each is asked by its own index, and the newest of what they find are the page: one
 * condition over the three would read all runs.
 */
async function findNamed(
  unit: Unit,
  wanted: string,
  { where, order, limit, isClosed }: Ranked,
  values: readonly unknown[],
): Promise<RunRow[]> {
  const run = flowTable(unit, 'run')
  const near = await unit.query<{ id: string }>(
    `SELECT id FROM ${run} WHERE ${where} ${order} LIMIT ${nearRuns}`,
    [...values],
  )
  if (near.length === 0) return []
  const people = await findCalled(unit, wanted)
  const bound: unknown[] = []
  const bind = (value: unknown) => `$${bound.push(value)}`
  // The few are read first, by themselves: Postgres would look for them along the whole index that is in this order.
  const ask = (ids: string, test: string) =>
    unit.query<RunRow>(
      `WITH few AS MATERIALIZED (SELECT * FROM ${run} WHERE id = ${ids})
       SELECT r.* FROM few r WHERE ${test} ${order} LIMIT ${limit}`,
      [...bound],
    )
  const among = (ids: readonly string[]) => `ANY (${bind(ids)}::uuid[])`
  // As an array: of a condition Postgres makes a set of all tasks where it thinks that they are few.
  const waiting = (test: string) =>
    `id = ANY (ARRAY(SELECT run FROM ${flowTable(unit, 'task')} WHERE state = 'pending' AND ${test}))`

  const first = among(near.map(({ id }) => id))
  const either = [await namedCondition(unit, wanted, { named: false }, bind)]
  if (people.length > 0) {
    const called = among(people)
    either.push(`r.applicant = ${called}`)
    if (!isClosed) either.push(waiting(`run = ${first} AND assignee = ${called}`))
  }
  const rows = await ask(first, either.join(' OR '))
  if (rows.length === limit || near.length < nearRuns) return rows

  bound.splice(0, bound.length, ...values)
  const tail = `${order} LIMIT ${limit}`
  const isCalled = await namedCondition(unit, wanted, { named: true }, bind)
  const found = [`(SELECT r.id FROM ${run} r WHERE ${where} AND ${isCalled} ${tail})`]
  if (people.length > 0) {
    // One by one, so that Postgres weighs for each whether they have applied for few or for most.
    const applied =
      people.length > mostByOne
        ? [`applicant = ${among(people)}`]
        : people.map((one) => `applicant = ${bind(one)}::uuid`)
    for (const test of applied) found.push(`(SELECT id FROM ${run} WHERE ${where} AND ${test} ${tail})`)
    if (!isClosed)
      found.push(
        `(SELECT id FROM ${run} WHERE ${where} AND ${waiting(`assignee = ${among(people)}`)} ${tail})`,
      )
  }
  return ask(`ANY (ARRAY(${found.join(' UNION ')}))`, 'true')
}

/** How many the lists hold, by their conditions. */
async function countRuns(unit: Unit): Promise<RunPage['counts']> {
  const values: unknown[] = []
  const late = hasLateTask(unit, (value) => `$${values.push(value)}`)
  const [row] = await unit.query<{ running: number; incident: number; late: number }>(
    `SELECT count(*)::integer AS running,
       count(*) FILTER (WHERE ${isLate(late)})::integer AS late,
       (SELECT count(*)::integer FROM ${flowTable(unit, 'run')} WHERE stuck) AS incident
     FROM ${flowTable(unit, 'run')} WHERE ${open}`,
    values,
  )
  return row ?? { running: 0, incident: 0, late: 0 }
}

function readPlace(cursor: string): { rank: Rank; at: string; id: string } {
  const [name = '', rest = ''] = cursor.split('.')
  const rank = ranks.find((one) => one === name)
  if (rank === undefined) throw new Refusal(cursorInvalid)
  return { rank, ...readCursor(rest) }
}
