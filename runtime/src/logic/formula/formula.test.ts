import { describe, expect, test } from 'vitest'
import type { Json } from '../../json.ts'
import type { Locale } from '../../text.ts'
import { checkRule } from '../check.ts'
import { scopeFromFields } from '../scope.ts'
import { completeFormula } from './complete.ts'
import { formulaFields } from './fields.ts'
import { placeDiagnostics, readFormula } from './read-formula.ts'
import { writeFormula } from './write-formula.ts'

const scope = scopeFromFields(
  [
    ['amount', { t: 'dec', nullable: false, scale: 2 }],
    ['budget', { t: 'dec', nullable: false, scale: 2 }],
    ['stage', { t: 'str', nullable: false, enum: ['open', 'won'] }],
    ['owner', { t: 'str', nullable: false }],
    ['due', { t: 'date', nullable: false }],
    ['partner', { t: 'ref', nullable: false, object: 'partner' }],
    [
      'lines',
      {
        t: 'list',
        nullable: false,
        of: { t: 'obj', nullable: false, fields: new Map([['qty', { t: 'int', nullable: false } as const]]) },
      },
    ],
  ],
  {
    required: ['amount', 'stage', 'owner', 'due', 'partner'],
    objects: (key) => (key === 'partner' ? new Map([['tier', { t: 'str', nullable: true }]]) : undefined),
  },
)
const titles: Record<string, { en: string; zh: string }> = {
  amount: { en: 'Amount', zh: '金额' },
  budget: { en: 'Budget', zh: '预算' },
  stage: { en: 'Stage', zh: '阶段' },
  owner: { en: 'Stage', zh: '负责人' },
  due: { en: 'Due [day]', zh: '到期.日' },
  partner: { en: 'Partner', zh: '伙伴' },
  'partner.tier': { en: 'Tier', zh: '等级' },
  lines: { en: 'Lines', zh: '明细' },
  'lines.qty': { en: 'Qty', zh: '数量' },
}
const fields = formulaFields(scope, (path) => titles[path])
const read = (text: string, locale: Locale = 'en') => readFormula(text, { fields, locale })
const write = (rule: Json, locale: Locale = 'en') => writeFormula(rule, { fields, locale })
const first = (text: string) => read(text).diagnostics[0]

