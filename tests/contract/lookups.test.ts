import { buildRelease } from '@channelwright/runtime/definition/build-release.ts'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import type { Json, JsonObject } from '@channelwright/runtime/json.ts'
import { createActor } from '@channelwright/server/auth/people.ts'
import { inUnit, type Unit } from '@channelwright/server/db/unit.ts'
import { drainJobs } from '@channelwright/server/jobs/drain-jobs.ts'
import { publishSources } from '@channelwright/server/publish/publish-sources.ts'
import { createWorkspace } from '@channelwright/server/publish/workspace.ts'
import { getRecord } from '@channelwright/server/records/get-record.ts'
import { listRecords } from '@channelwright/server/records/list-records.ts'
import { createRecord, updateRecord } from '@channelwright/server/records/write-record.ts'
import type { Actor, ServedRelease, Workspace } from '@channelwright/server/services.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { word } from '../support/flow-sketch.ts'
import { openTestServices, type TestServices } from '../support/services.ts'
import { fieldsOf, putRow, textField, tinyPack } from '../support/tiny-pack.ts'

// What a rule looks up by key is found wherever a rule of its level may stand: in computed fields and columns, in
// flows, in grants and in filters; where it cannot be, that is said before anything is published.

let test: TestServices
let served: ServedRelease
let workspace: Workspace
let chief: Actor
let seller: Actor
let clerk: Actor
let ours: string

const rate = (field: string, key: Json = { var: 'note' }): JsonObject => ({
  lookup: ['rate', { code: key }, field],
})
const isOpen: JsonObject = { '??': [rate('open'), false] }
const as = <T>(actor: Actor, work: (unit: Unit) => Promise<T>) => inUnit(test.services, served, actor, work)

const rates: JsonObject = {
  kind: 'object/1',
  key: 'rate',
  'x-id': 'o_rate',
  title: word('Rate'),
  display: 'code',
  schema: {
    type: 'object',
    additionalProperties: false,
    required: ['code'],
    properties: {
      code: textField('f_rate_code', 'Code'),
      label: textField('f_rate_label', 'Label'),
      hidden: textField('f_rate_hidden', 'Hidden'),
      open: {
        type: 'boolean',
        'x-field': 'boolean',
        'x-id': 'f_rate_open',
        title: 'Open',
        'x-title': { zh: '开' },
      },
      price: {
        type: 'string',
        format: 'decimal',
        'x-field': 'money',
        'x-scale': 2,
        'x-currency': 'CNY',
        'x-id': 'f_rate_price',
        title: 'Price',
        'x-title': { zh: '价格' },
      },
    },
  },
  unique: [{ 'x-id': 'u_rate', fields: ['code'], message: word('One rate for a code.') }],
}

const flow: JsonObject = {
  kind: 'flow/1',
  key: 'pricing',
  'x-id': 'fl_pricing',
  title: word('Pricing'),
  object: 'order',
  trigger: { type: 'record', when: { and: [{ '==': [{ var: 'label' }, null] }, isOpen] } },
  nodes: [
    { 'x-id': 'n_start', type: 'start', title: word('Start') },
    { 'x-id': 'n_dear', type: 'condition', title: word('Dear?') },
    {
      'x-id': 'n_set',
      type: 'action',
      title: word('Set'),
      effect: 'set_fields',
      with: { label: rate('label') },
    },
    { 'x-id': 'n_end', type: 'end', title: word('End'), outcome: 'approved' },
    { 'x-id': 'n_cheap', type: 'end', title: word('Cheap'), outcome: 'rejected' },
  ],
  edges: [
    { 'x-id': 'e_1', from: 'n_start', to: 'n_dear' },
    {
      'x-id': 'e_2',
      from: 'n_dear',
      to: 'n_set',
      when: { '>=': [{ '??': [rate('price'), 0] }, 100] },
    },
    { 'x-id': 'e_3', from: 'n_dear', to: 'n_cheap', default: true },
    { 'x-id': 'e_4', from: 'n_set', to: 'n_end' },
  ],
}

