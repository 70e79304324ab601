import { readFileSync } from 'node:fs'
import type { CalendarDefinition } from '@channelwright/runtime/definition/calendar.ts'
import type { Json, JsonObject } from '@channelwright/runtime/json.ts'
import { workCalendar } from '@channelwright/runtime/logic/calendars/work-calendar.ts'
import type { ChildRows, SqlSource } from '@channelwright/runtime/logic/compile-sql.ts'
import type { LookupPort } from '@channelwright/runtime/logic/lookup-port.ts'
import type { NamedRule, RuleLibrary, RuleScope, RuleType } from '@channelwright/runtime/logic/types.ts'

// What the cases of operators may name: a few rules, calendars, and an object with a unique key.

const same = (text: string) => ({ en: text, zh: text })
const money: RuleType = { t: 'dec', nullable: false, scale: 2 }
const level: RuleType = { t: 'str', nullable: false, enum: ['draft', 'open', 'closed'] }

function named(
  key: string,
  inputs: Readonly<Record<string, RuleType>>,
  result: RuleType | null,
  body: NamedRule['body'],
): NamedRule {
  const declared = Object.entries(inputs).map(([name, type]) => ({ name, type, title: same(name) }))
  return {
    key,
    title: same(key),
    inputs: declared,
    result,
    body,
    scope: { root: new Map(), object: () => undefined },
  }
}

const rows = (...all: [when: Json[], then: Json[]][]) => all.map(([when, then]) => ({ when, then }))

const rules: readonly NamedRule[] = [
  named('double', { x: money }, money, { rule: { '*': [{ var: 'x' }, 2] } }),
  named('half', { x: money }, money, { rule: { round: [{ '/': [{ var: 'x' }, 2] }, 2] } }),
  named('quadruple', { x: money }, money, {
    rule: { rule: ['double', { x: { rule: ['double', { x: { var: 'x' } }] } }] },
  }),
  named('or_zero', { x: { ...money, nullable: true } }, money, { rule: { '??': [{ var: 'x' }, 0] } }),
  named('maybe', { x: { ...money, nullable: true } }, { ...money, nullable: true }, { rule: { var: 'x' } }),
  named('due', { on: { t: 'date', nullable: true }, part: { t: 'str', nullable: false } }, null, {
    table: {
      inputs: [{ e: { cat: [{ var: 'part' }, ''] } }, { e: { var: 'on' } }],
      outputs: [{ name: 'days', type: 'int' }],
      hit: 'first',
      rows: rows([['a', '< 2026-01-01'], [1]], [['', 'null'], [2]]),
      default: [3],
    },
  }),
  named('inverse', { x: money }, null, { rule: { div: [1, { var: 'x' }, 4, 'half_up'] } }),
  named('ignore', { x: money }, money, { rule: 7 }),
  named('self', { x: money }, money, { rule: { rule: ['self', { x: { var: 'x' } }] } }),
  named('ping', { x: money }, money, { rule: { rule: ['pong', { x: { var: 'x' } }] } }),
  named('pong', { x: money }, money, { rule: { rule: ['ping', { x: { var: 'x' } }] } }),
  named('starts', { x: { t: 'list', nullable: false, of: { t: 'str', nullable: false } } }, null, {
    rule: { in: ['a', { var: 'x' }] },
  }),
  named('terms', { state: level, amount: money }, null, {
    table: {
      inputs: [{ e: { var: 'state' } }, { e: { var: 'amount' } }],
      outputs: [
        { name: 'rate', type: 'dec(4)' },
        { name: 'days', type: 'int' },
      ],
      hit: 'first',
      rows: rows(
        [
          ['open', '>= 1000'],
          ['5%', 30],
        ],
        [
          ['open', ''],
          ['0.02', 15],
        ],
      ),
      default: ['0', 0],
    },
  }),
  named('best', { amount: money }, null, {
    table: {
      inputs: [{ e: { var: 'amount' } }],
      outputs: [
        { name: 'rate', type: 'dec(4)', values: ['5%', '2%'] },
        { name: 'days', type: 'int', values: [15, 30] },
      ],
      hit: 'priority',
      rows: rows([['>= 0'], ['2%', 15]], [['>= 100'], ['5%', 30]]),
    },
  }),
  // Each calls the one before twice: 2^8 bodies.
  named('twice0', { x: money }, null, { rule: { '+': Array.from({ length: 60 }, () => ({ var: 'x' })) } }),
  ...[1, 2, 3, 4, 5, 6, 7].map((n) =>
    named(`twice${n}`, { x: money }, null, {
      rule: {
        max: [
          { rule: [`twice${n - 1}`, { x: { var: 'x' } }] },
          { rule: [`twice${n - 1}`, { x: { '+': [{ var: 'x' }, 1] } }] },
        ],
      },
    }),
  ),
]