describe('a formula', () => {
  const commission: Json = {
    if: [{ '>=': [{ var: 'amount' }, 100000] }, { round: [{ '*': [{ var: 'amount' }, 0.03] }, 2] }, 0],
  }

  test('is read in both languages and written in each', () => {
    expect(read('IF([Amount] >= 100000, ROUND([Amount] * 3%, 2), 0)').rule).toEqual(commission)
    expect(read('如果（[金额] ≥ 100000，四舍五入（[金额] × 3％，2），0）', 'zh').rule).toEqual(commission)
    expect(read('if(amount >= 100000; round(amount*3%; 2); 0)').rule).toEqual(commission)
    expect(write(commission)).toBe('IF([Amount] >= 100000, ROUND([Amount] * 3%, 2), 0)')
    expect(write(commission, 'zh')).toBe('如果([金额] >= 100000, 四舍五入([金额] * 3%, 2), 0)')
    expect(writeFormula(commission, { fields, names: 'keys' })).toBe(
      'IF([amount] >= 100000, ROUND([amount] * 3%, 2), 0)',
    )
  })

  test('leads through references, by titles, keys, or both in one bracket', () => {
    const rule = { '==': [{ var: 'partner.tier' }, 'gold'] }
    for (const text of [
      '[Partner].[Tier]',
      '[partner.tier]',
      'partner.tier',
      '[Partner].tier',
      '[伙伴].[等级]',
    ])
      expect(read(`${text} = "gold"`).rule).toEqual(rule)
    expect(write(rule)).toBe('[Partner].[Tier] = "gold"')
    expect(writeFormula(rule, { fields, names: 'keys' })).toBe('[partner.tier] = "gold"')
    expect(write({ '<=': [{ var: '$today' }, { var: 'due' }] })).toBe('$today <= [Due [day]]]')
  })

  test('falls back to keys where titles are shared, and asks for the key where one is written', () => {
    expect(write({ '==': [{ var: 'stage' }, { var: 'owner' }] })).toBe('[stage] = [owner]')
    expect(write({ '==': [{ var: 'stage' }, { var: 'owner' }] }, 'zh')).toBe('[阶段] = [负责人]')
    expect(first('[Stage] = "open"')).toMatchObject({ code: 'FORMULA_FIELD_TWICE', offset: 1 - 1, end: 7 })
  })

  test.each<[string, Json, string?]>([
    ['1 + 2 * 3', { '+': [1, { '*': [2, 3] }] }],
    ['(1 + 2) * 3', { '*': [{ '+': [1, 2] }, 3] }],
    ['1 + 2 + 3', { '+': [1, 2, 3] }],
    ['(1 + 2) + 3', { '+': [{ '+': [1, 2] }, 3] }],
    ['1 + (2 + 3)', { '+': [1, { '+': [2, 3] }] }],
    ['1 - 2 - 3', { '-': [{ '-': [1, 2] }, 3] }],
    ['1 - (2 - 3)', { '-': [1, { '-': [2, 3] }] }],
    ['1 - 2 + 3', { '+': [{ '-': [1, 2] }, 3] }],
    ['-[amount] * 2', { '*': [{ '-': [{ var: 'amount' }] }, 2] }, '-[Amount] * 2'],
    ['-(5)', { '-': [5] }],
    ['--5', { '-': [-5] }],
    ['2 - -5', { '-': [2, -5] }],
    ['[Budget] ?? 0 > 5', { '>': [{ '??': [{ var: 'budget' }, 0] }, 5] }],
    ['TRUE AND (FALSE OR TRUE)', { and: [true, { or: [false, true] }] }],
    ['TRUE AND FALSE OR TRUE', { or: [{ and: [true, false] }, true] }],
    ['0 < [Amount] < 10', { '<': [0, { var: 'amount' }, 10] }],
    ['[stage] IN {"open", "won"}', { in: [{ var: 'stage' }, ['open', 'won']] }],
    ['NOT([Budget] = EMPTY)', { '!': [{ '==': [{ var: 'budget' }, null] }] }],
    ['"say ""yes""" & "，"', { cat: ['say "yes"', '，'] }],
    ['[Due [day]]] = DATE("2026-01-31")', { '==': [{ var: 'due' }, '2026-01-31'] }],
    ["'==='(1, 2, 3)", { '===': [1, 2, 3] }],
    ['1 === 2', { '===': [1, 2] }],
    ["'%'([Amount], 3)", { '%': [{ var: 'amount' }, 3] }],
    ["'+'(1)", { '+': [1] }],
    ['AND(TRUE)', { and: [true] }],
    ['0.10 + 12345678901234567.5', { '+': [{ dec: '0.10' }, { dec: '12345678901234567.5' }] }],
    ['DEC("0.1")', { dec: '0.1' }],
    ['{gold: 0.1, "si ver": {1, 2}, x: {:}}', { gold: 0.1, 'si ver': [1, 2], x: {} }],
    ['VAR("amount", 1)', { var: ['amount', 1] }],
    ['EMPTY(EMPTY)', { empty: [null] }],
    ['SUM([Lines], l, l.[Qty] * 2)', { sum: [{ var: 'lines' }, 'l', { '*': [{ var: 'l.qty' }, 2] }] }],
    ['ALL([Lines], [Qty] > ENTRY)', { all: [{ var: 'lines' }, { '>': [{ var: 'qty' }, { var: '' }] }] }],
  ])('%s', (text, rule, written = text) => {
    const found = read(text)
    expect(found.diagnostics).toEqual([])
    expect(found.rule).toEqual(rule)
    expect(write(rule)).toBe(written)
    for (const locale of ['en', 'zh'] as const) expect(read(write(rule, locale)!, locale).rule).toEqual(rule)
  })

  test.each<[string, string, number, number, number]>([
    ['', 'FORMULA_SYNTAX', 0, 1, 1],
    ['1 +', 'FORMULA_SYNTAX', 3, 1, 4],
    ['IF([Amount] > 1,\n  ROUND([Amount] * , 2), 0)', 'FORMULA_SYNTAX', 36, 2, 20],
    ['(1 + 2', 'FORMULA_SYNTAX', 6, 1, 7],
    ['1 + "abc', 'FORMULA_SYNTAX', 4, 1, 5],
    ['1 2', 'FORMULA_SYNTAX', 2, 1, 3],
    ['1 + 2)', 'FORMULA_SYNTAX', 5, 1, 6],
    ['1 =! 2', 'FORMULA_SYNTAX', 2, 1, 3],
    ['1 = 2 = 3', 'FORMULA_SYNTAX', 6, 1, 7],
    ['2 * ROUDN(1)', 'FORMULA_FUNCTION', 4, 1, 5],
    ['1 + [Amuont]', 'FORMULA_FIELD', 4, 1, 5],
    ['[Partner].[Teir] = "x"', 'FORMULA_FIELD', 10, 1, 11],
    ['[Due [day]]] = DATE("2026-02-30")', 'FORMULA_DATE', 20, 1, 21],
    ['(('.repeat(60_000), 'FORMULA_SIZE', 65_536, 1, 65_537],
    ['('.repeat(60_000), 'FORMULA_SIZE', 96, 1, 97],
    ['-'.repeat(60_000), 'FORMULA_SYNTAX', 60_000, 1, 60_001],
  ])('is refused at its character: %#', (text, code, offset, line, column) => {
    const { rule, diagnostics } = read(text)
    expect(rule).toBeNull()
    expect(diagnostics[0]).toMatchObject({ code, offset, line, column })
    for (const { message, hint } of diagnostics)
      for (const words of [message.en, message.zh, hint.en, hint.zh])
        expect(words).not.toMatch(/undefined|\{\w+\}/)
  })

  test('names the nearest function and field', () => {
    expect(first('ROUDN(1)')?.hint.en).toBe('Did you mean ROUND?')
    expect(read('四舍5入(1)', 'zh').diagnostics[0]?.hint.zh).toBe('是否指 四舍五入?')
    expect(first('[Amuont]')?.hint.en).toBe('Did you mean [Amount]?')
  })

  test('shows what the checker says at the characters that it is about', () => {
    const text = '[Budget] > 5 AND\n  [Amount] > "x"'
    const found = read(text)
    const placed = placeDiagnostics(text, found, checkRule(found.rule, scope).diagnostics)
    expect(placed.map((one) => [one.code, text.slice(one.offset, one.end), one.line])).toEqual([
      ['T3', '[Budget]', 1],
      ['T2', '"x"', 2],
    ])
  })
})

