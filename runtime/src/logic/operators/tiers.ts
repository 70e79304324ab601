import { ruleLiteral } from '../../errors/logic.ts'
import { ruleBands } from '../../errors/tables.ts'
import type { BandMethod, BandUnit, Slice } from '../../incentives/band-method.ts'
import { bandMethods, findBandMethod } from '../../incentives/index.ts'
import { isJsonObject, type Json } from '../../json.ts'
import {
  compareDecimals,
  decimalFromNumber,
  formatDecimalTrimmed,
  parseDecimal,
  toDecimal,
} from '../decimal.ts'
import type { IrNode } from '../ir.ts'
import {
  type ArgumentSpec,
  defineOperator,
  type ParseCall,
  type SqlCall,
  type SqlPiece,
} from '../operator.ts'
import { int, scaleOf } from '../rule-type.ts'
import {
  absUnits,
  formatUnits,
  type RoundingMode,
  rescaleUnits,
  roundingModes,
  type Units,
} from '../scaled.ts'
import type { RuleValue } from '../value.ts'
import { repeatsOperand, roundSql } from './shared/rounding.ts'
import { strict } from './shared/sql.ts'
import { requireNumbers } from './shared/typing.ts'

/** Most bands of one rule. */
const mostBands = 100

const args: readonly ArgumentSpec[] = [
  { name: 'amount', title: { en: 'amount', zh: '金额' }, kind: 'value' },
  {
    name: 'method',
    title: { en: 'method', zh: '方法' },
    kind: 'word',
    words: bandMethods.map((method) => method.name),
  },
  { name: 'bands', title: { en: 'bands', zh: '档位' }, kind: 'value' },
  { name: 'scale', title: { en: 'places', zh: '小数位数' }, kind: 'whole', min: 0, max: 20 },
  {
    name: 'mode',
    title: { en: 'rounding', zh: '舍入方式' },
    kind: 'word',
    words: roundingModes,
    default: 'half_up',
  },
  {
    name: 'bound',
    title: { en: 'edge', zh: '边界归属' },
    kind: 'word',
    words: ['lower', 'upper'],
    default: 'lower',
  },
  {
    name: 'unit',
    title: { en: 'unit', zh: '单位' },
    kind: 'word',
    words: ['rate', 'fixed'],
    default: 'rate',
  },
]

interface TierSettings {
  readonly method: BandMethod
  readonly bands: readonly { readonly id: string; readonly from: string; readonly value: string }[]
  readonly scale: number
  readonly mode: RoundingMode
  readonly bound: 'lower' | 'upper'
  readonly unit: BandUnit
}

function settingsOf(settings: Readonly<Record<string, Json>>): TierSettings {
  const rows = settings.bands as unknown as readonly (readonly [string, string])[]
  return {
    method: findBandMethod(String(settings.method))!,
    bands: rows.map(([from, value], i) => ({ id: String(i + 1), from, value })),
    scale: Number(settings.scale),
    mode: settings.mode as RoundingMode,
    bound: settings.bound as 'lower' | 'upper',
    unit: settings.unit as BandUnit,
  }
}

/** An exact number written out, as its shortest text. */
function readNumber(json: Json): string | null {
  const raw = isJsonObject(json) && Object.keys(json).length === 1 ? json.dec : json
  const number =
    typeof raw === 'number' ? decimalFromNumber(raw) : typeof raw === 'string' ? parseDecimal(raw) : null
  return number && number.scale <= 20 && String(absUnits(number.units)).length <= 40
    ? formatDecimalTrimmed(number)
    : null
}

/** The bands as `[from, value]` texts; null after reporting what is wrong. */
function readBands(call: ParseCall, json: Json, path: string): [string, string][] | null {
  const refuse = (at: string, why: string, whyZh: string): null => {
    call.report(ruleBands, at, { why, why_zh: whyZh })
    return null
  }
  if (!Array.isArray(json) || json.length === 0 || json.length > mostBands) {
    return refuse(path, `there are 1 to ${mostBands}`, `应为 1 至 ${mostBands} 档`)
  }
  const bands: [string, string][] = []
  for (const [i, band] of json.entries()) {
    const at = `${path}/${i}`
    const [from, value] = Array.isArray(band) && band.length === 2 ? band.map(readNumber) : [null, null]
    if (from == null || value == null) {
      return refuse(
        at,
        'a band is [where it begins, its value], both written out',
        '每档写成 [起点, 取值],均为直接写出的数字',
      )
    }
    if (compareDecimals(from, 0) < 0) return refuse(`${at}/0`, 'a band begins at 0 or more', '起点不得小于 0')
    const before = bands.at(-1)
    if (before && compareDecimals(from, before[0]) <= 0) {
      return refuse(`${at}/0`, 'each begins above the one before', '各档起点须逐档递增')
    }
    bands.push([from, value])
  }
  return bands
}

