import type { DefinitionSource } from '@channelwright/runtime/definition/definition-set.ts'
import { change, deals, edit, form, type Loose, registration, sources } from './definition-edits.ts'

export interface Mistake {
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
const onDocument = inFile('documents/protection_notice.json')
const onPrinting = inFile('flows/protection_notice.json')
const property = (key: string) => `/schema/properties/${key}`

/** Every class of mistake in a definition, with the code and the place that it must be told at. */
export const mistakes: Mistake[] = [
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
  object('a state nobody can reach', 'LIFECYCLE_STATE_UNREACHABLE', `${property('state')}/oneOf/6`, (d) => {
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
    'grouping by a field without one value',
    'FIELD_NOT_GROUPABLE',
    '/group/0/field',
    (d) => {
      d.group = [{ 'x-id': 'g1', field: 'note' }]
    },
  ),
  inFile('views/registrations.json')('grouping a text by quarters', 'GROUP_DATE_PART', '/group/0/by', (d) => {
    d.group = [{ 'x-id': 'g1', field: 'customer_name', by: 'quarter' }]
  }),
  inFile('views/registrations.json')('grouping by moments', 'GROUP_MOMENT', '/group/0', (d) => {
    d.group = [{ 'x-id': 'g1', field: 'submitted_at' }]
  }),
  inFile('views/registrations.json')('a sum of nothing', 'MEASURE_FIELD', '/measures/0', (d) => {
    d.group = [{ 'x-id': 'g1', field: 'partner.tier' }]
    d.measures = [{ 'x-id': 'm1', kind: 'sum', title: { en: 'Sum', zh: '合计' } }]
  }),
  inFile('views/registrations.json')('measures of no group', 'MEASURES_WITHOUT_GROUP', '/measures', (d) => {
    d.measures = [{ 'x-id': 'm1', kind: 'count', title: { en: 'Number', zh: '数量' } }]
  }),
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
    d.filter = { '==': [{ try: [{ var: 'customer_name' }] }, 'x'] }
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
    sources: [...sources, { ...sources.find((s) => s.path === registration)!, path: 'objects/zz_copy.json' }],
  },
  {
    what: 'a folder without pack.json',
    code: 'PACK_MISSING',
    path: '',
    sources: sources.filter((s) => s.path !== 'pack.json' || s.pack !== deals),
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
  onDocument('a document about no object', 'DANGLING_OBJECT', '/object', (d) => {
    d.object = 'registraton'
  }),
  onDocument('a placeholder for nothing', 'DOCUMENT_PLACEHOLDER', '/blocks/1/text/en', (d) => {
    d.blocks[1].text.en = 'To: {{parner}}'
  }),
  onDocument('a path that ends in the middle', 'DOCUMENT_PLACEHOLDER', '/blocks/3/fields/0', (d) => {
    d.blocks[3].fields[0] = 'partner.nam'
  }),
  onDocument('a table inside a text', 'DOCUMENT_LINES_IN_TEXT', '/name/zh', (d) => {
    d.name.zh = '{{items}}'
  }),
  onDocument('a value that is a list', 'DOCUMENT_VALUE_NOT_TEXT', '/values/first_day', (d) => {
    d.values.first_day = { var: 'items' }
  }),
  onDocument('a sum of words', 'DOCUMENT_TOTAL', '/blocks/5/totals/0', (d) => {
    d.blocks[5].totals[0] = 'product'
  }),
  onDocument('a condition of a block that is none', 'T2_RESULT', '/blocks/6/when', (d) => {
    d.blocks[6].when = { var: 'amount' }
  }),
  onPrinting('a document that is not there', 'DOCUMENT_UNKNOWN', '/nodes/1/with/document', (d) => {
    d.nodes[1].with.document = 'protection_notise'
  }),
  onPrinting('a document kept in no field of files', 'DOCUMENT_FIELD', '/nodes/1/with/into', (d) => {
    d.nodes[1].with.into = 'note'
  }),
  object(
    'files inside a table',
    'FIELD_TYPE_UNKNOWN',
    `${property('items')}/x-lines/properties/product/x-field`,
    (d) => {
      d.schema.properties.items['x-lines'].properties.product['x-field'] = 'file'
    },
  ),
]