describe('completion', () => {
  const labels = (text: string, locale: Locale = 'en') =>
    completeFormula(text, text.length, { fields, locale }).items.map((item) => item.insert)

  test('offers fields, functions and constants where a value must stand', () => {
    expect(labels('')).toEqual(expect.arrayContaining(['[Amount]', '[Partner]', 'ROUND()', 'TRUE']))
    expect(labels('1 + amo')).toEqual(['[Amount]'])
    expect(labels('[金', 'zh')).toEqual(['[金额]'])
    expect(labels('[Partner].')).toEqual(['[Partner].[Tier]'])
    expect(labels('[Partner].[Ti')).toEqual(['[Partner].[Tier]'])
    expect(labels('[partner.')).toEqual(['[Partner].[Tier]'])
    expect(labels('ROUND([Amount], 2, "')).toEqual(expect.arrayContaining(['half_up', 'half_even']))
  })

  test('knows the names that are bound around the place', () => {
    expect(labels('SUM([Lines], line, line.')).toEqual(['line.[Qty]'])
    expect(labels('SUM([Lines], line, li')).toEqual(expect.arrayContaining(['[Lines]', 'line']))
  })

  test('offers signs after a value', () => {
    expect(labels('[Amount] ')).toEqual(expect.arrayContaining(['= ', '>= ', 'AND ', '?? ']))
    expect(labels('[Amount] > 1 AND ')).toEqual(expect.arrayContaining(['[Budget]']))
    expect(labels('[Amount] > 1 A')).toEqual(['AND '])
  })
})
