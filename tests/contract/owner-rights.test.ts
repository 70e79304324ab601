import { randomBytes } from 'node:crypto'
import { ensureRoleSet } from '@channelwright/server/access/ensure-roles.ts'
import { roleNameOf, trashRoleOf } from '@channelwright/server/access/pg-role.ts'
import { composeServices, createLogger } from '@channelwright/server/compose.ts'
import { publishSources } from '@channelwright/server/publish/publish-sources.ts'
import { createWorkspace, dropWorkspace } from '@channelwright/server/publish/workspace.ts'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { withClient } from '../support/database.ts'
import { testConfig } from '../support/services.ts'
import { fieldsOf, putRow, runAs, textField, tinyPack } from '../support/tiny-pack.ts'

/** A managed database gives no superuser: the owner may make schemas and roles, and nothing else. */
const owner = `cw_owner_${randomBytes(4).toString('hex')}`
const server = () => inject('postgres').url
let url: string

beforeAll(async () => {
  await withClient(server(), async (client) => {
    await client.query(`CREATE ROLE ${owner} LOGIN CREATEROLE PASSWORD 'owner'`)
    await client.query(`CREATE DATABASE ${owner} OWNER ${owner}`)
  })
  const address = new URL(server())
  address.pathname = `/${owner}`
  address.username = owner
  address.password = 'owner'
  url = address.href
})
afterAll(() =>
  withClient(server(), async (client) => {
    await client.query(`DROP DATABASE ${owner} WITH (FORCE)`)
    const { rows } = await client.query<{ rolname: string }>(
      `SELECT r.rolname FROM pg_roles r JOIN pg_auth_members m ON m.roleid = r.oid JOIN pg_roles o ON o.oid = m.member
       WHERE o.rolname = $1`,
      [owner],
    )
    for (const { rolname } of rows)
      await client.query(`DROP ROLE IF EXISTS ${client.escapeIdentifier(rolname)}`)
    await client.query(`DROP ROLE ${owner}`)
  }),
)

it('publishes, serves and takes away a workspace as an owner who is no superuser', async () => {
  const { services, close } = await composeServices(testConfig(url), {
    connections: 8,
    log: createLogger({ logLevel: 'silent' }),
  })
  try {
    const workspace = await createWorkspace(services, {
      key: 'plain',
      title: { en: 'P', zh: 'P' },
      timeZone: 'UTC',
    })
    const exclusive = tinyPack((d) => {
      fieldsOf(d, 'objects/order.json').term = {
        ...textField('f_term', 'Term'),
        'x-field': 'period',
        type: 'object',
      }
      delete (fieldsOf(d, 'objects/order.json').term as Record<string, unknown>).maxLength
      d['objects/order.json']!.exclusive = [
        { 'x-id': 'x_code', fields: ['code'], period: 'term', message: { en: 'Taken.', zh: '已占用。' } },
      ]
    })
    await publishSources(services, workspace, exclusive)
    const org = await putRow(services, workspace, 'org', { name: 'One' })
    const order = { org, code: 'A', term: '[2026-01-01,2026-04-01)' }
    await putRow(services, workspace, 'order', order)
    await expect(
      putRow(services, workspace, 'order', { ...order, term: '[2026-03-01,2026-05-01)' }),
    ).rejects.toMatchObject({
      code: '23P01',
      constraint: expect.stringMatching(/^cw_x_x_code_/),
    })
    const role = await ensureRoleSet(services, workspace.key, ['clerk', 'seller'])
    const read = (as: string, partners: string[]) =>
      runAs(
        services,
        { role: as, partners },
        async (c) => (await c.query(`SELECT code FROM ws_plain."order"`)).rows,
      )
    expect(await read(role, [])).toEqual([{ code: 'A' }])
    expect(await read(roleNameOf(services.installation, 'plain', 'seller'), [])).toEqual([])
    expect(await read(trashRoleOf(role), [org])).toEqual([{ code: 'A' }])
    const { rows } = await services.owner.query(`SELECT count(*)::int AS n FROM ws_plain.cw_history`)
    expect(rows).toEqual([{ n: 2 }])
    await publishSources(services, workspace, tinyPack(), { confirmed: 'all' })
    await dropWorkspace(services, workspace)
    const left = await services.owner.query(`SELECT rolname FROM pg_roles WHERE starts_with(rolname, $1)`, [
      `cw_${services.installation}_plain.`,
    ])
    expect(left.rows).toEqual([])
  } finally {
    await close()
  }
})
