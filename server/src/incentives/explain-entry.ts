import type { ExplainedRecord, Explanation } from '@channelwright/runtime/api/incentives.ts'
import type { PlanDefinition } from '@channelwright/runtime/definition/plan.ts'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { explanationDiffers } from '@channelwright/runtime/errors/incentives.ts'
import { compare, subtract } from '@channelwright/runtime/incentives/arithmetic.ts'
import { computeAmount, explainEntry, partsAddUp } from '@channelwright/runtime/incentives/explain.ts'
import { checkPlanRules, type PlanTypedRules } from '@channelwright/runtime/incentives/rules.ts'
import { compileRule } from '@channelwright/runtime/logic/evaluate.ts'
import type { Unit } from '../db/unit.ts'
import { quoteTable } from '../publish/quote.ts'
import { rightsOn } from '../records/object-rights.ts'
import type { ServedRelease } from '../services.ts'
import { describeEntry, getLedgerRow, titlesOf } from './ledger.ts'
import { planOf } from './plan-version.ts'
import { readTitles } from './titles.ts'

type Input = readonly [event: string, day: string, values: readonly string[], before: boolean]

interface StoredResult {
  measures: Record<string, string>
  before_measures: Record<string, string> | null
  amount: string
  delta: string
  inputs: Input[]
}

/**
 * How an entry came about, down to the records. The amount is computed anew by the evaluator from what was stored with
 * the entry; should it differ from what was posted, that is said rather than shown. Throws LEDGER_ENTRY_UNKNOWN,
 * EXPLANATION_DIFFERS.
 */
export async function explainLedgerEntry(unit: Unit, id: string): Promise<Explanation> {
  const row = await getLedgerRow(unit, id)
  const served = await servedAt(unit, row.release)
  const plan = planOf(served, row.plan)
  const { rules } = checkPlanRules(plan, served.release)
  if (rules === null) throw new Error(`plan ${plan.key} of release ${row.release} is not sound`)
  const stored = await readResult(unit, row.result)
  const computed = computeAmount(plan, {
    measures: stored.measures,
    before: stored.before_measures,
    gate: gatesHold(rules, stored.measures),
    gateBefore: stored.before_measures !== null && gatesHold(rules, stored.before_measures),
  })
  const posted = subtract(stored.amount, stored.delta)
  if (
    compare(computed.amount, stored.amount) !== 0 ||
    compare(stored.delta, row.amount) !== 0 ||
    !partsAddUp(computed)
  ) {
    throw new Refusal(explanationDiffers, { computed: computed.amount, stored: stored.amount })
  }
  const { records, hidden } = await readableRecords(unit, plan, rules, stored.inputs)
  const events = stored.inputs.length
  return {
    entry: describeEntry(unit, row),
    plan: { key: plan.key, title: plan.title, release: row.release, currency: plan.currency },
    records,
    hidden,
    measures: stored.measures,
    parts: computed.parts.map(({ kind, amount, text, slice }) => ({
      kind,
      amount,
      text,
      ...(slice
        ? {
            slice: {
              row: slice.row,
              from: slice.from,
              to: slice.to,
              slice: slice.slice,
              unit: slice.unit,
              value: slice.value,
            },
          }
        : {}),
    })),
    amount: stored.amount,
    before: posted,
    sentences: explainEntry({
      plan,
      from: row.window_from,
      to: row.window_to,
      events,
      computed,
      posted,
      entry: row.amount,
    }),
    titles: await titlesOf(unit, [row]),
  }
}

async function servedAt(unit: Unit, release: number): Promise<ServedRelease> {
  const { served, services } = unit
  return release === served.number ? served : services.releases.at(served.workspace.key, release)
}

function readResult(unit: Unit, id: string): Promise<StoredResult> {
  // The entry was found with the reader's own rights; what it rests on is read by the engine and cut down below.
  return unit.asEngine(async () => {
    const [row] = await unit.query<StoredResult>(
      `SELECT measures, before_measures, amount::text, delta::text, inputs
       FROM ${quoteTable(unit.served.workspace.schema, 'cw_result')} WHERE id = $1`,
      [id],
    )
    if (row === undefined) throw new Error(`a ledger entry has no result ${id}`)
    return row
  })
}

function gatesHold(rules: PlanTypedRules, measures: Readonly<Record<string, string>>): boolean {
  return rules.gates.every((gate) => {
    const result = compileRule(gate)({ m: measures })
    return result.ok && result.value === true
  })
}

/** Those of the records that the reader may read, with the amounts whose fields the reader may read. */
async function readableRecords(
  unit: Unit,
  plan: PlanDefinition,
  rules: PlanTypedRules,
  inputs: readonly Input[],
): Promise<{ records: ExplainedRecord[]; hidden: number }> {
  const { object } = plan.events
  if (!unit.served.release.objects.has(object)) return { records: [], hidden: inputs.length }
  const { read } = rightsOn(unit.served, unit.actor, object)
  const titles = read
    ? await readTitles(
        unit,
        object,
        inputs.map(([event]) => event),
      )
    : {}
  const keys = Object.keys(plan.measures)
  const shown = new Set(
    keys.filter(
      (key) => rules.measures.get(key)?.reads.every((path) => read?.has(path.split('.')[0] ?? '')) ?? true,
    ),
  )
  const records = inputs.flatMap(([event, day, values, before]): ExplainedRecord[] => {
    const title = titles[event]
    if (title === undefined) return []
    const named = keys.map((key, index) => [key, values[index] ?? '0'] as const)
    return [
      {
        object,
        id: event,
        title,
        day,
        values: Object.fromEntries(named.filter(([key]) => shown.has(key))),
        before,
      },
    ]
  })
  return { records, hidden: inputs.length - records.length }
}
