import { readFileSync } from 'node:fs'
import type { Json } from '@channelwright/runtime/json.ts'
import { formulaFields, readFormula, writeFormula } from '@channelwright/runtime/logic/formula/index.ts'
import { parser } from '@channelwright/runtime/logic/formula/parser.ts'
import { constantTerm, readWord, wordTerm } from '@channelwright/runtime/logic/formula/spelling.ts'
import { operators } from '@channelwright/runtime/logic/operators/index.ts'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { buildFormulaParser, parserFile } from '../support/write-formula-parser.ts'
import { caseScope, operatorFiles, readOperatorCases } from './operator-cases.ts'
import { ruleArbitrary } from './rule-generator.ts'

// Whatever rule there is, its formula is read back as the same rule, in both languages.

const scope = caseScope()
/** Every other field shares its title with another; some titles are keys of other fields. */
const keys = [...scope.root.keys()]
const title = (key: string) => {
  const at = keys.indexOf(key)
  if (at % 4 === 0) return { en: `The ${key.toUpperCase()} [x]`, zh: `字段“${key}”。` }
  if (at % 4 === 1) return { en: 'Shared', zh: '同名' }
  return at % 4 === 2 ? { en: keys[at - 1] ?? key, zh: key } : { en: `${key}.1`, zh: `${key} 且` }
}
const fields = formulaFields(scope, (path) => (path.includes('.') ? undefined : title(path)))

function expectSame(rule: Json): void {
  for (const locale of ['en', 'zh'] as const) {
    for (const names of ['titles', 'keys'] as const) {
      const text = writeFormula(rule, { fields, locale, names })!
      const found = readFormula(text, { fields, locale })
      expect(found.diagnostics, text).toEqual([])
      expect(wrapped(found.rule), text).toEqual(wrapped(rule))
    }
  }
}

describe('formulas', () => {
  test('every generated rule comes back from its formula exactly as it was', () => {
    fc.assert(
      fc.property(ruleArbitrary, (rule) => {
        for (const locale of ['en', 'zh'] as const) {
          const text = writeFormula(rule, { fields, locale })!
          expect(readFormula(text, { fields, locale }).rule).toEqual(rule)
        }
      }),
      { numRuns: 300 },
    )
  })

  test.each(operatorFiles())('every case of %s comes back from its formula', (file) => {
    for (const [rule] of readOperatorCases(file)?.cases ?? []) expectSame(rule)
  })

  test('the tables of the parser are those of the grammar', () => {
    const bare = (text: string) => text.replace(/[\s;'"]|,(?=\s*[}\]])/g, '')
    expect(bare(readFileSync(parserFile, 'utf8'))).toBe(bare(buildFormulaParser()))
    expect(parser.nodeSet.types[wordTerm]?.name).toBe('Word')
    expect(parser.nodeSet.types[constantTerm]?.name).toBe('Constant')
    expect([readWord('且'), readWord('and'), readWord('true'), readWord('x')]).toEqual([1, 1, 2, -1])
  })

  test('every operator can be written in each language, by a name or sign that is its own', () => {
    for (const operator of operators.filter((one) => one.name !== 'var')) {
      for (const locale of ['en', 'zh'] as const) {
        const rule = { [operator.name]: [{ var: 'n' }, { var: 'm' }] }
        const text = writeFormula(rule, { locale })!
        expect(text, text).not.toMatch(/^'[a-z]/)
        expect(readFormula(text).rule, text).toEqual(rule)
      }
    }
  })

  test('never throws, and what it reads is written the same again', () => {
    const scraps = fc.constantFrom(
      ...[
        '[Amount]',
        '"x"',
        '(',
        ')',
        ',',
        '，',
        'IF',
        'ROUND',
        '+',
        '-',
        '%',
        '3',
        '.',
        '{',
        '}',
        ':',
        '"',
        '[',
        ']',
      ],
      ...['AND', '且', 'EMPTY', '=', '<', '??', ' ', '\n', "'", '😀', '\u0000', 'amount', 'l', '=!'],
    )
    fc.assert(
      fc.property(fc.array(scraps, { maxLength: 24 }), (parts) => {
        const found = readFormula(parts.join(''))
        if (!found.ok) return
        const text = writeFormula(found.rule)!
        expect(readFormula(text).rule).toEqual(found.rule)
        expect(writeFormula(readFormula(text).rule)).toBe(text)
      }),
      { numRuns: 1_000 },
    )
  })

  test('any JSON of the size of rules comes back as it was, but for lone operands and numbers past 15 digits', () => {
    const key = fc.oneof(
      fc.constantFrom('var', 'if', '+', 'and', '!', 'dec', 'round', 'in', 'a b', '"'),
      fc.string(),
    )
    const json = fc.letrec<{ value: Json }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom<Json>(null, true, 0, -1, 0.03, 1e-7, 1e21, '2026-01-31', 'a"b', '', {
          var: 'amount',
        }),
        fc.string(),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(key, tie('value'), { maxKeys: 2 }),
        fc.tuple(key, fc.array(tie('value'), { maxLength: 3 })).map(([k, v]): Json => ({ [k]: v })),
      ),
    })).value
    fc.assert(
      fc.property(json, (rule) => {
        const text = writeFormula(rule)
        if (text === null) return
        const found = readFormula(text)
        expect(found.diagnostics).toEqual([])
        expect(wrapped(found.rule)).toEqual(wrapped(rule))
      }),
      { numRuns: 1_000 },
    )
  })
})

/** Every object of one entry with its operand in an array. */
function wrapped(json: Json): Json {
  if (Array.isArray(json)) return json.map(wrapped)
  if (json === null || typeof json !== 'object') return json
  const entries = Object.entries(json)
  return Object.fromEntries(
    entries.map(([key, value]) => [
      key,
      wrapped(entries.length === 1 && !Array.isArray(value) ? [value] : value),
    ]),
  )
}
