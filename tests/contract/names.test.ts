import { nameFunctions } from '@channelwright/runtime/logic/names/functions-sql.ts'
import {
  companyLists,
  normaliseCompanyName,
} from '@channelwright/runtime/logic/operators/shared/company-name.ts'
import { similarityOf } from '@channelwright/runtime/logic/operators/similarity.ts'
import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { nameFunctionsFile, readNameFunctionsFile } from '../support/write-name-functions.ts'

// Names are compared in the browser, on the server and in Postgres: the same keys, the same similarity.

let client: pg.Client
beforeAll(async () => {
  client = new pg.Client({ connectionString: inject('postgres').url })
  await client.connect()
  await client.query(nameFunctions('pg_temp'))
})
afterAll(() => client.end())

test('every workspace holds the functions that the runtime writes', () => {
  expect(readNameFunctionsFile()).toBe(nameFunctionsFile())
})

const parts = [
  ...companyLists.hanForms,
  ...companyLists.hanPlaces.slice(0, 30),
  ...companyLists.latinForms,
  ...companyLists.places.slice(0, 20),
  ...[
    '(',
    ')',
    '\uff08',
    '\uff09',
    '【',
    '】',
    '[',
    '.',
    '&',
    ', ',
    ' ',
    '市',
    '区',
    '朝阳区',
    '华',
    '為',
    '臺',
  ],
  ...['星晨', 'A', 'é', 'ß', 'İ', '有限', '公', '1', '😀', 'ﬁ', '①', '㈱', 'Acme', ''],
]
const names = fc.sample(
  fc
    .tuple(fc.array(fc.constantFrom(...parts), { minLength: 1, maxLength: 7 }), fc.constantFrom('', ' '))
    .map(([words, space]) => words.join(space)),
  { numRuns: 300, seed: 20261122 },
)

test('keys of companies are those of the evaluator', async () => {
  const { rows } = await client.query<{ key: string }>(
    'SELECT pg_temp.cw_company_key(x) AS key FROM unnest($1::text[]) WITH ORDINALITY u(x, n) ORDER BY n',
    [names],
  )
  expect(rows.map(({ key }) => key)).toEqual(names.map(normaliseCompanyName))
})

test('a key of a key is the key itself for names that people have', () => {
  for (const name of ['深圳市華為技術有限公司', 'Acme Trading Co., Ltd.', '晨星科技（上海）有限公司'])
    expect(normaliseCompanyName(normaliseCompanyName(name))).toBe(normaliseCompanyName(name))
})

test('similarity is that of the evaluator, and the same from either side', async () => {
  const others = names.map((_, i) => names[(i * 7 + 3) % names.length]!)
  const { rows } = await client.query<{ a: string; b: string }>(
    `SELECT pg_temp.cw_similarity(a, b)::text AS a, pg_temp.cw_similarity(b, a)::text AS b
     FROM unnest($1::text[], $2::text[]) WITH ORDINALITY u(a, b, n) ORDER BY n`,
    [names, others],
  )
  for (const [i, row] of rows.entries()) {
    const wanted = (similarityOf(names[i]!, others[i]!) / 10_000).toFixed(4)
    expect([row.a, row.b]).toEqual([wanted, wanted])
  }
})
