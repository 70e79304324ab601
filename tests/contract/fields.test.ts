import { readFileSync } from 'node:fs'
import { readDefinitionSet } from '@channelwright/runtime/definition/build-release.ts'
import { checkField } from '@channelwright/runtime/definition/check-field.ts'
import type { DefinitionSet } from '@channelwright/runtime/definition/definition-set.ts'
import type { FieldDefinition, ObjectDefinition } from '@channelwright/runtime/definition/object.ts'
import { formScope } from '@channelwright/runtime/definition/scopes.ts'
import { fieldTypes } from '@channelwright/runtime/fields/index.ts'
import { normalizeRecord } from '@channelwright/runtime/fields/record-schema.ts'
import { compileCheck, createValidator } from '@channelwright/runtime/fields/validator.ts'
import type { Json } from '@channelwright/runtime/json.ts'
import { checkRule } from '@channelwright/runtime/logic/check.ts'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestDatabase, type TestDatabase } from '../support/database.ts'

/** What `fields/<type>/cases.json` says of a field: values it takes, refuses, keeps and shows. */
interface FieldCase {
  field: FieldDefinition
  accepted: Json[]
  refused: { value: Json; code: string }[]
  /** In which form a value is kept; values not listed are kept as they are. */
  stored?: { value: Json; kept: Json }[]
  shown?: { value: Json; en: string; zh: string; titles?: Record<string, string>; timeZone?: string }[]
}

const partner = {
  kind: 'object/1',
  key: 'partner',
  'x-id': 'o_partner',
  title: { en: 'Partner', zh: '伙伴' },
  display: 'name',
  schema: { type: 'object', additionalProperties: false, properties: {} },
} as ObjectDefinition

/** A set that holds one object with the field of the case under `case`. */
function setOf(field: FieldDefinition): DefinitionSet {
  const thing = {
    ...partner,
    key: 'thing',
    schema: { ...partner.schema, properties: { case: field } },
  } as ObjectDefinition
  return {
    ...readDefinitionSet([]),
    objects: new Map([
      ['partner', partner],
      ['thing', thing],
    ]),
  }
}

const casesOf = (type: string): FieldCase[] =>
  JSON.parse(readFileSync(new URL(`../../runtime/src/fields/${type}/cases.json`, import.meta.url), 'utf8'))
    .cases

const ajv = createValidator()

let database: TestDatabase
let client: pg.Client
beforeAll(async () => {
  database = await openTestDatabase()
  client = new pg.Client({ connectionString: database.url })
  await client.connect()
})
afterAll(async () => {
  await client.end()
  await database.close()
})

