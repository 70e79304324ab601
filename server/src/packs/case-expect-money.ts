import type { CaseExpect } from '@channelwright/runtime/definition/case-expect.ts'
import { compare, sum } from '@channelwright/runtime/incentives/arithmetic.ts'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import { locales } from '@channelwright/runtime/text.ts'
import { readEarnings } from '../incentives/earnings.ts'
import { explainLedgerEntry } from '../incentives/explain-entry.ts'
import { quoteTable } from '../publish/quote.ts'
import { expectSame, failed } from './case-failure.ts'
import { matches } from './case-match.ts'
import { resolveValues } from './case-values.ts'
import type { CaseWorld } from './case-world.ts'

type Entry = JsonObject & { id: string; kind: string; amount: string; release: number }

interface EntryFilter {
  readonly plan?: string
  readonly earner?: string
  readonly window?: string
  readonly record?: string
}

/** Entries in the order they were posted. */
function findEntries(world: CaseWorld, filter: EntryFilter, pointer: string): Promise<Entry[]> {
  const earner = filter.earner === undefined ? null : world.named(filter.earner, `${pointer}/earner`)
  const record = filter.record === undefined ? null : world.record(filter.record, `${pointer}/record`).id
  return world.asEngine((unit) => {
    const { schema } = unit.served.workspace
    return unit.query<Entry>(
      `SELECT l.* FROM ${quoteTable(schema, 'cw_ledger_entry')} AS l
       JOIN ${quoteTable(schema, 'cw_result')} AS r ON r.id = l.result
       WHERE ($1::text IS NULL OR l.plan = $1) AND ($2::uuid IS NULL OR l.earner = $2) AND ($3::date IS NULL OR l.window_from = $3)
         AND ($4::uuid IS NULL OR r.events @> ARRAY[$4]::uuid[])
       ORDER BY l.result`,
      [filter.plan ?? null, earner, filter.window ?? null, record],
    )
  })
}

export async function expectLedger(
  world: CaseWorld,
  expected: NonNullable<CaseExpect['ledger']>[number],
  pointer: string,
): Promise<void> {
  const entries = await findEntries(world, expected, pointer)
  const found = entries.map(({ kind, amount, release }) => ({ kind, amount, release }))
  const name = expected.plan ?? expected.earner ?? '*'
  const what = { en: `Ledger of ${name}`, zh: `${name} 的台账` }
  if (expected.entries !== undefined) {
    const has: JsonObject[] = []
    for (const [index, wanted] of expected.entries.entries())
      has.push(await resolveValues(world, wanted.has ?? {}, `${pointer}/entries/${index}/has`))
    const fits =
      expected.entries.length === entries.length &&
      expected.entries.every((wanted, index) => {
        const entry = entries[index]
        return (
          entry !== undefined &&
          compare(entry.amount, wanted.amount) === 0 &&
          (wanted.kind === undefined || wanted.kind === entry.kind) &&
          (wanted.release === undefined || wanted.release === entry.release) &&
          matches(has[index] ?? {}, entry)
        )
      })
    if (!fits) throw failed(what, expected.entries, found, `${pointer}/entries`)
  }
  const total = sum(entries.map((entry) => entry.amount))
  if (expected.total !== undefined && compare(expected.total, total) !== 0) {
    throw failed(what, expected.total, total, `${pointer}/total`)
  }
}

export async function expectExplanation(
  world: CaseWorld,
  expected: NonNullable<CaseExpect['explanations']>[number],
  pointer: string,
): Promise<void> {
  const latest = (await findEntries(world, expected, pointer)).at(-1)
  const what = { en: `Explanation of ${expected.plan}`, zh: `${expected.plan} 的计算说明` }
  if (latest === undefined) throw failed(what, 'an entry', 'none', pointer)
  const explanation = await (expected.by === undefined
    ? world.asEngine((unit) => explainLedgerEntry(unit, latest.id))
    : world.as(expected.by, `${pointer}/by`, (unit) => explainLedgerEntry(unit, latest.id)))
  if (expected.amount !== undefined && compare(expected.amount, explanation.amount) !== 0) {
    throw failed(what, expected.amount, explanation.amount, `${pointer}/amount`)
  }
  for (const locale of locales) {
    const said = explanation.sentences[locale]
    let from = 0
    for (const wanted of expected.sentences?.[locale] ?? []) {
      const at = said.findIndex((sentence, index) => index >= from && sentence.includes(wanted))
      if (at < 0) throw failed(what, wanted, said, `${pointer}/sentences/${locale}`)
      from = at + 1
    }
  }
  if (expected.records !== undefined) {
    const wanted = expected.records.map((name, index) => world.record(name, `${pointer}/records/${index}`).id)
    expectSame(
      what,
      wanted.sort(),
      explanation.records.map((record) => record.id).sort(),
      `${pointer}/records`,
    )
  }
}

export async function expectEarnings(
  world: CaseWorld,
  expected: NonNullable<CaseExpect['earnings']>[number],
  pointer: string,
): Promise<void> {
  const what = {
    en: `Earnings of ${expected.by} in ${expected.plan}`,
    zh: `${expected.by} 的 ${expected.plan} 收益`,
  }
  const { plans } = await world.as(expected.by, `${pointer}/by`, (unit) =>
    readEarnings(unit, { plan: expected.plan }),
  )
  const plan = plans[0]
  if (plan === undefined) throw failed(what, expected.plan, 'not shown', pointer)
  const windows = plan.windows.filter(
    (window) => expected.window === undefined || window.from === expected.window,
  )
  const total = expected.window === undefined ? plan.total : sum(windows.map((window) => window.amount))
  if (expected.total !== undefined && compare(expected.total, total) !== 0)
    throw failed(what, expected.total, total, `${pointer}/total`)
  if (expected.nextBand === undefined) return
  const lacks = windows[0]?.next?.lacks ?? null
  const fits =
    lacks === null || expected.nextBand === null
      ? lacks === expected.nextBand
      : compare(lacks, expected.nextBand) === 0
  if (!fits) throw failed(what, expected.nextBand, lacks, `${pointer}/nextBand`)
}
