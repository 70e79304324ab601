import { describe, expect, test } from 'vitest'
import type { Json } from '../../json.ts'
import { checkRule } from '../check.ts'
import { compileRule } from '../evaluate.ts'
import { scopeFromFields } from '../scope.ts'
import { analyseRule } from './analyse-rule.ts'
import type { TableFinding } from './analyse-table.ts'

const scope = scopeFromFields(
  [
    ['amount', { t: 'dec', nullable: false, scale: 2, min: '0', max: '1000000' }],
    ['n', { t: 'int', nullable: false }],
    ['m', { t: 'int', nullable: true }],
    ['tier', { t: 'str', nullable: false, enum: ['silver', 'gold', 'platinum'] }],
    ['name', { t: 'str', nullable: false }],
    ['due', { t: 'date', nullable: false }],
    ['won', { t: 'bool', nullable: false }],
  ],
  { required: ['amount', 'n', 'tier', 'name', 'due', 'won'] },
)
const read = (key: string): Json => ({ var: key })
const [amount, n, m, tier, name] = [read('amount'), read('n'), read('m'), read('tier'), read('name')]
const [due, won] = [read('due'), read('won')]

function analyse(rule: Json) {
  const { rule: typed, diagnostics } = checkRule(rule, scope)
  expect(diagnostics.filter((one) => one.severity === 'error')).toEqual([])
  const found = analyseRule(typed!)
  for (const { message, hint } of found)
    for (const text of [message.en, message.zh, hint.en, hint.zh])
      expect(text).not.toMatch(/\{\w+\}|undefined/)
  return found
}
const codes = (rule: Json) => analyse(rule).map((one) => `${one.code} ${one.path}`)

describe('conditions', () => {
  test.each<[Json, string[]]>([
    [{ and: [{ '>': [n, 5] }, { '<': [n, 5] }] }, ['T8_CONTRADICTION /and/1']],
    [{ and: [{ '>': [n, 5] }, { '<': [n, 6] }] }, ['T8_CONTRADICTION /and/1']],
    [{ and: [{ '>': [amount, 5] }, { '<': [amount, 6] }] }, []],
    [{ and: [{ '>': [amount, 5] }, { '<': [amount, 5.01] }] }, ['T8_CONTRADICTION /and/1']],
    [{ and: [{ '==': [tier, 'gold'] }, { '==': [tier, 'silver'] }] }, ['T8_CONTRADICTION /and/1']],
    [{ and: [won, { '>': [n, 1] }, { '!': [won] }] }, ['T8_CONTRADICTION /and/2']],
    [{ or: [{ '>': [n, 5] }, { '<=': [n, 5] }] }, ['T8_WHOLE ']],
    [{ or: [{ '>': [n, 5] }, { '<': [n, 5] }] }, []],
    [{ or: [{ '!=': [tier, 'gold'] }, { '!=': [tier, 'silver'] }] }, ['T8_WHOLE ']],
    [{ in: [tier, ['gold', 'silver', 'platinum']] }, ['T8_WHOLE ']],
    [{ in: [tier, ['gold', 'silver']] }, []],
    [{ between: [amount, 10, 5] }, ['T8_WHOLE ']],
    [{ '<': [9, n, 10] }, ['T8_WHOLE ']],
    [{ '<': [9, amount, 10] }, []],
    [{ '>': [{ '??': [m, 0] }, 5] }, []],
    [{ and: [{ empty: [m] }, { '>': [{ '??': [m, 0] }, 5] }] }, ['T8_CONTRADICTION /and/1']],
    [{ and: [{ '==': [m, null] }, { exists: [m] }] }, ['T8_CONTRADICTION /and/1']],
    [{ and: [{ '<': [due, '2026-01-02'] }, { '>': [due, '2026-01-01'] }] }, ['T8_CONTRADICTION /and/1']],
    [{ and: [{ '==': [name, 'a'] }, { contains: [name, 'b'] }] }, []],
    [{ and: [{ contains: [name, 'b'] }, { '!': [{ contains: [name, 'b'] }] }] }, ['T8_CONTRADICTION /and/1']],
    [{ or: [{ and: [{ '>': [n, 1] }, { '<': [n, 0] }] }, won] }, ['T8_CONTRADICTION /or/0/and/1']],
    [{ if: [{ '>=': [n, 10] }, 1, { '>=': [n, 20] }, 2, 3] }, ['T8_BRANCH /if/2']],
    [{ if: [{ '>=': [n, 20] }, 1, { '>=': [n, 10] }, 2, 3] }, []],
  ])('%j', (rule, expected) => {
    expect(codes(rule)).toEqual(expected)
  })

  test('of any size take bounded time', () => {
    const wide: Json = {
      and: Array.from(
        { length: 60 },
        (_, i): Json => ({ or: [{ '>': [n, i] }, { '!=': [m, i] }, { contains: [name, `${i}`] }] }),
      ),
    }
    const start = performance.now()
    expect(analyse(wide)).toEqual([])
    expect(performance.now() - start).toBeLessThan(1_000)
  })
})

