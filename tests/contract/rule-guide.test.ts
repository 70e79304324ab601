import { readFileSync } from 'node:fs'
import { readFormula, writeFormula } from '@channelwright/runtime/logic/formula/index.ts'
import { operators } from '@channelwright/runtime/logic/operators/index.ts'
import { describe, expect, test } from 'vitest'
import { buildRulesPage, pairsOfPage, rulesPage } from '../support/write-operator-reference.ts'

describe('the guide for rule writers', () => {
  const page = readFileSync(rulesPage, 'utf8')

  test('tells every operator as the list has it; write it anew with tests/support/write-operator-reference.ts', () => {
    expect(page).toBe(buildRulesPage())
    for (const { name } of operators) expect(page).toContain(`\`${name.replaceAll('|', '\\|')}\``)
  })

  test('shows formulas and JSON that are each other', () => {
    const pairs = pairsOfPage(page)
    expect(pairs.length).toBeGreaterThan(3)
    for (const { formula, json } of pairs) {
      expect(readFormula(formula).rule).toEqual(JSON.parse(json))
      expect(readFormula(writeFormula(JSON.parse(json), { names: 'keys' })!).rule).toEqual(JSON.parse(json))
    }
  })
})
