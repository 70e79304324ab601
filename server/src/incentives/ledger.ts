import type { LedgerEntryJson, LedgerPage } from '@channelwright/runtime/api/incentives.ts'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { ledgerEntryUnknown } from '@channelwright/runtime/errors/incentives.ts'
import type { Text } from '@channelwright/runtime/text.ts'
import type { Unit } from '../db/unit.ts'
import { quoteTable } from '../publish/quote.ts'
import { readCursor, writeCursor } from '../records/cursor.ts'
import { readEarnerTitles, readTitles } from './titles.ts'

export interface LedgerQuery {
  readonly plan?: string
  readonly earner?: string
  /** First day of the window. */
  readonly window?: string
  /** Entries whose window counts this record. */
  readonly record?: string
  readonly limit?: number
  readonly cursor?: string
}

export interface LedgerRow {
  id: string
  plan: string
  release: number
  earner: string
  window_from: string
  window_to: string
  event: string | null
  posted_at: string
  kind: 'accrual' | 'adjust'
  amount: string
  currency: string
  reason: string
  run: string
  result: string
}

const columns = `l.id, l.plan, l.release, l.earner, l.window_from, l.window_to, l.event, l.posted_at, l.kind,
  l.amount::text, l.currency, l.reason, l.run, l.result::text`

const reasons: Readonly<Record<string, Text>> = {
  accrual: { en: 'Earned', zh: '计提' },
  change: { en: 'A record of the window changed', zh: '计奖记录发生变化' },
  recompute: { en: 'The window was brought to the plan in force', zh: '按现行政策重新计算' },
}

/** Entries that the actor may see, newest first. */
export async function listLedger(unit: Unit, query: LedgerQuery): Promise<LedgerPage> {
  const { served, services } = unit
  const limit = Math.min(Math.max(query.limit ?? 50, 1), 200)
  const values: unknown[] = []
  const bind = (value: unknown) => `$${values.push(value)}`
  const conditions: string[] = ['true']
  if (query.plan !== undefined) conditions.push(`l.plan = ${bind(query.plan)}`)
  if (query.earner !== undefined) conditions.push(`l.earner = ${bind(query.earner)}::uuid`)
  if (query.window !== undefined) conditions.push(`l.window_from = ${bind(query.window)}::date`)
  if (query.record !== undefined) {
    conditions.push(`l.result = ANY(${bind(await resultsOf(unit, query.record))}::bigint[])`)
  }
  const from = `${quoteTable(served.workspace.schema, 'cw_ledger_entry')} AS l WHERE ${conditions.join(' AND ')}`
  const totals = await unit.query<{ currency: string; total: string }>(
    `SELECT l.currency, sum(l.amount)::text AS total FROM ${from} GROUP BY 1 ORDER BY 1`,
    [...values],
  )
  const list = `ledger:${query.plan ?? ''}:${query.earner ?? ''}:${query.window ?? ''}:${query.record ?? ''}`
  let after = ''
  if (query.cursor !== undefined) {
    const [at, id] = readCursor(services.config.secret, list, query.cursor, 2)
    after = `AND (l.posted_at, l.id) < (${bind(at)}::timestamptz, ${bind(id)}::uuid)`
  }
  const rows = await unit.query<LedgerRow & { posted_text: string }>(
    `SELECT ${columns}, l.posted_at::text AS posted_text FROM ${from} ${after} ORDER BY l.posted_at DESC, l.id DESC LIMIT ${limit + 1}`,
    values,
  )
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return {
    entries: page.map((row) => describeEntry(unit, row)),
    totals: Object.fromEntries(totals.map((row) => [row.currency, row.total])),
    titles: await titlesOf(unit, page),
    next:
      rows.length > limit && last
        ? writeCursor(services.config.secret, list, [last.posted_text, last.id])
        : null,
  }
}

/** One entry. Throws LEDGER_ENTRY_UNKNOWN for what is not there or not the actor's to see. */
export async function getLedgerRow(unit: Unit, id: string): Promise<LedgerRow> {
  const [row] = await unit.query<LedgerRow>(
    `SELECT ${columns} FROM ${quoteTable(unit.served.workspace.schema, 'cw_ledger_entry')} AS l WHERE l.id = $1`,
    [id],
  )
  if (row === undefined) throw new Refusal(ledgerEntryUnknown)
  return row
}

export function describeEntry(unit: Unit, row: LedgerRow): LedgerEntryJson {
  const { run: _run, result: _result, reason, ...entry } = row
  const plan = unit.served.release.plans.get(row.plan)
  return {
    id: entry.id,
    plan: entry.plan,
    // A plan that has been taken away since still has its ledger.
    plan_title: plan?.title ?? { en: row.plan, zh: row.plan },
    release: entry.release,
    earner: entry.earner,
    window_from: entry.window_from,
    window_to: entry.window_to,
    event: entry.event,
    posted_at: entry.posted_at,
    kind: entry.kind,
    amount: entry.amount,
    currency: entry.currency,
    reason: reasons[reason] ?? { en: reason, zh: reason },
  }
}

/** Titles of the earners and events of these entries, as far as the actor may read them. */
export async function titlesOf(
  unit: Unit,
  rows: readonly { plan: string; earner: string; event: string | null }[],
): Promise<Record<string, string>> {
  const titles = await readEarnerTitles(
    unit,
    rows.map((row) => row.earner),
  )
  const byObject = new Map<string, string[]>()
  for (const { plan, event } of rows) {
    const object = unit.served.release.plans.get(plan)?.events.object
    if (event !== null && object !== undefined) byObject.set(object, [...(byObject.get(object) ?? []), event])
  }
  for (const [object, ids] of byObject) Object.assign(titles, await readTitles(unit, object, ids))
  return titles
}

/** Results that counted the record. Whose they are is decided where the entries are read. */
function resultsOf(unit: Unit, record: string): Promise<string[]> {
  return unit.asEngine(async () => {
    const rows = await unit.query<{ id: string }>(
      `SELECT r.id::text FROM ${quoteTable(unit.served.workspace.schema, 'cw_result')} AS r
       WHERE r.events @> ARRAY[$1::uuid] AND NOT r.simulate`,
      [record],
    )
    return rows.map((row) => row.id)
  })
}