function change(definitions: Record<string, JsonObject>): void {
  definitions['objects/rate.json'] = structuredClone(rates)
  definitions['flows/pricing.json'] = structuredClone(flow)
  const fields = fieldsOf(definitions, 'objects/order.json')
  fields.label = textField('f_order_label', 'Label')
  const lines = (fields.items as JsonObject)['x-lines'] as JsonObject
  lines.computed = { price: { '??': [rate('price', { var: 'name' }), { dec: '0.00' }] } }
  const grants = (name: string) => (definitions[`grants/${name}.json`] as { objects: JsonObject }).objects
  grants('chief').rate = { read: { rows: true, fields: ['*'] }, update: { rows: true, fields: ['*'] } }
  // A clerk sees the orders whose rate is open, among the rates that a clerk sees.
  grants('clerk').rate = { read: { rows: true, fields: ['code', 'open'] } }
  grants('clerk').order = { read: { rows: isOpen, fields: ['org', 'code', 'note'] } }
}

beforeAll(async () => {
  test = await openTestServices()
  const { services } = test
  workspace = await createWorkspace(services, { key: 'lookups', title: word('L'), timeZone: 'UTC' })
  await publishSources(services, workspace, tinyPack(change))
  served = (await services.releases.current('lookups'))!
  ours = await putRow(services, workspace, 'org', { name: 'Ours' })
  await putRow(services, workspace, 'rate', {
    code: 'N',
    label: 'North',
    hidden: 'canary',
    open: true,
    price: '120.00',
  })
  await putRow(services, workspace, 'rate', {
    code: 'S',
    label: 'South',
    hidden: 'canary',
    open: true,
    price: '80.00',
  })
  await putRow(services, workspace, 'rate', {
    code: 'X',
    label: 'Shut',
    hidden: 'canary',
    open: false,
    price: '500.00',
  })
  const join = (name: string, role: string, partner: string | null) =>
    createActor(
      services,
      served,
      { user: services.ids.next(), name, email: `${name}@example.test`, locale: 'en' },
      [role],
      partner,
    )
  chief = await join('chief', 'chief', null)
  clerk = await join('clerk', 'clerk', null)
  seller = await join('seller', 'seller', ours)
}, 60_000)
afterAll(() => test?.close())

const order = (code: string, note: string, items: JsonObject[] = []) =>
  as(chief, (unit) => createRecord(unit, 'order', { org: ours, code, note, items }))
const read = async (id: string) => (await as(chief, (unit) => getRecord(unit, 'order', id))).record