const china = JSON.parse(
  readFileSync(new URL('../../templates/china_calendar/calendars/cn.json', import.meta.url), 'utf8'),
) as CalendarDefinition

/** Hours around the days on which New York sets its clocks, a stretch that one of them skips included. */
const newYork: CalendarDefinition = {
  ...china,
  key: 'ny',
  timezone: 'America/New_York',
  covers: { from: '2026-03-01', to: '2026-11-30' },
  workdays: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'],
  hours: [
    { from: '00:30', to: '02:30' },
    { from: '09:00', to: '17:30' },
  ],
  days: [],
}

const day = (date: string, work: boolean, hours?: CalendarDefinition['hours']) => ({
  'x-id': `d${date}`,
  title: same(date),
  from: date,
  work,
  ...(hours ? { hours } : {}),
})

/** Days with hours of their own, hours by the day of the week, and hours that end with the day. */
const london: CalendarDefinition = {
  ...china,
  key: 'gb',
  timezone: 'Europe/London',
  covers: { from: '2026-01-01', to: '2026-12-31' },
  workdays: ['mon', 'tue', 'wed', 'thu', 'fri'],
  hours: [
    { from: '09:00', to: '12:30' },
    { from: '13:00', to: '17:00' },
  ],
  hoursOf: { fri: [{ from: '08:00', to: '13:15' }], wed: [{ from: '16:00', to: '24:00' }] },
  days: [
    day('2026-01-01', false),
    day('2026-03-28', true, [{ from: '10:00', to: '11:00' }]),
    day('2026-03-29', true, [{ from: '00:15', to: '01:30' }]),
    { ...day('2026-04-03', false), to: '2026-04-06' },
    day('2026-10-24', true),
    day('2026-10-25', true, [{ from: '00:00', to: '02:00' }]),
    day('2026-11-06', true, []),
  ],
}

/** As they are defined, by key. */
export const caseCalendars: ReadonlyMap<string, CalendarDefinition> = new Map(
  [china, newYork, london].map((one) => [one.key, one]),
)
const calendars = new Map([...caseCalendars].map(([key, one]) => [key, workCalendar(one)]))

const rates: readonly JsonObject[] = [
  {
    id: '00000000-0000-7000-8000-000000000001',
    state: 'open',
    level: 1,
    rate: '0.0500',
    note: 'first',
    until: '2026-06-30',
  },
  {
    id: '00000000-0000-7000-8000-000000000002',
    state: 'open',
    level: 2,
    rate: '0.0700',
    note: null,
    until: null,
  },
]
const rateFields: ReadonlyMap<string, RuleType> = new Map<string, RuleType>([
  ['id', { t: 'ref', nullable: false, object: 'rate' }],
  ['state', level],
  ['level', { t: 'int', nullable: false }],
  ['rate', { t: 'dec', nullable: false, scale: 4 }],
  ['note', { t: 'str', nullable: true }],
  ['until', { t: 'date', nullable: true }],
])

/** The records of the object `rate`, with the types of its fields. */
export const caseRates = { fields: rateFields, rows: rates } as const

export const caseLibrary: RuleLibrary = {
  rule: (key) => rules.find((rule) => rule.key === key),
  rules: rules.map((rule) => rule.key),
  calendar: (key) => calendars.get(key),
  calendars: [...calendars.keys()],
  uniqueKeys: (object) => (object === 'rate' ? [['state', 'level'], ['id']] : undefined),
  objects: ['rate'],
}

export const caseObjects: RuleScope['object'] = (key) => (key === 'rate' ? rateFields : undefined)

/** The records that `lookup` finds, as the evaluator asks for them. */
export const caseLookup: LookupPort = ({ object, key }) =>
  object !== 'rate'
    ? undefined
    : (rates.find((row) => Object.entries(key).every(([name, value]) => row[name] === value)) ?? null)

/** The same as rows of SQL; null for every other path. */
export function caseRecords(path: string): SqlSource | null {
  if (path !== '@rate') return null
  const columns = [...rateFields.keys()]
  const types: Readonly<Record<string, string>> = {
    id: 'uuid',
    level: 'bigint',
    rate: 'numeric',
    until: 'date',
  }
  const values = rates.map(
    (row) =>
      `(${columns.map((name) => `${row[name] === null ? 'NULL' : `'${String(row[name])}'`}::${types[name] ?? 'text'}`).join(', ')})`,
  )
  const from = (alias: string): ChildRows => ({
    from: `(VALUES ${values.join(', ')}) ${alias}(${columns.join(', ')})`,
    where: '',
    order: `${alias}.id`,
    source: (name) => ({ sql: `${alias}.${name}`, column: true, integer: name === 'level' }),
  })
  return { sql: '', rows: from }
}
