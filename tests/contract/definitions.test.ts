import { createHash } from 'node:crypto'
import { buildRelease } from '@channelwright/runtime/definition/build-release.ts'
import { canonicalText } from '@channelwright/runtime/definition/canonical.ts'
import { readDefinition } from '@channelwright/runtime/definition/check.ts'
import type { DefinitionSource } from '@channelwright/runtime/definition/definition-set.ts'
import { editorSchema } from '@channelwright/runtime/definition/editor-schema.ts'
import { definitionKinds } from '@channelwright/runtime/definition/index.ts'
import { migrateDefinition } from '@channelwright/runtime/definition/migrate.ts'
import { sha256 } from '@channelwright/runtime/definition/sha256.ts'
import { checkShape } from '@channelwright/runtime/definition/shape.ts'
import { createValidator } from '@channelwright/runtime/fields/validator.ts'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import { cardTypes } from '@channelwright/runtime/views/home/cards/index.ts'
import { viewTypes } from '@channelwright/runtime/views/index.ts'
import { readPacks } from '@channelwright/server/packs/read-pack.ts'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

const packs = await readPacks([new URL('../../templates', import.meta.url).pathname])

/** The text of `path` of a pack, changed as text. */
function change(pack: string, path: string, edit: (text: string) => string): DefinitionSource[] {
  return packs.sources.map((source) =>
    source.pack === pack && source.path === path ? { ...source, text: edit(source.text) } : source,
  )
}

/** The same, changed as JSON. */
function edit(pack: string, path: string, change_: (definition: Loose) => void): DefinitionSource[] {
  return change(pack, path, (text) => {
    const definition = JSON.parse(text)
    change_(definition)
    return JSON.stringify(definition, null, 2)
  })
}
// Definitions under test are broken on purpose: no type of ours describes them.
// biome-ignore lint/suspicious/noExplicitAny: see above
type Loose = any

const deals = 'deal_registration'
const registration = 'objects/registration.json'
const form = 'forms/registration_new.json'

interface Mistake {
  what: string
  sources: DefinitionSource[]
  code: string
  path: string
}

const object = (what: string, code: string, path: string, change_: (d: Loose) => void): Mistake => ({
  what,
  code,
  path,
  sources: edit(deals, registration, change_),
})
const inFile =
  (file: string) =>
  (what: string, code: string, path: string, change_: (d: Loose) => void): Mistake => ({
    what,
    code,
    path,
    sources: edit(deals, file, change_),
  })
const onForm = inFile(form)
const property = (key: string) => `/schema/properties/${key}`

