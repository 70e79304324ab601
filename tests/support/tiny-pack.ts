import type { DefinitionSource } from '@channelwright/runtime/definition/definition-set.ts'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import type { Services, Workspace } from '@channelwright/server/services.ts'
import type { PoolClient } from 'pg'
import { word } from './flow-sketch.ts'

/** A small pack for tests of publishing and access: organisations, their orders with lines, four roles. */

const field = (type: string, xId: string, title: string, more: JsonObject = {}): JsonObject => ({
  'x-field': type,
  'x-id': xId,
  title,
  'x-title': { zh: title },
  ...more,
})
export const textField = (xId: string, title: string, more: JsonObject = {}) =>
  field('text', xId, title, { type: 'string', maxLength: 200, ...more })
export const moneyField = (xId: string, title: string, more: JsonObject = {}) =>
  field('money', xId, title, {
    type: 'string',
    format: 'decimal',
    'x-scale': 2,
    'x-currency': 'CNY',
    ...more,
  })
export const referenceField = (xId: string, title: string, object: string) =>
  field('reference', xId, title, { type: 'string', format: 'uuid', 'x-object': object })

const own = { in: [{ var: 'org' }, { var: '$user.partners' }] }

export function tinyDefinitions(): Record<string, JsonObject> {
  return {
    'pack.json': {
      kind: 'pack/1',
      key: 'tiny',
      'x-id': 'p_tiny',
      title: word('Tiny'),
      version: '1.0.0',
      locales: ['en', 'zh'],
    },
    'objects/org.json': {
      kind: 'object/1',
      key: 'org',
      'x-id': 'o_org',
      title: word('Organisation'),
      display: 'name',
      party: {},
      schema: {
        type: 'object',
        additionalProperties: false,
        required: ['name'],
        properties: { name: textField('f_name', 'Name'), secret: textField('f_secret', 'Secret') },
      },
    },
    'objects/order.json': {
      kind: 'object/1',
      key: 'order',
      'x-id': 'o_order',
      title: word('Order'),
      display: 'code',
      owner: 'org',
      schema: {
        type: 'object',
        additionalProperties: false,
        required: ['org', 'code'],
        properties: {
          org: referenceField('f_org', 'Organisation', 'org'),
          code: textField('f_code', 'Code'),
          note: textField('f_note', 'Note'),
          amount: moneyField('f_amount', 'Amount'),
          items: field('lines', 'f_items', 'Items', {
            type: 'array',
            'x-lines': {
              properties: { name: textField('l_name', 'Name'), price: moneyField('l_price', 'Price') },
              required: ['name'],
            },
          }),
        },
      },
      indexes: [{ 'x-id': 'i_amount', fields: ['amount'] }],
    },
    'grants/seller.json': {
      kind: 'grant/1',
      key: 'seller',
      'x-id': 'g_seller',
      title: word('Seller'),
      role: 'seller',
      for: 'partner',
      objects: {
        org: { read: { rows: { in: [{ var: 'id' }, { var: '$user.partners' }] }, fields: ['name'] } },
        order: {
          read: { rows: own, fields: ['*'] },
          create: { rows: own, fields: ['org', 'code', 'amount', 'items'] },
          update: { rows: own, fields: ['org', 'amount', 'items'] },
          delete: { rows: own },
        },
      },
    },
    'grants/clerk.json': {
      kind: 'grant/1',
      key: 'clerk',
      'x-id': 'g_clerk',
      title: word('Clerk'),
      role: 'clerk',
      for: 'staff',
      objects: {
        order: { read: { rows: true, fields: ['org', 'code'] } },
        org: { read: { rows: true, fields: ['name'] } },
      },
    },
    'grants/chief.json': {
      kind: 'grant/1',
      key: 'chief',
      'x-id': 'g_chief',
      title: word('Chief'),
      role: 'chief',
      for: 'staff',
      objects: {
        org: {
          read: { rows: true, fields: ['*'] },
          create: { rows: true, fields: ['*'] },
          update: { rows: true, fields: ['*'] },
        },
        order: {
          read: { rows: true, fields: ['*'] },
          create: { rows: true, fields: ['*'] },
          update: { rows: true, fields: ['*'] },
          delete: { rows: true },
        },
      },
      platform: ['design', 'publish'],
    },
  }
}

/** The definitions as texts; `change` edits them first. */
export function tinyPack(
  change: (definitions: Record<string, JsonObject>) => void = () => undefined,
): DefinitionSource[] {
  const definitions = tinyDefinitions()
  change(definitions)
  return Object.entries(definitions).map(([path, definition]) => ({
    pack: 'tiny',
    path,
    text: `${JSON.stringify(definition, null, 2)}\n`,
  }))
}

/** Fields of an object of the pack, to be edited. */
export function fieldsOf(definitions: Record<string, JsonObject>, path: string): JsonObject {
  return (definitions[path]!.schema as JsonObject).properties as JsonObject
}

export interface As {
  readonly role: string
  readonly user?: string
  readonly partners?: readonly string[]
}

/** One transaction on the login pool under a Postgres role, with the settings of a request. */
export async function runAs<T>(
  services: Services,
  { role, user = '00000000-0000-7000-8000-0000000000aa', partners = [] }: As,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  const client = await services.login.connect()
  try {
    await client.query('BEGIN')
    await client.query(`SET LOCAL ROLE ${client.escapeIdentifier(role)}`)
    await client.query(
      `SELECT set_config('cw.user', $1, true), set_config('cw.partner', $2, true), set_config('cw.partners', $3, true),
              set_config('cw.now', now()::text, true)`,
      [user, partners[0] ?? '', `{${partners.join(',')}}`],
    )
    const result = await work(client)
    await client.query('COMMIT')
    return result
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined)
    throw error
  } finally {
    client.release()
  }
}

/** Puts a row in as the owner does, platform columns filled. Returns its id. */
export async function putRow(
  services: Services,
  workspace: Workspace,
  table: string,
  values: Readonly<Record<string, unknown>>,
): Promise<string> {
  const id = services.ids.next()
  const all = {
    id,
    release: 1,
    created_at: services.clock.now(),
    updated_at: services.clock.now(),
    ...values,
  }
  const names = Object.keys(all)
  await services.owner.query(
    `INSERT INTO "${workspace.schema}"."${table}" (${names.map((n) => `"${n}"`).join(', ')}) VALUES (${names.map((_, i) => `$${i + 1}`).join(', ')})`,
    Object.values(all),
  )
  return id
}

/** An order of each of two organisations, which must never see the other's. Returns their ids. */
export async function putTwoOrders(
  services: Services,
  workspace: Workspace,
  [ours, theirs]: readonly [ours: string, theirs: string],
): Promise<[ours: string, theirs: string]> {
  const put = (org: string, code: string, note: string, amount: string) =>
    putRow(services, workspace, 'order', { org, code, note, amount })
  return [await put(ours, 'A1', 'ours', '10.00'), await put(theirs, 'B1', 'canary', '20.00')]
}