describe('a lookup', () => {
  it('starts a flow, chooses its way and fills what it writes', async () => {
    const ids: Record<string, string> = {}
    for (const note of ['N', 'S', 'X', 'nowhere']) ids[note] = (await order(`F-${note}`, note)).id
    await drainJobs(test.services, 'lookups')
    expect((await read(ids.N!)).label).toBe('North')
    expect((await read(ids.S!)).label).toBeNull()
    const runs = await test.services.owner.query(
      `SELECT record, status FROM "${workspace.schema}".cw_run ORDER BY id`,
    )
    expect(runs.rows).toMatchObject([
      { record: ids.N, status: 'approved' },
      { record: ids.S, status: 'rejected' },
    ])
  })

  it('fills the computed columns of lines', async () => {
    const { after } = await order('L1', 'X', [{ name: 'N' }, { name: 'nowhere' }])
    expect(after!.items).toMatchObject([
      { name: 'N', price: '120.00' },
      { name: 'nowhere', price: '0.00' },
    ])
  })

  it('decides in a grant which records are seen', async () => {
    const seen = await as(clerk, (unit) => listRecords(unit, 'order', { sort: 'code', limit: 100 }))
    expect(seen.records.map(({ note }) => note).sort()).toEqual(['N', 'S'])
  })

  it('serves in a filter as far as the caller may read', async () => {
    const list = (actor: Actor, filter: JsonObject) =>
      as(actor, (unit) => listRecords(unit, 'order', { filter, limit: 100 }))
    const dear = await list(chief, { '>': [{ '??': [rate('price'), 0] }, 100] })
    expect(new Set(dear.records.map(({ note }) => note))).toEqual(new Set(['N', 'X']))
    expect((await list(clerk, isOpen)).records).toHaveLength(2)
    const refused: [Actor, JsonObject][] = [
      [clerk, { '==': [rate('hidden'), 'canary'] }],
      [seller, isOpen],
      [chief, { '==': [{ rule: ['anything', {}] }, 1] }],
    ]
    for (const [actor, filter] of refused)
      await expect(list(actor, filter)).rejects.toMatchObject({ definition: { code: 'FILTER_INVALID' } })
  })

  it('sees no record in the bin', async () => {
    await putRow(test.services, workspace, 'rate', {
      code: 'B',
      open: true,
      deleted_at: '2026-01-01',
    })
    await putRow(test.services, workspace, 'rate', { code: 'B', open: true, label: 'Second' })
    const { id: made } = await order('B1', 'B')
    const found = await as(clerk, (unit) => listRecords(unit, 'order', { filter: isOpen, limit: 100 }))
    expect(found.records.map(({ id }) => id)).toContain(made)
  })

  it('is worked out anew when its record is written', async () => {
    const { id, rev } = await order('R1', 'nowhere', [{ name: 'S' }])
    await test.services.owner.query(`UPDATE "${workspace.schema}".rate SET price = 81 WHERE code = 'S'`)
    await as(chief, (unit) => updateRecord(unit, 'order', id, { code: 'R2' }, { ifMatch: rev }))
    expect((await read(id)).items).toMatchObject([{ name: 'S', price: '81.00' }])
  })
})

describe('where a lookup cannot be', () => {
  const problems = (edit: (definitions: Record<string, JsonObject>) => void) => {
    const { diagnostics } = buildRelease(
      tinyPack((definitions) => {
        change(definitions)
        edit(definitions)
      }),
    )
    return diagnostics
      .filter(({ severity }) => severity === 'error')
      .map(({ code, message }) => [code, message.en])
  }

  it('the condition of a constraint says why', () => {
    const found = problems((definitions) => {
      ;(definitions['objects/order.json'] as JsonObject).unique = [
        { 'x-id': 'u_order', fields: ['code'], when: isOpen, message: word('Once.') },
      ]
    })
    expect(found).toEqual([['T17', expect.stringContaining('its own record only')]])
  })

  it('a grant whose role may not read it, or that leads back to itself, is not published', async () => {
    const publish = async (key: string, edit: (definitions: Record<string, JsonObject>) => void) => {
      const at = await createWorkspace(test.services, { key, title: word('L'), timeZone: 'UTC' })
      const sources = tinyPack((definitions) => {
        change(definitions)
        edit(definitions)
      })
      const error = await publishSources(test.services, at, sources).then(
        () => null,
        (thrown: unknown) => thrown,
      )
      expect(error).toBeInstanceOf(Refusal)
      return (error as Refusal).message
    }
    const rows = (definitions: Record<string, JsonObject>, object: string, given: Json) => {
      const grant = definitions['grants/clerk.json'] as { objects: Record<string, JsonObject> }
      ;(grant.objects[object]!.read as JsonObject).rows = given
    }
    expect(await publish('hidden', (all) => rows(all, 'order', { exists: [rate('hidden')] }))).toContain(
      'may not read "hidden"',
    )
    const circle = (all: Record<string, JsonObject>) =>
      rows(all, 'rate', { exists: [{ lookup: ['rate', { code: { var: 'label' } }, 'open'] }] })
    expect(await publish('circle', circle)).toContain('hangs on rate again')
  })
})
