import type { Text } from '@channelwright/runtime/text.ts'

/** A fresh permanent identity: short, no look-alikes, letter first. */
export function makeXId(prefix: string): string {
  const alphabet = '23456789abcdefghjkmnpqrstuvwxyz'
  const random = crypto.getRandomValues(new Uint8Array(10))
  return `${prefix}_${Array.from(random, (byte) => alphabet[byte % alphabet.length]).join('')}`
}

/** The least a definition of a kind must say, so that a new one starts from a shape instead of an empty page. */
const bodies: Readonly<Record<string, (key: string) => object>> = {
  object: () => ({
    display: 'name',
    schema: {
      type: 'object',
      additionalProperties: false,
      properties: {
        name: {
          type: 'string',
          maxLength: 200,
          'x-field': 'text',
          'x-id': makeXId('f'),
          title: 'Name',
          'x-title': { zh: '名称' },
        },
      },
      required: ['name'],
    },
  }),
  form: () => ({
    object: '',
    purpose: 'create',
    steps: [
      {
        'x-id': makeXId('s'),
        title: { en: 'Details', zh: '信息' },
        sections: [{ 'x-id': makeXId('c'), rows: [] }],
      },
    ],
  }),
  view: () => ({ type: 'table', object: '', columns: [] }),
  rule: () => ({ inputs: { type: 'object', properties: {} }, result: { type: 'boolean' }, rule: true }),
  flow: () => ({
    object: '',
    trigger: { type: 'record', when: false },
    nodes: [
      { 'x-id': makeXId('n'), type: 'start', title: { en: 'Start', zh: '开始' } },
      { 'x-id': makeXId('n'), type: 'end', title: { en: 'Done', zh: '结束' }, outcome: 'approved' },
    ],
    edges: [],
  }),
  plan: () => ({
    currency: 'CNY',
    effective: { from: `${new Date().getFullYear()}-01-01` },
    events: { object: '', date: '', earner: '', when: true },
    measures: { amount: { 'x-id': makeXId('m'), method: 'sum', of: { var: 'amount' } } },
    window: 'quarter',
    bands: {
      'x-id': makeXId('b'),
      method: 'marginal',
      lookup: 'amount',
      payOn: 'amount',
      bound: 'lower',
      unit: 'rate',
      rows: [{ 'x-id': makeXId('r'), from: '0', value: '0.01' }],
    },
    rounding: { scale: 2, mode: 'half_up' },
  }),
  calendar: () => {
    const year = new Date().getFullYear()
    return {
      timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      covers: { from: `${year}-01-01`, to: `${year}-12-31` },
      workdays: ['mon', 'tue', 'wed', 'thu', 'fri'],
      hours: [{ from: '09:00', to: '18:00' }],
      days: [],
    }
  },
  grant: (key) => ({ role: key, for: 'staff', objects: {}, views: [], forms: [] }),
}

export const creatableKinds = Object.keys(bodies)

export interface NewDefinition {
  readonly kind: string
  readonly pack: string
  readonly key: string
  readonly title: Text
}

/** Path and text of a fresh definition. */
export function makeDefinition({ kind, key, title }: NewDefinition): { path: string; text: string } {
  const definition = {
    kind: `${kind}/1`,
    key,
    'x-id': makeXId(kind[0] ?? 'd'),
    title,
    ...bodies[kind]?.(key),
  }
  return { path: `${kind}s/${key}.json`, text: `${JSON.stringify(definition, null, 2)}\n` }
}
