import type { PlanDefinition } from '../definition/plan.ts'
import { formatDecimal, roundDecimal } from '../logic/decimal.ts'
import type { Text } from '../text.ts'
import { compare, minimum, subtract, sum } from './arithmetic.ts'
import type { Slice } from './band-method.ts'
import { findBandMethod } from './index.ts'
import { showAmount, showNumber } from './words.ts'

/** One step from the measures to the amount. The amounts of all parts add up to the amount of the window. */
export interface AmountPart {
  /** `before`: what the plan pays on the events that earlier releases have paid already. */
  readonly kind: 'slice' | 'gate' | 'cap' | 'rounding' | 'before'
  readonly amount: string
  readonly text: Text
  readonly slice?: Slice
}

export interface ComputedAmount {
  /** Rounded as the plan says, with as many digits after the point. */
  readonly amount: string
  readonly parts: readonly AmountPart[]
}

/** What one window gave, as it was stored. */
export interface WindowFacts {
  /** Key of the measure → exact decimal text. Empty: no event counts. */
  readonly measures: Readonly<Record<string, string>>
  /** The same over the events that earlier releases have paid; null: there are none. */
  readonly before: Readonly<Record<string, string>> | null
  /** Whether the gates hold for each of the two. */
  readonly gate: boolean
  readonly gateBefore: boolean
}

/** The amount of a window, step by step; the same as the SQL stages give. */
export function computeAmount(plan: PlanDefinition, facts: WindowFacts): ComputedAmount {
  const { scale } = plan.rounding
  if (Object.keys(facts.measures).length === 0) return { amount: formatDecimal('0', scale), parts: [] }
  const all = computeOnce(plan, facts.measures, facts.gate)
  if (facts.before === null) return all
  const earlier = computeOnce(plan, facts.before, facts.gateBefore)
  const amount = showAmount(earlier.amount, plan.currency)
  const before: AmountPart = {
    kind: 'before',
    amount: subtract('0', earlier.amount),
    text: {
      en: `Less ${amount} on the records that an earlier version of the plan paid`,
      zh: `减去较早版本政策已计奖记录对应的 ${amount}`,
    },
  }
  return {
    amount: formatDecimal(subtract(all.amount, earlier.amount), scale),
    parts: [...all.parts, before],
  }
}

function computeOnce(
  plan: PlanDefinition,
  measures: Readonly<Record<string, string>>,
  gate: boolean,
): ComputedAmount {
  const { bands, cap, currency, rounding } = plan
  const method = findBandMethod(bands.method)
  if (method === undefined) throw new Error(`plan ${plan.key} names an unknown band method`)
  if (!gate) {
    const text = {
      en: 'A condition of the plan is not met, so nothing is earned',
      zh: '未满足政策门槛,本期不计奖',
    }
    return { amount: formatDecimal('0', rounding.scale), parts: [{ kind: 'gate', amount: '0', text }] }
  }
  const { amount: raw, slices } = method.compute({
    lookup: measures[bands.lookup] ?? '0',
    payOn: measures[bands.payOn] ?? '0',
    bound: bands.bound,
    unit: bands.unit,
    rows: bands.rows.map((row) => ({ id: row['x-id'], from: row.from, value: row.value })),
  })
  const en = method.explain(slices, 'en', currency)
  const zh = method.explain(slices, 'zh', currency)
  const parts: AmountPart[] = slices.map((slice, index) => ({
    kind: 'slice',
    amount: slice.amount,
    text: { en: en[index] ?? '', zh: zh[index] ?? '' },
    slice,
  }))
  const limited = cap === undefined ? raw : minimum(raw, cap)
  if (compare(limited, raw) !== 0) {
    const [from, to] = [showAmount(raw, currency), showAmount(limited, currency)]
    parts.push({
      kind: 'cap',
      amount: subtract(limited, raw),
      text: { en: `At most ${to} in one window, instead of ${from}`, zh: `每期封顶 ${to}(原为 ${from})` },
    })
  }
  const rounded = formatDecimal(roundDecimal(limited, rounding.scale, rounding.mode))
  const difference = subtract(rounded, limited)
  if (compare(difference, '0') !== 0) {
    parts.push({
      kind: 'rounding',
      amount: difference,
      text: {
        en: `Rounded from ${showNumber(limited)} to ${showAmount(rounded, currency)}`,
        zh: `由 ${showNumber(limited)} 取整为 ${showAmount(rounded, currency)}`,
      },
    })
  }
  return { amount: rounded, parts }
}

/** The whole story of an entry as sentences: what counts, the arithmetic, and the step that the entry makes. */
export function explainEntry(input: {
  readonly plan: PlanDefinition
  readonly from: string
  readonly to: string
  readonly events: number
  readonly computed: ComputedAmount
  readonly posted: string
  readonly entry: string
}): { en: string[]; zh: string[] } {
  const { plan, from, to, events, computed, posted, entry } = input
  const show = (value: string) => `${showAmount(value, plan.currency)} ${plan.currency}`
  const days = from === to ? { en: from, zh: from } : { en: `${from} to ${to}`, zh: `${from} 至 ${to}` }
  const counted =
    events === 0
      ? { en: `${days.en}: no record counts any more`, zh: `${days.zh}:不再有计奖记录` }
      : {
          en: `${days.en}: ${events} ${events === 1 ? 'record counts' : 'records count'}`,
          zh: `${days.zh}:共 ${events} 条计奖记录`,
        }
  const step =
    compare(posted, '0') === 0
      ? { en: `Together ${show(computed.amount)}`, zh: `合计 ${show(computed.amount)}` }
      : {
          en: `Together ${show(computed.amount)}; ${show(posted)} was posted before, so this entry is ${show(entry)}`,
          zh: `合计 ${show(computed.amount)};此前已入账 ${show(posted)},本次分录为 ${show(entry)}`,
        }
  const texts: Text[] = [counted, ...computed.parts.map((part) => part.text), step]
  return { en: texts.map((text) => text.en), zh: texts.map((text) => text.zh) }
}

/** True when the parts add up to the amount, to the last digit. */
export function partsAddUp({ amount, parts }: ComputedAmount): boolean {
  return compare(sum(parts.map((part) => part.amount)), amount) === 0
}
