import type {
  Explanation,
  LedgerEntryJson,
  LedgerPage,
  PlanEarnings,
} from '@channelwright/runtime/api/incentives.ts'
import type { PlanDefinition } from '@channelwright/runtime/definition/plan.ts'
import { add, compare, subtract } from '@channelwright/runtime/incentives/arithmetic.ts'
import { hitRow } from '@channelwright/runtime/incentives/bands.ts'
import { computeAmount, explainEntry } from '@channelwright/runtime/incentives/explain.ts'
import { windowOf } from '@channelwright/runtime/incentives/windows.ts'
import { formatDecimalTrimmed } from '@channelwright/runtime/logic/decimal.ts'
import { sampleId } from './sample-values.ts'

/** Measures that reach into the plan's second band, so that the arithmetic shows. */
export function sampleMeasures(plan: PlanDefinition): Record<string, string> {
  const { rows, lookup } = plan.bands
  const [first, second, third] = [rows[0]?.from ?? '0', rows[1]?.from, rows[2]?.from]
  const value =
    second === undefined
      ? add(first, '10000')
      : third === undefined
        ? add(second, second)
        : add(second, halfOf(subtract(third, second)))
  return Object.fromEntries(
    Object.entries(plan.measures).map(([key, measure]) => [
      key,
      key === lookup ? value : measure.method === 'count' ? '3' : value,
    ]),
  )
}

function halfOf(text: string): string {
  const half = String(Math.floor(Number(text) / 2))
  return formatDecimalTrimmed(/^\d+$/.test(half) ? half : '1')
}

export function sampleEarnings(plan: PlanDefinition, today: string): PlanEarnings {
  const { from, to } = windowOf(plan.window, today)
  const measures = sampleMeasures(plan)
  const { amount } = computeAmount(plan, { measures, before: null, gate: true, gateBefore: true })
  const { rows, lookup, bound, unit } = plan.bands
  const have = measures[lookup] ?? '0'
  const at = hitRow(
    rows.map((row) => ({ id: row['x-id'], from: row.from, value: row.value })),
    have,
    bound,
  )
  const next = rows[at + 1]
  return {
    plan: plan.key,
    title: plan.title,
    currency: plan.currency,
    window: plan.window,
    level: 'own',
    total: amount,
    current: { from, to, total: amount },
    windows: [
      {
        earner: sampleId('earner', 0),
        from,
        to,
        event: null,
        amount,
        measures,
        next:
          next && compare(next.from, have) > 0
            ? { measure: lookup, from: next.from, lacks: subtract(next.from, have), unit, value: next.value }
            : null,
      },
    ],
  }
}

export function sampleLedger(plan: PlanDefinition, today: string): LedgerPage {
  const { entry } = sampleExplanation(plan, today)
  return { entries: [entry], totals: { [plan.currency]: entry.amount }, titles: {}, next: null }
}

export function sampleExplanation(plan: PlanDefinition, today: string): Explanation {
  return explainMeasures(plan, sampleMeasures(plan), true, 3, today)
}

/** What a plan pays on measures, as the people whom it pays will read it. */
export function explainMeasures(
  plan: PlanDefinition,
  measures: Readonly<Record<string, string>>,
  gate: boolean,
  events: number,
  day: string,
): Explanation {
  const { from, to } = windowOf(plan.window, day)
  const computed = computeAmount(plan, { measures, before: null, gate, gateBefore: true })
  const entry: LedgerEntryJson = {
    id: sampleId(plan.key, 0),
    plan: plan.key,
    plan_title: plan.title,
    release: 0,
    earner: sampleId('earner', 0),
    window_from: from,
    window_to: to,
    event: null,
    posted_at: `${day}T08:00:00Z`,
    kind: 'accrual',
    amount: computed.amount,
    currency: plan.currency,
    reason: plan.title,
  }
  return {
    entry,
    plan: { key: plan.key, title: plan.title, release: 0, currency: plan.currency },
    records: [],
    hidden: 0,
    measures,
    parts: computed.parts.map((part) => ({
      kind: part.kind,
      amount: part.amount,
      text: part.text,
      ...(part.slice ? { slice: part.slice } : {}),
    })),
    amount: computed.amount,
    before: '0',
    sentences: explainEntry({ plan, from, to, events, computed, posted: '0', entry: computed.amount }),
    titles: {},
  }
}
