import { createHash } from 'node:crypto'
import { buildRelease } from '@channelwright/runtime/definition/build-release.ts'
import { canonicalText } from '@channelwright/runtime/definition/canonical.ts'
import { readDefinition } from '@channelwright/runtime/definition/check.ts'
import { editorSchema } from '@channelwright/runtime/definition/editor-schema.ts'
import { definitionKinds } from '@channelwright/runtime/definition/index.ts'
import { migrateDefinition } from '@channelwright/runtime/definition/migrate.ts'
import { sha256 } from '@channelwright/runtime/definition/sha256.ts'
import { checkShape } from '@channelwright/runtime/definition/shape.ts'
import { createValidator } from '@channelwright/runtime/fields/validator.ts'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import { cardTypes } from '@channelwright/runtime/views/home/cards/index.ts'
import { viewTypes } from '@channelwright/runtime/views/index.ts'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { change, deals, edit, form, type Loose, packs, registration, sources } from './definition-edits.ts'
import { mistakes } from './definition-mistakes.ts'

describe('definitions', () => {
  test('the packs of the product are sound', () => {
    const { release, diagnostics } = buildRelease(packs.sources)
    expect(diagnostics.filter((found) => found.severity === 'error')).toEqual([])
    expect(packs.diagnostics).toEqual([])
    expect(release?.party).toBe('partner')
    expect([...release!.roles.keys()]).toEqual([
      'board_member',
      'business_admin',
      'channel_manager',
      'direct_sales',
      'director',
      'finance',
      'office_staff',
      'partner_admin',
      'partner_sales',
    ])
    expect(release?.roles.get('partner_sales')).toMatchObject({ for: 'partner', title: { zh: '伙伴销售' } })
  })

  test.each(mistakes)('$what is told as $code, at its place', ({ sources, code, path }) => {
    const { release, diagnostics } = buildRelease(sources)
    const told = diagnostics.find((found) => found.code === code && found.path === path)
    expect(
      told,
      JSON.stringify(diagnostics.slice(0, 5).map((d) => [d.code, d.path, d.message.en])),
    ).toBeDefined()
    expect(told?.message.zh).toMatch(/[\u4e00-\u9fff]/)
    expect(told?.hint.zh).toMatch(/[\u4e00-\u9fff]/)
    for (const found of diagnostics)
      expect(found.message.en + found.hint.en).not.toMatch(/\{(?!yyyy|yy|mm|dd|0)\w+\}|undefined|\[object/)
    if (told?.severity === 'error') expect(release).toBeNull()
    expect(diagnostics.length).toBeLessThan(60)
  })

  test('a mistake in JSON comes with its line and column, and hides nothing else', () => {
    const sources = change(deals, registration, (text) =>
      text.replace('"display": "number",', '"display": "number"'),
    ).map((source) =>
      source.path === form ? { ...source, text: source.text.replace('"amount"\n', '"amout"\n') } : source,
    )
    const { diagnostics } = buildRelease(sources)
    const line =
      packs.sources
        .find((s) => s.path === registration)!
        .text.split('\n')
        .findIndex((l) => l.includes('"display"')) + 2
    expect(diagnostics.find((found) => found.code === 'JSON_SYNTAX')).toMatchObject({
      file: `${deals}/${registration}`,
      line,
      column: 3,
      kind: 'object',
      key: 'registration',
    })
    // The object cannot be read: what leans on it is not called dangling.
    expect(diagnostics.filter((found) => found.code.startsWith('DANGLING'))).toEqual([])
  })

  test('a near miss is offered as an edit', () => {
    const { diagnostics } = buildRelease(
      edit(deals, registration, (d) => {
        d.display = 'nummber'
      }),
    )
    expect(diagnostics.find((found) => found.code === 'DANGLING_FIELD')).toMatchObject({
      fix: { path: '/display', value: 'number' },
      hint: { en: expect.stringContaining('number') },
    })
  })

  test('lines and columns point at the value that is wrong', () => {
    const sources = edit(deals, registration, (d) => {
      d.display = 'nummber'
    })
    const text = sources.find((source) => source.path === registration)!.text
    const found = buildRelease(sources).diagnostics.find((each) => each.code === 'DANGLING_FIELD')!
    expect(text.split('\n')[found.line! - 1]!.slice(found.column! - 1)).toMatch(/^"nummber"/)
  })

  test('no JSON whatever makes the check throw', () => {
    const any = fc.jsonValue({ maxDepth: 4 })
    const paths = definitionKinds.map((kind) =>
      kind.folder === null ? 'pack.json' : `${kind.folder}/x.json`,
    )
    fc.assert(
      fc.property(
        fc.constantFrom(...definitionKinds),
        fc.constantFrom(...paths),
        any,
        any,
        (kind, path, extra, other) => {
          const head = {
            kind: `${kind.name}/${kind.format}`,
            key: 'x',
            'x-id': 'x',
            title: { en: 'x', zh: 'x' },
            object: 'partner',
            schema: extra,
            steps: other,
            ...(typeof extra === 'object' ? extra : {}),
          }
          expectNoFault(buildRelease([...sources, { pack: deals, path, text: JSON.stringify(head) }]))
        },
      ),
      { numRuns: 60 },
    )
  })

  test('any single value of a sound definition may be broken: the check answers, and agrees with ajv on the shape', () => {
    const ajv = createValidator()
    const validators = new Map(
      definitionKinds.map((kind) => [
        kind.name as string,
        ajv.compile(JSON.parse(JSON.stringify(kind.schema))),
      ]),
    )
    const strange = fc.constantFrom<unknown>(
      null,
      1,
      -1.5,
      '',
      'x',
      'ABC',
      [],
      {},
      [1],
      { a: 1 },
      true,
      '9'.repeat(50),
    )
    fc.assert(
      fc.property(fc.nat(sources.length - 1), fc.nat(), strange, (which, at, value) => {
        const source = sources[which]!
        const definition = JSON.parse(source.text) as JsonObject
        const places = placesOf(definition)
        const [holder, name] = places[at % places.length]!
        ;(holder as Record<string, unknown>)[name] = value
        const read = readDefinition({ ...source, text: JSON.stringify(definition) })
        if (read.kind === null || typeof definition.kind !== 'string' || !/^[a-z]+\/1$/.test(definition.kind))
          return
        const kind = definitionKinds.find((each) => each.name === read.kind)!
        const agrees = validators.get(kind.name)!(definition)
        expect(checkShape(kind.schema, definition).length === 0).toBe(agrees)
        expectNoFault(
          buildRelease(
            sources.map((each) => (each === source ? { ...source, text: JSON.stringify(definition) } : each)),
          ),
        )
      }),
      { numRuns: 150 },
    )
  }, 60_000)
})

/** No check met something it had not reckoned with. */
function expectNoFault({ diagnostics }: ReturnType<typeof buildRelease>): void {
  expect(diagnostics.filter((found) => found.code === 'DEFINITION_CHECK_FAILED')).toEqual([])
}

/** Every member of the value and its values, as holder and name. */
function placesOf(value: unknown): [object, string][] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, each]): [object, string][] => [
    [value, name],
    ...placesOf(each),
  ])
}