function parseTiers(call: ParseCall): IrNode | null {
  const { operands } = call
  const settings: Record<string, Json> = {}
  let sound = operands.length >= 4 && operands.length <= args.length
  args.forEach((spec, i) => {
    if (spec.kind === 'value') return
    const given = operands[i] ?? spec.default ?? null
    const fits =
      spec.kind === 'word'
        ? typeof given === 'string' && spec.words.includes(given)
        : typeof given === 'number' && Number.isInteger(given) && given >= spec.min && given <= spec.max
    if (!fits) sound = false
    settings[spec.name] = given
  })
  if (!sound) {
    const methods = bandMethods.map(({ name }) => `"${name}"`).join(' | ')
    call.report(ruleLiteral, call.path, {
      why: `bands are written {"tiers": [amount, ${methods}, [[from, value], …], places, rounding?, "lower" | "upper"?, "rate" | "fixed"?]}`,
      why_zh: `分档写成 {"tiers": [金额, ${methods}, [[起点, 取值], …], 小数位数, 舍入方式?, "lower" | "upper"?, "rate" | "fixed"?]}`,
    })
    return null
  }
  const amount = call.check(operands[0]!, call.pathOf(0))
  const bands = readBands(call, operands[2]!, call.pathOf(2))
  return amount && bands && call.call('tiers', [amount], { settings: { ...settings, bands } })
}

/** What the bands pay on the amount: exact, then rounded once. */
function payOn(settings: TierSettings, amount: string): { amount: string; slices: readonly Slice[] } {
  const { bound, unit, bands } = settings
  return settings.method.compute({ lookup: amount, payOn: amount, bound, unit, rows: bands })
}

function tiersSql(call: SqlCall): SqlPiece {
  const settings = settingsOf(call.node.settings)
  const { bands, scale, mode } = settings
  const type = { t: 'dec', nullable: false, scale: 20 } as const
  const edges = bands.map(({ from }) => call.bind(from, type))
  const rows = bands.map(({ value }, i) => ({
    lo: edges[i]!,
    hi: edges[i + 1] ?? null,
    value: call.bind(value, type),
  }))
  const piece = call.numeric(0)
  const exact = call.once([piece], (x) =>
    settings.method.written({ ...settings, lookup: x!, payOn: x!, rows }),
  )
  const guarded = piece.fails
    ? call.once([piece], (x) => `(CASE WHEN ${x} IS NOT NULL THEN ${exact} END)`)
    : exact
  const whole = { text: guarded, fails: piece.fails, simple: false }
  const text = repeatsOperand(mode)
    ? call.once([whole], (x) => roundSql(x!, scale, mode))
    : roundSql(guarded, scale, mode)
  return strict(text, [whole])
}

export interface TierDetail {
  readonly slices: readonly Slice[]
  /** Before rounding. */
  readonly amount: string
}

/** 分段累进 and 全额按档: the bands of incentive plans as an operator, by the same functions. */
export const tiers = defineOperator({
  name: 'tiers',
  level: 'V',
  group: 'number',
  title: { en: 'by bands', zh: '分档计算' },
  describe: {
    en: 'What bands pay on an amount: "marginal" each slice at its own value, "whole" all of it at the value that is reached; rounded once. Nothing on amounts of zero or less.',
    zh: '按档位计算:"marginal" 分段累进,"whole" 全额按档;最后舍入一次。金额不大于零时为零。',
  },
  args,
  parse: parseTiers,
  type: (call) => {
    if (!requireNumbers(call)) return null
    const scale = Number(call.settings.scale)
    return scale === 0 ? int : { t: 'dec', nullable: false, scale }
  },
  digits: (nodes, settings) => {
    const { bands, unit } = settingsOf(settings)
    const size = (text: string) => text.replace(/^-/, '').split('.')[0]!.length
    const most = Math.max(...bands.map(({ value }) => size(value)))
    return (unit === 'rate' ? nodes[0]!.digits + most : most) + 2
  },
  evaluate: (call) => {
    const settings = settingsOf(call.node.settings)
    const amount = call.arg(0)
    const from = scaleOf(call.node.args[0]!.type)
    return (frame) => {
      const exact = toDecimal(payOn(settings, formatUnits(amount(frame) as Units, from)).amount)
      return rescaleUnits(exact.units, exact.scale, settings.scale, settings.mode)
    }
  },
  detail: (node, [amount]: readonly RuleValue[]) => {
    const text = formatUnits((amount ?? 0) as Units, scaleOf(node.args[0]!.type))
    return payOn(settingsOf(node.settings), text) as unknown as Json
  },
  sql: tiersSql,
  explain: ({ args: [amount], out, settings, detail }) => {
    const method = findBandMethod(String(settings.method))
    const { slices } = (detail ?? { slices: [] }) as unknown as TierDetail
    const parts = (locale: 'en' | 'zh') => method?.explain(slices, locale, '') ?? []
    const none = { en: [`${amount ?? '–'} reaches no band`], zh: [`${amount ?? '–'} 未达到任何档位`] }
    const [en, zh] = [
      slices.length === 0 ? none.en : parts('en'),
      slices.length === 0 ? none.zh : parts('zh'),
    ]
    return {
      en: `${method?.title.en ?? ''}: ${en.join('; ')}; together ${out}`,
      zh: `${method?.title.zh ?? ''}:${zh.join(';')};合计 ${out}`,
    }
  },
})
