import type { Json, JsonObject } from '@channelwright/runtime/json.ts'
import { formatDecimal } from '@channelwright/runtime/logic/decimal.ts'
import fc from 'fast-check'

// Values that hurt, and rows of them.

/** Amounts that hurt: zero, halves, negatives, 18 digits before the point. */
export const amount = (scale: number, digits: number): fc.Arbitrary<string> =>
  fc
    .oneof(
      fc.constantFrom(0n, 1n, -1n, 5n, -5n, 15n, 25n, 50n, 10n ** BigInt(scale), -(10n ** BigInt(scale))),
      fc.bigInt(-100_000n, 100_000n),
      fc.bigInt(-(10n ** BigInt(digits + scale)) + 1n, 10n ** BigInt(digits + scale) - 1n),
    )
    .map((units) =>
      formatDecimal({
        units: units >= -9007199254740991n && units <= 9007199254740991n ? Number(units) : units,
        scale,
      }),
    )

/** Pieces of company names, as people write them. */
const namePieces = [
  ...[
    '上海',
    '廣東省',
    '深圳市',
    '北京市',
    '朝阳区',
    '昆山市',
    'Shanghai',
    'Hong Kong',
    'China',
    '中国',
    '香港特别行政区',
  ],
  ...[
    '晨星',
    '華為',
    '台積電',
    'Acme',
    'ＡＣＭＥ',
    'Müller',
    'é',
    'ﬁ',
    '㈱',
    '①',
    'İ',
    '3M',
    '区',
    '县',
    '华',
  ],
  ...[
    '科技',
    '集團',
    '集团',
    '有限公司',
    '股份有限公司',
    '有限責任公司',
    '公司',
    'Co., Ltd.',
    'Co',
    'Ltd',
    'GmbH',
    'KG',
    'Inc',
  ],
  ...['&', 'and', ' ', '  ', '.', ',', '（', '）', '(', ')', '【', '】', '[', ']', '·', '-', '😀'],
]
export const companyName = fc
  .tuple(fc.array(fc.constantFrom(...namePieces), { minLength: 1, maxLength: 6 }), fc.constantFrom('', ' '))
  .map(([pieces, gap]) => pieces.join(gap).normalize('NFC'))

export const text = fc
  .oneof(
    fc.constantFrom('', 'a', 'A', '商机', '😀', 'ß', 'É', '%', '_', '\\', "'", '上海商机😀', ' a '),
    fc.string({ unit: 'grapheme', maxLength: 8 }),
    companyName,
  )
  .filter((value) => !value.includes('\0'))
  .map((value) => value.normalize('NFC'))

const anyDate = fc.oneof(
  fc.constantFrom('2024-02-29', '2024-01-31', '2023-12-31', '2026-01-01', '0001-01-01', '9999-12-31'),
  fc
    .integer({ min: 0, max: 20_000 })
    .map((days) => new Date(Date.UTC(1990, 0, 1) + days * 86_400_000).toISOString().slice(0, 10)),
)

/** Days of the years whose holidays the calendars know: changes of clocks, holidays, days that make up for them. */
export const workDate = fc.oneof(
  fc.constantFrom(
    '2025-01-01',
    '2025-01-26',
    '2025-10-01',
    '2026-03-08',
    '2026-03-29',
    '2026-04-03',
    '2026-10-25',
  ),
  fc.constantFrom(
    '2026-02-14',
    '2026-02-16',
    '2026-02-28',
    '2026-11-01',
    '2026-12-31',
    '2025-12-31',
    '2026-03-01',
  ),
  fc
    .integer({ min: 0, max: 729 })
    .map((days) => new Date(Date.UTC(2025, 0, 1) + days * 86_400_000).toISOString().slice(0, 10)),
)

export const date = fc.oneof(anyDate, workDate)

/** Moments with every number of digits behind the second, in several zones. */
export const instant = fc
  .tuple(
    fc.oneof({ weight: 5, arbitrary: workDate }, { weight: 1, arbitrary: anyDate }),
    fc.oneof(fc.constantFrom(0, 60, 120, 540, 780, 1080, 1439), fc.integer({ min: 0, max: 1439 })),
    fc.constantFrom('00', '59', '30.5', '00.000001', '59.999999', '00.123'),
    fc.constantFrom('Z', 'Z', '+08:00', '-05:00', '+05:30'),
  )
  .map(([day, minutes, seconds, zone]) => {
    const clock = [Math.floor(minutes / 60), minutes % 60].map((n) => String(n).padStart(2, '0')).join(':')
    // The first and the last day of all leave no room for another zone.
    return `${day}T${clock}:${seconds}${/^(0001|9999)/.test(day) ? 'Z' : zone}`
  })

const orNull = <T extends Json>(values: fc.Arbitrary<T>): fc.Arbitrary<Json> =>
  fc.oneof(
    { weight: 2, arbitrary: values as fc.Arbitrary<Json> },
    { weight: 1, arbitrary: fc.constant(null) },
  )

const whole = fc.oneof(fc.constantFrom(0, 1, -1, 2, 12), fc.integer({ min: -100_000, max: 100_000 }))

const periods = fc
  .tuple(date, fc.option(date))
  .map(([from, to]) => ({ from, to: to !== null && from < to ? to : null }))

const row = fc.record({
  q: fc.oneof(fc.constantFrom(0, 1, 2), whole),
  w: amount(2, 12),
  c: text,
  z: orNull(amount(2, 12)),
  g: date,
  h: orNull(fc.boolean()),
  k: fc.array(fc.constantFrom('a', '', '😀', 'x'), { maxLength: 2 }),
  y: orNull(instant),
})

type Maybe = (values: fc.Arbitrary<Json>) => fc.Arbitrary<Json>

const rowOf = (maybe: Maybe): fc.Arbitrary<JsonObject> =>
  fc.record({
    n: whole,
    m: maybe(whole),
    a: amount(2, 18),
    b: maybe(amount(2, 18)),
    r: amount(6, 6),
    s: text,
    u: maybe(text),
    e: fc.constantFrom('draft', 'open', 'closed'),
    d: date,
    x: maybe(date),
    i: instant,
    p: periods,
    o: fc.boolean(),
    q: maybe(fc.boolean()),
    l: fc.array(text, { maxLength: 3 }),
    k: fc.array(whole, { maxLength: 3 }),
    b2: maybe(amount(4, 10)),
    u2: maybe(text),
    x2: maybe(date),
    q2: maybe(fc.boolean()),
    v: maybe(instant),
    v2: maybe(instant),
    p2: maybe(periods),
    l2: maybe(fc.array(text, { maxLength: 3 })),
    k2: maybe(fc.array(whole, { maxLength: 3 })),
    t: fc.array(row, { maxLength: 4 }),
    j: fc.array(row, { maxLength: 4 }),
  })

/** A row of all the fields that the cases read; and one in which none of them is empty. */
export const rowArbitrary = rowOf(orNull)
export const fullRowArbitrary = rowOf((values) => values)