describe('migrations', () => {
  const old = {
    kind: 'object/0',
    key: 'brand',
    'x-id': 'o_brand',
    title: { en: 'Brand', zh: '品牌' },
    display: 'name',
    fields: [
      {
        key: 'name',
        'x-id': 'f_name',
        type: 'text',
        title: { en: 'Name', zh: '名称' },
        required: true,
        settings: { maxLength: 80 },
      },
      {
        key: 'class',
        'x-id': 'f_class',
        type: 'choice',
        title: { en: 'Class', zh: '等级' },
        choices: [{ value: 'a', title: { en: 'A', zh: '甲' } }],
      },
      {
        key: 'budget',
        'x-id': 'f_budget',
        type: 'money',
        title: { en: 'Budget', zh: '预算' },
        settings: { 'x-currency': 'CNY', 'x-scale': 2 },
      },
    ],
  }

  test('an object of the first drafts is brought to today and published', () => {
    const sources = [...packs.sources, { pack: deals, path: 'objects/brand.json', text: JSON.stringify(old) }]
    const { release, diagnostics } = buildRelease(sources)
    expect(diagnostics.filter((found) => found.severity === 'error')).toEqual([])
    const brand = release?.objects.get('brand')
    expect(brand?.kind).toBe('object/1')
    expect(brand?.schema.required).toEqual(['name'])
    expect(brand?.schema.properties.class).toMatchObject({
      'x-field': 'choice',
      oneOf: [{ const: 'a', title: 'A', 'x-title': { zh: '甲' } }],
    })
    expect(brand?.schema.properties.budget).toMatchObject({
      type: 'string',
      format: 'decimal',
      'x-field': 'money',
    })
  })

  test.each(definitionKinds.map((kind) => [kind.name, kind] as const))(
    'steps of %s are numbered without gaps up to its format',
    (_name, kind) => {
      const steps = kind.migrations.map((migration) => migration.to)
      expect(steps).toEqual(steps.map((_, at) => kind.format - steps.length + 1 + at))
    },
  )

  test('every step runs once, in order, on a copy', () => {
    const kind = definitionKinds.find((each) => each.name === 'object')!
    const calls: number[] = []
    const traced = {
      ...kind,
      format: 3,
      migrations: [3, 1, 2].map((to) => ({
        to,
        describe: { en: '', zh: '' },
        migrate: (d: JsonObject) => {
          calls.push(to)
          d.seen = to
          return d
        },
      })),
    }
    const given = { kind: 'object/0', key: 'x' }
    expect(migrateDefinition(traced as never, given, 0)).toEqual({ kind: 'object/3', key: 'x', seen: 3 })
    expect(calls).toEqual([1, 2, 3])
    expect(given).toEqual({ kind: 'object/0', key: 'x' })
    expect(() => migrateDefinition({ ...kind, format: 5 } as never, given, 0)).toThrow(
      'no migration to format 2',
    )
  })
})

