import type { Json, JsonObject } from '@channelwright/runtime/json.ts'
import { createActor } from '@channelwright/server/auth/people.ts'
import { inUnit } from '@channelwright/server/db/unit.ts'
import { publishSources } from '@channelwright/server/publish/publish-sources.ts'
import { createWorkspace } from '@channelwright/server/publish/workspace.ts'
import { createRecord } from '@channelwright/server/records/write-record.ts'
import type { Actor, ServedRelease, Workspace } from '@channelwright/server/services.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { word } from '../support/flow-sketch.ts'
import { openTestServices, type TestServices } from '../support/services.ts'
import { fieldsOf, putRow, textField, tinyPack } from '../support/tiny-pack.ts'

// Conflicts of deals hang on company names: one customer under two spellings is one customer, in the fields of a
// constraint (by a computed field) and in its condition.

let test: TestServices
const key = (of: Json): JsonObject => ({ company_key: [of] })
const customer = { '??': [{ var: 'customer' }, ''] }

type Definitions = Record<string, JsonObject>

function withCustomer(definitions: Definitions): void {
  const fields = fieldsOf(definitions, 'objects/order.json')
  const term: JsonObject = { ...textField('f_term', 'Term'), 'x-field': 'period', type: 'object' }
  delete term.maxLength
  Object.assign(fields, {
    customer: textField('f_customer', 'Customer'),
    customer_key: textField('f_customer_key', 'Customer key', { readOnly: true }),
    term,
  })
  definitions['objects/order.json']!.computed = { customer_key: key({ var: 'customer' }) }
}

/** One open deal with a customer; of customers that are known by nothing but a legal form there may be many. */
function withRules(definitions: Definitions): void {
  withCustomer(definitions)
  Object.assign(definitions['objects/order.json']!, {
    unique: [
      {
        'x-id': 'u_customer',
        fields: ['customer_key'],
        when: { and: [{ '!=': [key(customer), key('北京智云')] }, { '!=': [{ var: 'note' }, 'shared'] }] },
        message: word('One deal with a customer.'),
      },
    ],
    exclusive: [
      {
        'x-id': 'x_term',
        fields: ['code'],
        period: 'term',
        when: { '==': [key(customer), key('上海云海信息技术有限公司')] },
        message: word('Taken.'),
      },
    ],
  })
}

async function open(
  name: string,
): Promise<{ workspace: Workspace; chief: Actor; served: ServedRelease; org: string }> {
  const { services } = test
  const workspace = await createWorkspace(services, { key: name, title: word('N'), timeZone: 'UTC' })
  await publishSources(services, workspace, tinyPack(withCustomer))
  const served = (await services.releases.current(name))!
  const person = { user: services.ids.next(), name, email: `${name}@example.test`, locale: 'en' } as const
  const chief = await createActor(services, served, person, ['chief'], null)
  return { workspace, chief, served, org: await putRow(services, workspace, 'org', { name: 'Org' }) }
}

beforeAll(async () => {
  test = await openTestServices()
}, 60_000)
afterAll(() => test?.close())

describe('company names in constraints', () => {
  it('keep one customer once however it is written, where the condition holds', async () => {
    const { workspace, chief, org } = await open('spelled')
    await publishSources(test.services, workspace, tinyPack(withRules))
    const served = (await test.services.releases.current('spelled'))!
    const put = (code: string, customer: string, more: JsonObject = {}) =>
      inUnit(test.services, served, chief, (unit) =>
        createRecord(unit, 'order', { org, code, customer, ...more }),
      )
    await put('1', '华为技术有限公司')
    for (const [code, other] of [
      ['2', '華為技術有限公司'],
      ['3', '华为技术（深圳）有限公司'],
    ] as const)
      await expect(put(code, other)).rejects.toMatchObject({ definition: { code: 'NOT_UNIQUE' } })
    await put('4', '華為技術有限公司', { note: 'shared' })
    await put('5', '北京智云有限公司')
    await put('6', '北京智云股份有限公司')
    const term = { from: '2026-01-01', to: '2026-04-01' }
    await put('7', '云海信息技术', { term, note: 'shared' })
    await expect(put('7', '上海云海信息技术(集团)有限公司', { term, note: 'shared' })).rejects.toMatchObject({
      definition: { code: 'NOT_EXCLUSIVE' },
    })
    await put('7', '上海云山信息技术有限公司', { term, note: 'shared' })
  })

  it('are counted over the records that are there before they are published', async () => {
    const { workspace, org } = await open('filled')
    const put = (code: string, customer: string) =>
      putRow(test.services, workspace, 'order', { org, code, customer, customer_key: '华为技术' })
    await put('1', '华为技术有限公司')
    await put('2', '華為技術有限公司')
    await expect(publishSources(test.services, workspace, tinyPack(withRules))).rejects.toMatchObject({
      code: 'PUBLISH_DATA_REFUSED',
    })
    await test.services.owner.query(`DELETE FROM "${workspace.schema}"."order" WHERE code = '2'`)
    await publishSources(test.services, workspace, tinyPack(withRules))
    const { rows } = await test.services.owner.query<{ indexdef: string }>(
      `SELECT indexdef FROM pg_indexes WHERE schemaname = $1 AND indexdef LIKE '%cw_company_key%'`,
      [workspace.schema],
    )
    expect(rows).toHaveLength(2)
  })
})