const mistakes: Mistake[] = [
  object('an unknown kind', 'DEFINITION_KIND_UNKNOWN', '/kind', (d) => {
    d.kind = 'objekt/1'
  }),
  object('a format newer than the program', 'DEFINITION_FORMAT_TOO_NEW', '/kind', (d) => {
    d.kind = 'object/9'
  }),
  object('a kind in the wrong folder', 'DEFINITION_MISPLACED', '/kind', (d) => {
    for (const key of Object.keys(d)) delete d[key]
    Object.assign(d, {
      kind: 'grant/1',
      key: 'lost',
      'x-id': 'g_lost',
      title: { en: 'L', zh: '失' },
      role: 'finance',
    })
  }),
  object('a missing setting', 'DEFINITION_MISSING', '', (d) => {
    delete d.display
  }),
  object('an unknown setting', 'DEFINITION_UNKNOWN_SETTING', '/displya', (d) => {
    d.displya = 'number'
  }),
  object('a key that is no key', 'DEFINITION_BAD_SETTING', '/key', (d) => {
    d.key = 'Registration!'
  }),
  object('an unknown field type', 'FIELD_TYPE_UNKNOWN', `${property('amount')}/x-field`, (d) => {
    d.schema.properties.amount['x-field'] = 'mony'
  }),
  object('a bad setting of a field', 'DEFINITION_BAD_SETTING', `${property('amount')}/x-scale`, (d) => {
    d.schema.properties.amount['x-scale'] = 'two'
  }),
  object(
    'an unknown setting of a field',
    'DEFINITION_UNKNOWN_SETTING',
    `${property('amount')}/x-currancy`,
    (d) => {
      d.schema.properties.amount['x-currancy'] = 'CNY'
    },
  ),
  object('limits that admit nothing', 'FIELD_LIMITS', `${property('amount')}/formatMinimum`, (d) => {
    d.schema.properties.amount.formatMaximum = '0'
  }),
  object('a default that is no value', 'FIELD_DEFAULT', `${property('amount')}/default`, (d) => {
    d.schema.properties.amount.default = '-5'
  }),
  object('a pattern beyond linear time', 'FIELD_PATTERN_BAD', `${property('customer_uscc')}/pattern`, (d) => {
    d.schema.properties.customer_uscc.pattern = '^(?=a)b$'
  }),
  object('a choice that stands twice', 'CHOICE_REPEATED', `${property('state')}/oneOf/1/const`, (d) => {
    d.schema.properties.state.oneOf[1].const = 'draft'
  }),
  object('a default that is no choice', 'DANGLING_CHOICE', `${property('state')}/default`, (d) => {
    d.schema.properties.state.default = 'drafft'
  }),
  object(
    'a pattern of numbers without a counter',
    'SEQUENCE_PATTERN_BAD',
    `${property('number')}/x-pattern`,
    (d) => {
      d.schema.properties.number['x-pattern'] = 'DR-{yyyy}'
    },
  ),
  object('a reference to no object', 'DANGLING_OBJECT', `${property('partner')}/x-object`, (d) => {
    d.schema.properties.partner['x-object'] = 'partnr'
  }),
  object('a required field that is none', 'REQUIRED_UNKNOWN', '/schema/required/0', (d) => {
    d.schema.required[0] = 'parner'
  }),
  object('a display field that is none', 'DANGLING_FIELD', '/display', (d) => {
    d.display = 'nummer'
  }),
  object('an owner that is no reference', 'WRONG_FIELD_TYPE', '/owner', (d) => {
    d.owner = 'amount'
  }),
  object('a field with a name of the platform', 'KEY_RESERVED', property('created_at'), (d) => {
    d.schema.properties.created_at = { ...d.schema.properties.close_on, 'x-id': 'f_ca' }
  }),
  object('an id used twice', 'DUPLICATE_ID', `${property('partner')}/x-id`, (d) => {
    d.schema.properties.partner['x-id'] = d.schema.properties.number['x-id']
  }),
  object('exclusion without a period', 'EXCLUSIVE_WITHOUT_PERIOD', '/exclusive/0/period', (d) => {
    d.exclusive[0].period = 'close_on'
  }),
  object('exclusion over a field that is none', 'DANGLING_FIELD', '/exclusive/0/fields/0', (d) => {
    d.exclusive[0].fields[0] = 'customer_uscx'
  }),
  object('computed fields in a circle', 'COMPUTED_CYCLE', '/computed/customer_key', (d) => {
    d.computed = {
      customer_key: { cat: [{ '??': [{ var: 'note' }, ''] }] },
      note: { cat: [{ '??': [{ var: 'customer_key' }, ''] }] },
    }
  }),
  object('a number of the platform that is computed', 'COMPUTED_GENERATED', '/computed/number', (d) => {
    d.computed.number = 'x'
  }),
  object('a first state that is none', 'LIFECYCLE_STATE_UNKNOWN', '/lifecycle/initial', (d) => {
    d.lifecycle.initial = 'drafted'
  }),
  object('a move to no state', 'LIFECYCLE_STATE_UNKNOWN', '/lifecycle/moves/0/to', (d) => {
    d.lifecycle.moves[0].to = 'sent'
  }),
  object('a state nobody can reach', 'LIFECYCLE_STATE_UNREACHABLE', `${property('state')}/oneOf/5`, (d) => {
    d.lifecycle.moves = d.lifecycle.moves.filter((m: Loose) => m.to !== 'lost')
  }),
  object('a rule that reads no field', 'T1', '/computed/customer_key/company_key/0', (d) => {
    d.computed.customer_key = { company_key: [{ var: 'custmer_name' }] }
  }),
  object('a rule of the wrong type', 'T4', '/exclusive/1/when/and/0', (d) => {
    d.exclusive[1].when = { and: [{ var: 'amount' }, true] }
  }),
  object('more fields than an object may have', 'TOO_MANY_FIELDS', '/schema/properties', (d) => {
    for (let i = 0; i < 2_000; i++)
      d.schema.properties[`f${i}`] = {
        type: 'boolean',
        'x-field': 'boolean',
        'x-id': `b${i}`,
        title: 'B',
        'x-title': { zh: '布' },
      }
  }),
  object('a second object of organisations', 'PARTY_TWICE', '/party', (d) => {
    d.party = {}
  }),
  onForm('a form over no object', 'DANGLING_OBJECT', '/object', (d) => {
    d.object = 'registrations'
  }),
  onForm('a step with a field that is none', 'DANGLING_FIELD', '/steps/1/sections/0/rows/0/1', (d) => {
    d.steps[1].sections[0].rows[0][1] = 'amont'
  }),
  onForm(
    'a field that stands twice on a form',
    'FIELD_TWICE_ON_FORM',
    '/steps/1/sections/0/rows/1/0',
    (d) => {
      d.steps[1].sections[0].rows[1][0] = 'amount'
    },
  ),
  onForm('settings for a field not on the form', 'FIELD_NOT_ON_FORM', '/fields/approved_on', (d) => {
    d.fields.approved_on = {}
  }),
  onForm('a required field never on its create form', 'REQUIRED_NEVER_ENTERED', '/steps', (d) => {
    d.steps[1].sections[0].rows[0] = ['amount']
  }),
  onForm('a number of the platform set by a form', 'FORM_FIELD_GENERATED', '/submit/set/number', (d) => {
    d.submit.set.number = 'DR-1'
  }),
  onForm('fields that show each other', 'FORM_RULES_CYCLE', '/fields/contact_phone', (d) => {
    d.fields.contact_phone.visible = { exists: [{ var: 'contact_name' }] }
    d.fields.contact_name = { visible: { exists: [{ var: 'contact_phone' }] } }
  }),
  onForm('a rule of a form that is ill typed', 'T3', '/fields/note/required/>=/0', (d) => {
    d.fields.note.required = { '>=': [{ var: 'amount' }, 500000] }
  }),
  onForm('a value set to what is no choice', 'T7', '/submit/set/state', (d) => {
    d.submit.set.state = 'sent'
  }),
  inFile('views/registrations.json')('an unknown view type', 'VIEW_TYPE_UNKNOWN', '/type', (d) => {
    d.type = 'tabel'
  }),
  inFile('views/registrations.json')(
    'a column that is no field',
    'DANGLING_FIELD',
    '/columns/1/field',
    (d) => {
      d.columns[1].field = 'customer'
    },
  ),
  inFile('views/registrations.json')(
    'a bad setting of a view',
    'DEFINITION_UNKNOWN_SETTING',
    '/colums',
    (d) => {
      d.colums = []
    },
  ),
  inFile('views/registrations.json')('a view without its object', 'VIEW_WITHOUT_OBJECT', '', (d) => {
    delete d.object
  }),
  inFile('views/registrations.json')(
    'sorting by what has no order',
    'COLUMN_NOT_SORTABLE',
    '/sort/0/field',
    (d) => {
      d.sort[0].field = 'note'
    },
  ),
  inFile('views/registrations.json')(
    'searching in what is no text',
    'COLUMN_NOT_FILTERABLE',
    '/search/0',
    (d) => {
      d.search[0] = 'amount'
    },
  ),
  inFile('views/registrations.json')('a page of another object', 'WRONG_OBJECT', '/detail', (d) => {
    d.detail = 'contact_detail'
  }),
  inFile('views/registrations.json')('a form that is none', 'DANGLING_FORM', '/create/0', (d) => {
    d.create[0] = 'registration_neu'
  }),
  inFile('views/registrations.json')('a filter beyond SQL', 'T9', '/filter/==/0', (d) => {
    d.filter = { '==': [{ company_key: [{ var: 'customer_name' }] }, 'x'] }
  }),
  inFile('views/partner_home.json')('an unknown home card', 'CARD_TYPE_UNKNOWN', '/cards/0/type', (d) => {
    d.cards[0].type = 'monney'
  }),
  inFile('views/partner_home.json')(
    'a deadline that is no date',
    'WRONG_FIELD_TYPE',
    '/cards/1/date',
    (d) => {
      d.cards[1].date = 'amount'
    },
  ),
  inFile('grants/finance_deals.json')(
    'a grant over no object',
    'DANGLING_OBJECT',
    '/objects/invoice',
    (d) => {
      d.objects.invoice = {}
    },
  ),
  inFile('grants/partner_sales_deals.json')(
    'a grant of a field that is none',
    'DANGLING_FIELD',
    '/objects/registration/update/fields/1',
    (d) => {
      d.objects.registration.update.fields[1] = 'amout'
    },
  ),
  inFile('grants/finance_deals.json')('a grant of a view that is none', 'DANGLING_VIEW', '/views/0', (d) => {
    d.views[0] = 'registratons'
  }),
  inFile('grants/finance_deals.json')('a grant of a form that is none', 'DANGLING_FORM', '/forms/0', (d) => {
    d.forms = ['nothing']
  }),
  inFile('grants/finance_deals.json')(
    'a grant of a flow that is none',
    'DANGLING_FLOW',
    '/flows/approval',
    (d) => {
      d.flows = { approval: ['see'] }
    },
  ),
  inFile('grants/finance_deals.json')(
    'a grant of a plan that is none',
    'DANGLING_PLAN',
    '/plans/bonus',
    (d) => {
      d.plans = { bonus: 'all' }
    },
  ),
  inFile('grants/finance_deals.json')('a role without a title', 'ROLE_UNTITLED', '/role', (d) => {
    d.role = 'auditor'
  }),
  inFile('grants/finance_deals.json')(
    'row rights that are no condition',
    'T4',
    '/objects/registration/read/rows/and/0',
    (d) => {
      d.objects.registration.read.rows = { and: [{ var: 'amount' }, true] }
    },
  ),
  inFile('pack.json')('a pack that is not there', 'NEED_MISSING', '/needs/partner_masters', (d) => {
    d.needs = { partner_masters: '^1.0.0', partner_master: '^1.0.0' }
  }),
  inFile('pack.json')('a pack in the wrong version', 'NEED_VERSION', '/needs/partner_master', (d) => {
    d.needs.partner_master = '^2.0.0'
  }),
  inFile('pack.json')('a range that is none', 'NEED_RANGE_BAD', '/needs/partner_master', (d) => {
    d.needs.partner_master = 'latest'
  }),
  inFile('pack.json')('packs that need each other', 'NEED_CYCLE', '/needs', (d) => {
    d.needs.registration_bonus = '*'
  }),
  inFile('pack.json')('a pack that is not called like its folder', 'PACK_KEY_DIFFERS', '/key', (d) => {
    d.key = 'deals'
  }),
  {
    what: 'two definitions of one key',
    code: 'DUPLICATE_KEY',
    path: '/key',
    sources: [
      ...packs.sources,
      { ...packs.sources.find((s) => s.path === registration)!, path: 'objects/zz_copy.json' },
    ],
  },
  {
    what: 'a folder without pack.json',
    code: 'PACK_MISSING',
    path: '',
    sources: packs.sources.filter((s) => s.path !== 'pack.json' || s.pack !== deals),
  },
  {
    what: 'a definition that is no object',
    code: 'DEFINITION_NOT_OBJECT',
    path: '',
    sources: change(deals, registration, () => '[]'),
  },
  {
    what: 'a key that stands twice in the JSON',
    code: 'JSON_DUPLICATE_KEY',
    path: '/icon',
    sources: change(deals, registration, (t) => t.replace('"icon":', '"icon": "x",\n  "icon":')),
  },
  {
    what: 'a prototype key',
    code: 'JSON_FORBIDDEN_KEY',
    path: '/__proto__',
    sources: change(deals, registration, (t) => t.replace('{', '{ "__proto__": {},')),
  },
  {
    what: 'a lone surrogate',
    code: 'JSON_BAD_TEXT',
    path: '/icon',
    sources: change(deals, registration, (t) => t.replace('"shield-check"', '"\\ud800"')),
  },
  {
    what: 'JSON nested without end',
    code: 'JSON_TOO_DEEP',
    path: '',
    sources: change(deals, registration, () => '['.repeat(500_000)),
  },
  {
    what: 'a definition of two megabytes',
    code: 'FILE_TOO_LARGE',
    path: '',
    sources: change(deals, registration, (t) => t + ' '.repeat(2 ** 21)),
  },
  {
    what: 'fifty megabytes of JSON',
    code: 'PACK_TOO_LARGE',
    path: '',
    sources: Array.from({ length: 60 }, (_, at) => ({
      pack: deals,
      path: `objects/o${at}.json`,
      text: ' '.repeat(1_000_000),
    })),
  },
  {
    what: 'six thousand definitions',
    code: 'PACK_TOO_MANY_FILES',
    path: '',
    sources: Array.from({ length: 6000 }, (_, at) => ({
      pack: deals,
      path: `objects/o${at}.json`,
      text: '{}',
    })),
  },
]

describe('definitions', () => {
  test('the packs of the product are sound', () => {
    const { release, diagnostics } = buildRelease(packs.sources)
    expect(diagnostics.filter((found) => found.severity === 'error')).toEqual([])
    expect(packs.diagnostics).toEqual([])
    expect(release?.party).toBe('partner')
    expect([...release!.roles.keys()]).toEqual([
      'business_admin',
      'channel_manager',
      'director',
      'finance',
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
          expectNoFault(buildRelease([...packs.sources, { pack: deals, path, text: JSON.stringify(head) }]))
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
      fc.property(fc.nat(packs.sources.length - 1), fc.nat(), strange, (which, at, value) => {
        const source = packs.sources[which]!
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
            packs.sources.map((each) =>
              each === source ? { ...source, text: JSON.stringify(definition) } : each,
            ),
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