describe('canonical text', () => {
  test('is the same text again, byte for byte, and names the same content', () => {
    for (const { text } of packs.sources) {
      const canonical = canonicalText(JSON.parse(text))
      expect(canonicalText(JSON.parse(canonical))).toBe(canonical)
      expect(JSON.parse(canonical)).toEqual(JSON.parse(text))
      expect(sha256(canonical)).toBe(createHash('sha256').update(canonical).digest('hex'))
    }
    expect(canonicalText({ title: 'b', zz: 1, key: 'k', aa: 2, kind: 'x/1' })).toBe(
      '{\n  "kind": "x/1",\n  "key": "k",\n  "title": "b",\n  "zz": 1,\n  "aa": 2\n}\n',
    )
  })

  test('hashes like every other SHA-256', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
        expect(sha256(text)).toBe(createHash('sha256').update(text).digest('hex'))
      }),
    )
  })
})

test('kinds, view types and cards carry words in both languages', () => {
  for (const each of [...definitionKinds, ...viewTypes, ...cardTypes]) {
    expect(each.title.en).toMatch(/\S/)
    expect(each.title.zh).toMatch(/[\u4e00-\u9fff]/)
  }
})

describe('schemas for editors', () => {
  test.each(definitionKinds.map((kind) => [kind.name, kind] as const))(
    'the schema of %s takes the packs and knows their settings',
    (name, kind) => {
      const schema = editorSchema(kind)
      const ajv = createValidator()
      expect(ajv.validateSchema(schema)).toBe(true)
      const check = ajv.compile(schema)
      const own = packs.sources
        .map((source) => JSON.parse(source.text))
        .filter((definition) => definition.kind === `${name}/1`)
      for (const definition of own) {
        expect(check(definition), JSON.stringify(check.errors?.slice(0, 3))).toBe(true)
        expect(check({ ...definition, strange: 1 })).toBe(false)
      }
    },
  )

  test('a misspelt setting of a field, a view, a card or a node is seen by the editor', () => {
    const seen = (path: string, change_: (d: Loose) => void) => {
      const source = packs.sources.find((each) => each.path === path)!
      const definition = JSON.parse(source.text)
      change_(definition)
      const kind = definitionKinds.find((each) => definition.kind === `${each.name}/1`)!
      const ajv = createValidator()
      return !ajv.compile(editorSchema(kind))(definition)
    }
    expect(
      seen(registration, (d) => {
        d.schema.properties.amount['x-currancy'] = 'CNY'
      }),
    ).toBe(true)
    expect(
      seen('views/registrations.json', (d) => {
        d.colums = []
      }),
    ).toBe(true)
    expect(
      seen('views/partner_home.json', (d) => {
        d.cards[1].withn = 3
      }),
    ).toBe(true)
    expect(
      seen('flows/registration_approval.json', (d) => {
        d.nodes[1].aprovers = []
      }),
    ).toBe(true)
    expect(seen('flows/registration_approval.json', () => {})).toBe(false)
  })
})