describe.each(fieldTypes.map((type) => [type.name, type] as const))('field type %s', (name, type) => {
  const cases = casesOf(name)

  test('says what it is in both languages', () => {
    expect(type.title.en).toMatch(/\S/)
    expect(type.title.zh).toMatch(/[\u4e00-\u9fff]/)
    expect(type.icon).toMatch(/^[a-z0-9-]+$/)
  })

  test('accepts and refuses values as its cases say, and tells why', () => {
    for (const { field, accepted, refused } of cases) {
      const check = compileCheck(ajv, type.validation(field))
      for (const value of accepted) expect({ value, found: check(value) }).toEqual({ value, found: [] })
      for (const { value, code } of refused) {
        const found = check(value)
        expect({ value, codes: found.map((detail) => detail.code) }).toEqual({
          value,
          codes: expect.arrayContaining([code]),
        })
        for (const detail of found) expect(detail.message.zh).toMatch(/[\u4e00-\u9fff]/)
      }
    }
  })

  test('takes the settings of its cases and refuses one that it does not know', () => {
    for (const { field } of cases) {
      expect(checkField(field, '/case', setOf(field))).toEqual([])
      const strange = checkField({ ...field, 'x-strange': 1 }, '/case', setOf(field))
      expect(strange.map((found) => [found.code, found.path])).toEqual([
        ['DEFINITION_UNKNOWN_SETTING', '/case/x-strange'],
      ])
    }
  })

  test('a fresh field from the designer is sound once it has its names and its target', () => {
    const fresh: FieldDefinition = {
      ...type.base,
      'x-field': name,
      'x-id': 'f_new',
      title: 'New',
      'x-title': { zh: '新' },
      ...(name === 'reference' ? { 'x-object': 'partner' } : {}),
      ...(name === 'lines'
        ? {
            'x-lines': {
              properties: {
                note: {
                  type: 'string',
                  'x-field': 'text',
                  'x-id': 'f_note',
                  title: 'Note',
                  'x-title': { zh: '备注' },
                },
              },
            },
          }
        : {}),
    }
    expect(checkField(fresh, '', setOf(fresh))).toEqual([])
  })

  test('comes back from Postgres as it went in', async () => {
    for (const { field, accepted, stored = [] } of cases) {
      const object = setOf(field).objects.get('thing')!
      const keep = (value: Json) => normalizeRecord(object, { case: value }).case
      for (const { value, kept } of stored) expect(keep(value)).toEqual(kept)
      const column = type.column(field)
      if (!column) continue
      const values = [...accepted, ...stored.map((one) => one.value), null].map(
        (value) => keep(value) as Json,
      )
      await client.query('DROP TABLE IF EXISTS field_case')
      await client.query(`CREATE TABLE field_case (at integer, value ${column.sql})`)
      for (const [at, value] of values.entries()) {
        await client.query('INSERT INTO field_case VALUES ($1, $2)', [
          at,
          value === null ? null : type.toColumn(value, field),
        ])
      }
      const { rows } = await client.query<{ value: unknown }>('SELECT value FROM field_case ORDER BY at')
      expect(rows.map((row) => type.fromColumn(row.value, field))).toEqual(values)
      const { rows: types } = await client.query<{ sql: string }>(
        "SELECT format_type(atttypid, atttypmod) AS sql FROM pg_attribute WHERE attrelid = 'field_case'::regclass AND attname = 'value'",
      )
      expect(types[0]?.sql).toBe(column.sql)
    }
  })

  test('shows values as people of either language read them', () => {
    for (const { field, shown = [] } of cases) {
      for (const { value, en, zh, titles, timeZone } of shown) {
        expect(type.format(value, field, 'en', titles, timeZone)).toBe(en)
        expect(type.format(value, field, 'zh', titles, timeZone)).toBe(zh)
      }
    }
    expect(type.format(null, cases[0]!.field, 'en')).toBe(name === 'lines' ? '0 lines' : '')
  })

  test('offers only filters that its type of rule can be compiled with', () => {
    const { field, accepted } = cases[0]!
    const set = setOf(field)
    const given = accepted.at(-1) as Json
    // Exact numbers stand in rules as `dec`.
    const value: Json = field.format === 'decimal' ? { dec: given } : given
    const path = { var: 'case' }
    for (const operator of type.filters) {
      const rule = filterRule(operator, path, value)
      // The field may be empty: asking first keeps the comparison plain, so that an index serves it.
      const guarded: Json = { and: [{ exists: [path] }, rule] }
      const { diagnostics } = checkRule(guarded, formScope(set, 'thing'), { level: 'C' })
      const wrong = diagnostics.filter((found) => found.severity === 'error')
      expect({ operator, wrong }).toEqual({ operator, wrong: [] })
    }
  })

  test('has a face in both languages that names the field', () => {
    for (const { field } of cases) {
      expect(type.face(field, 'en').schema.title).toBe('Case')
      expect(type.face(field, 'zh').schema.title).toBe('用例')
    }
  })
})

function filterRule(operator: string, path: Json, value: Json): Json {
  switch (operator) {
    case 'in':
      return { in: [path, [value]] }
    case 'contains':
      return Array.isArray(value) ? { in: [value[0]!, path] } : { contains: [path, 'a'] }
    case 'startsWith':
      return { startsWith: [path, 'a'] }
    case 'exists':
    case 'empty':
      return { [operator]: [path] }
    case 'between':
      return { between: [path, value, value] }
    default:
      return { [operator]: [path, value] }
  }
}

test('field types stand in the list by name, each once', () => {
  const names = fieldTypes.map((type) => type.name)
  expect(names).toEqual([...new Set(names)].sort())
})
