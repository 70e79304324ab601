import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { evalLine } from '@channelwright/runtime/logic/eval-line.ts'
import { nameFunctions } from '@channelwright/runtime/logic/names/functions-sql.ts'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { SqlEvaluator } from '../../server/src/cli/rule-sql.ts'
import { runShell } from '../support/run-cw.ts'
import { caseDefaults, operatorFiles, readOperatorCases } from './operator-cases.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cw-rule-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('lines answered by Postgres', () => {
  let client: pg.Client
  beforeAll(async () => {
    client = new pg.Client({ connectionString: inject('postgres').url })
    await client.connect()
    await client.query("SET TimeZone = 'UTC'")
  })
  afterAll(() => client.end())

  test('are those of the evaluator, for every case of every operator that SQL has', async () => {
    const lines = operatorFiles().flatMap((file) =>
      (readOperatorCases(file)?.cases ?? []).map(([rule, data]) =>
        JSON.stringify({ rule, data: { ...caseDefaults, ...data } }),
      ),
    )
    await client.query(nameFunctions('pg_temp'))
    const answers = await new SqlEvaluator(client, 'en', 'pg_temp').answer(lines)
    // Lists that only the evaluator computes are refused by name; all else is answered.
    const outside = /"code":"T9"/
    const differing = lines.flatMap((line, i) => {
      const [ours, theirs] = [evalLine(line), answers[i]!]
      return isDeepStrictEqual(JSON.parse(ours), JSON.parse(theirs)) || outside.test(theirs)
        ? []
        : [`${line} → ${ours}, not ${theirs}`]
    })
    expect(differing).toEqual([])
    const absent = ['all', 'none', 'some'].map((name) =>
      JSON.stringify({ rule: { [name]: [{ var: 'x' }, { '==': [{ var: '' }, 1] }] }, data: {} }),
    )
    expect(await new SqlEvaluator(client, 'en').answer(absent)).toEqual(absent.map((line) => evalLine(line)))
    expect(answers.filter((answer) => !outside.test(answer)).length).toBeGreaterThan(400)
  })

  test('keep their order and their own errors, whatever stands between them', async () => {
    const rule = { '/': [{ var: 'a' }, { var: 'b' }] }
    const schema = {
      type: 'object',
      properties: { a: { type: 'integer' }, b: { type: 'integer' } },
      required: ['a', 'b'],
    }
    const lines = [
      { rule, data: { a: 1, b: 4 }, schema },
      '{',
      { rule, data: { a: 1, b: 0 }, schema },
      { rule: { cat: ["'; DROP TABLE x; --", { var: 's' }] }, data: { s: '$1 \\ "' } },
      { rule, data: { a: 'x', b: 1 }, schema },
      { rule, data: { a: 3, b: 4 }, schema },
    ].map((line) => (typeof line === 'string' ? line : JSON.stringify(line)))
    const answers = (await new SqlEvaluator(client, 'zh').answer(lines)).map(
      (text) => JSON.parse(text) as object,
    )
    expect(answers).toMatchObject([
      { result: '0.2500000000' },
      { error: { code: 'E_LINE' } },
      { error: { code: 'E_DIVISION', message: '除数为零。' } },
      { result: '\'; DROP TABLE x; --$1 \\ "' },
      { error: { code: 'E_INPUT' } },
      { result: '0.7500000000' },
    ])
  })
})

describe('cw rule', () => {
  const run = (line: string) => runShell(line, { folder, databaseUrl: null })

  test('checks lines, and ends with 1 when one is not sound', async () => {
    writeFileSync(
      join(folder, 'rules'),
      [
        { rule: { '>': [{ var: 'n' }, 1] }, data: { n: 2 } },
        { rule: { and: [{ '>': [{ var: 'n' }, 1] }, { '<': [{ var: 'n' }, 1] }] }, data: { n: 2 } },
        { rule: { '+': [{ var: 'n' }, 'x'] }, data: { n: 2 } },
      ]
        .map((line) => JSON.stringify(line))
        .join('\n'),
    )
    const { code, out } = await run('npm run cw -- rule check < rules')
    const answers = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object)
    expect(answers).toMatchObject([
      { ok: true, type: 'true or false', reads: ['n'], diagnostics: [] },
      { ok: true, diagnostics: [{ code: 'T8_CONTRADICTION', severity: 'warning' }] },
      { ok: false, diagnostics: [{ code: 'T2', path: '/+/1' }] },
    ])
    expect(code).toBe(1)
  })

  test('turns formulas into JSON and back, and points at what it cannot read', async () => {
    writeFileSync(
      join(folder, 'schema.json'),
      JSON.stringify({
        type: 'object',
        properties: { amount: { type: 'number', title: 'Amount', 'x-title': { zh: '金额' } } },
      }),
    )
    const json = { if: [{ '>=': [{ var: 'amount' }, 100000] }, { '*': [{ var: 'amount' }, 0.03] }, 0] }
    const back = await run(
      `npm run cw -- rule format --schema schema.json 'IF([Amount] >= 100000, [Amount] * 3%, 0)'`,
    )
    expect([back.code, JSON.parse(back.out)]).toEqual([0, json])
    const there = await run(
      `echo '${JSON.stringify(json)}' | npm run cw -- rule format --schema schema.json --locale zh`,
    )
    expect([there.code, there.out]).toEqual([0, '如果([金额] >= 100000, [金额] * 3%, 0)\n'])
    const wrong = await run(`npm run cw -- rule format --schema schema.json '[Amuont] > 1'`)
    expect([wrong.code, wrong.out]).toEqual([1, ''])
    expect(wrong.err).toBe('1:1 FORMULA_FIELD: There is no field "Amuont" here. Did you mean [Amount]?\n')
  })

  test('imports rules from elsewhere, telling what was rewritten and refused', async () => {
    writeFileSync(
      join(folder, 'foreign'),
      [
        { rule: { '==': [{ var: 'n' }, '5'] }, data: { n: 5 } },
        { rule: { '<': [{ var: 's' }, 'm'] }, data: { s: 'x' } },
      ]
        .map((line) => JSON.stringify(line))
        .join('\n'),
    )
    const { code, out } = await run('npm run cw -- rule import < foreign')
    expect(
      out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as object),
    ).toMatchObject([
      { verdict: 'rewritten', rule: { '==': [{ var: 'n' }, 5] }, differences: [] },
      { verdict: 'refused', refusals: [{ code: 'IMPORT_ORDER' }] },
    ])
    expect(code).toBe(1)
  })
})
