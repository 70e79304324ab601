import type { RunPage } from '@channelwright/runtime/api/flows.ts'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { cursorInvalid } from '@channelwright/runtime/errors/records.ts'
import type { Unit } from '../db/unit.ts'
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

async function listRank(
  unit: Unit,
  rank: Rank,
  query: RunQuery,
  after: { at: string; id: string } | null,
  limit: number,
): Promise<RunRow[]> {
  const values: unknown[] = []
  const bind = (value: unknown) => `$${values.push(value)}`
  const late = () =>
    `id IN (SELECT run FROM ${flowTable(unit, 'task')} WHERE state = 'pending' AND due_at < ${bind(unit.now)}::timestamptz)`
  const tests: string[] = []
  if (query.status !== undefined) tests.push(`status = ${bind(query.status)}`)
  else if (rank === 'stuck') tests.push('stuck', ...(query.state === 'open' ? [open] : []))
  else if (rank === 'late') tests.push(open, 'NOT stuck', late())
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
  return findNamed(unit, wanted, { where, order, limit }, values)
}

/** Runs from where a page begins whose records are looked at before the names of all records are asked. */
const nearRuns = 500

/**
 * Runs whose records are called so. A word that many have fills the page from the first runs; one that few have is found
 * by the index of the names, and its runs with it.
 */
async function findNamed(
  unit: Unit,
  wanted: string,
  { where, order, limit }: { readonly where: string; readonly order: string; readonly limit: number },
  values: readonly unknown[],
): Promise<RunRow[]> {
  const run = flowTable(unit, 'run')
  const near = await unit.query<{ id: string }>(
    `SELECT id FROM ${run} WHERE ${where} ${order} LIMIT ${nearRuns}`,
    [...values],
  )
  if (near.length === 0) return []
  const ask = async (named: boolean, test: string, bound: unknown[]) => {
    const bind = (value: unknown) => `$${bound.push(value)}`
    const isCalled = await namedCondition(unit, wanted, { named }, bind)
    return unit.query<RunRow>(
      `SELECT r.* FROM ${run} r WHERE ${test} AND ${isCalled} ${order} LIMIT ${limit}`,
      bound,
    )
  }
  const rows = await ask(false, 'r.id = ANY ($1::uuid[])', [near.map(({ id }) => id)])
  return rows.length === limit || near.length < nearRuns ? rows : ask(true, where, [...values])
}

async function countRuns(unit: Unit): Promise<RunPage['counts']> {
  const [row] = await unit.query<{ running: number; incident: number; late: number }>(
    `SELECT count(*) FILTER (WHERE NOT stuck)::integer AS running,
       (SELECT count(*)::integer FROM ${flowTable(unit, 'run')} WHERE stuck) AS incident,
       (SELECT count(DISTINCT run)::integer FROM ${flowTable(unit, 'task')}
        WHERE state = 'pending' AND due_at < $1::timestamptz) AS late
     FROM ${flowTable(unit, 'run')} WHERE ${open}`,
    [unit.now],
  )
  return row ?? { running: 0, incident: 0, late: 0 }
}

function readPlace(cursor: string): { rank: Rank; at: string; id: string } {
  const [name = '', rest = ''] = cursor.split('.')
  const rank = ranks.find((one) => one === name)
  if (rank === undefined) throw new Refusal(cursorInvalid)
  return { rank, ...readCursor(rest) }
}