describe('bands', () => {
  const tiers = (method: string, bands: Json[], ...more: Json[]): Json => ({
    tiers: [amount, method, bands, 2, ...more],
  })
  const slip: Json[] = [
    [0, '0.01'],
    [100000, '0.02'],
    [250000, '0.015'],
    [500000, '0.04'],
  ]

  test('that give less than the one below are told, with both and the place', () => {
    for (const method of ['marginal', 'whole']) {
      const [found, ...more] = analyse({ round: [tiers(method, slip), 2] }) as TableFinding[]
      expect(more).toEqual([])
      expect(found).toMatchObject({
        code: 'TIERS_ORDER',
        path: '/round/0/tiers/2/2/1',
        severity: 'warning',
        rows: [2, 3],
        message: { en: 'Band 3 gives 0.015, less than band 2 below it gives (0.02).' },
      })
    }
    expect(codes(tiers('whole', slip, 'half_up', 'lower', 'fixed'))).toEqual(['TIERS_ORDER /tiers/2/2/1'])
  })

  test('that fall all the way, or whose slices add up, are meant so', () => {
    const falling: Json[] = [
      [0, '0.05'],
      [100000, '0.03'],
      [250000, '0.01'],
    ]
    expect(codes(tiers('marginal', falling))).toEqual([])
    expect(codes(tiers('marginal', slip, 'half_up', 'lower', 'fixed'))).toEqual([])
    expect(codes(tiers('marginal', slip.slice(0, 2)))).toEqual([])
  })
})

describe('decision tables', () => {
  const row = (when: Json[], then: Json[]): Json => ({ when, then })
  const table = (hit: string, rows: [Json[], Json[]][], more: object = {}): Json => ({
    table: {
      inputs: [{ e: amount }, { e: tier }],
      outputs: [{ name: 'rate', type: 'dec(4)' }],
      hit,
      rows: rows.map(([when, then]) => row(when, then)),
      ...more,
    } as unknown as Json,
  })
  const findings = (rule: Json) => analyse(rule) as TableFinding[]

  test('that leave something out are told with an input, which indeed gives nothing', () => {
    const rule = table('first', [
      [['>= 100000', ''], ['0.03']],
      [['< 100000', 'gold | platinum'], ['0.02']],
      [['< 50000', 'silver'], ['0.01']],
    ])
    const [gap] = findings(rule)
    expect(gap).toMatchObject({ code: 'TABLE_GAP', path: '/table/rows', severity: 'warning' })
    expect(gap!.message.en).toBe('No row takes this input: amount = 50000.00, tier = "silver".')
    const [sample, choice] = gap!.example!
    expect(compileRule(checkRule(rule, scope).rule!)({ amount: sample, tier: choice })).toEqual({
      ok: true,
      value: null,
    })
    expect(findings(table('first', [[['', ''], ['1']]]))).toEqual([])
    expect(findings(table('first', [[['> 5', ''], ['1']]], { default: ['0'] }))).toEqual([])
  })

  test('have no gap between neighbouring numbers of their places', () => {
    const rows: [Json[], Json[]][] = [
      [['<= 99999.99', ''], ['0.01']],
      [['>= 100000', ''], ['0.02']],
    ]
    expect(findings(table('unique', rows))).toEqual([])
  })

  test('that must hit once are told which rows overlap, where', () => {
    const [overlap] = findings(
      table('unique', [
        [['>= 100000', ''], ['0.03']],
        [['< 100000', ''], ['0.02']],
        [['[50000..60000]', 'gold'], ['0.05']],
      ]),
    )
    expect(overlap).toMatchObject({
      code: 'TABLE_OVERLAP',
      path: '/table/rows/2',
      rows: [2, 3],
      example: ['50000.00', 'gold'],
    })
  })

  test('are told rows that can never be used, and the rows that stand before them', () => {
    const found = findings(
      table('first', [
        [['>= 500', 'gold'], ['0.03']],
        [['>= 500', 'silver | platinum'], ['0.02']],
        [['> 1000', ''], ['0.05']],
        [['< 0', ''], ['0']],
        [['', ''], ['0']],
      ]),
    )
    expect(found.map(({ code, rows }) => [code, rows])).toEqual([
      ['TABLE_UNREACHABLE', [3, 1, 2]],
      ['TABLE_UNREACHABLE', [4]],
    ])
  })

  test('are told where a band gives less than the one below', () => {
    const found = findings(
      table('first', [
        [['>= 500000', ''], ['0.02']],
        [['>= 100000', ''], ['0.03']],
        [['>= 50000', ''], ['0.02']],
        [['', ''], ['0.01']],
      ]),
    )
    expect(found.map(({ code, rows }) => [code, rows])).toEqual([['TABLE_ORDER', [2, 1]]])
  })

  test('over several columns that take everything give a value that is never empty', () => {
    const whole = table('first', [
      [['>= 100000', ''], ['0.03']],
      [['< 100000', 'gold | platinum'], ['0.02']],
      [['< 100000', 'silver'], ['0.01']],
    ])
    expect(findings(whole)).toEqual([])
    expect(checkRule(whole, scope).type).toMatchObject({ t: 'dec', nullable: false })
    // The limits of a field are no proof: records from before may lie outside them.
    const limited = table('first', [[['[0..1000000]', ''], ['0.01']]])
    expect(findings(limited)).toEqual([])
    expect(checkRule(limited, scope).type).toMatchObject({ t: 'dec', nullable: true })
  })

  test('too large to be proved are said to be so, in bounded time', () => {
    const columns = ['amount', 'n', 'm', 'amount', 'n', 'm', 'amount', 'n']
    const rule: Json = {
      table: {
        inputs: columns.map((key) => ({ e: { var: key } })),
        outputs: [{ name: 'x', type: 'int' }],
        hit: 'first',
        rows: Array.from({ length: 130 }, (_, i) => {
          const when = columns.map((_c, c) =>
            (i + c) % 3 === 0 ? `!= ${i * 7 + c}` : `> ${(i * 31 + c * 17) % 97}`,
          )
          return row(when, [i])
        }),
      },
    }
    const start = performance.now()
    const found = findings(rule)
    expect(performance.now() - start).toBeLessThan(5_000)
    expect(found.length).toBeGreaterThan(0)
    for (const { code } of found) expect(['TABLE_GAP', 'TABLE_UNPROVEN', 'TABLE_UNREACHABLE']).toContain(code)
  })
})
