import { buildRelease } from '@channelwright/runtime/definition/build-release.ts'
import type { PlanDefinition } from '@channelwright/runtime/definition/plan.ts'
import type { Release } from '@channelwright/runtime/definition/release.ts'
import type { RuleDefinition } from '@channelwright/runtime/definition/rule.ts'
import { engineRoleOf } from '@channelwright/server/access/pg-role.ts'
import { inUnit, type Unit } from '@channelwright/server/db/unit.ts'
import { engineActor, nobody } from '@channelwright/server/flows/engine-actor.ts'
import { createWorkspace } from '@channelwright/server/publish/workspace.ts'
import type { ServedRelease, Services, TableMap, Workspace } from '@channelwright/server/services.ts'
import { openTestServices, type TestServices } from '../support/services.ts'

/** A workspace with organisations and sales, whose plan a test may exchange at will: each exchange is a release. */
export interface PlanBench {
  readonly services: Services
  readonly workspace: Workspace
  /** Puts a plan in force, with the named rules that it calls, and gives the number of its release. */
  putInForce(plan: PlanDefinition, rules?: readonly RuleDefinition[]): number
  /** A transaction of the engine under the plan in force. */
  run<T>(work: (unit: Unit) => Promise<T>): Promise<T>
  /** Empties sales and forgets what was accrued, by making everything anew in a second workspace. */
  close(): Promise<void>
}

export interface Sale {
  readonly id: string
  readonly earner: string
  readonly sold_on: string
  readonly amount: string
  readonly counts?: boolean
}

const title = (en: string) => ({ en, zh: en })
const org = {
  kind: 'object/1',
  key: 'org',
  'x-id': 'o_org',
  title: title('Org'),
  display: 'name',
  party: {},
  schema: {
    type: 'object',
    additionalProperties: false,
    properties: {
      name: {
        type: 'string',
        maxLength: 80,
        'x-field': 'text',
        'x-id': 'f_name',
        title: 'Name',
        'x-title': { zh: '名称' },
      },
    },
    required: ['name'],
  },
}
const sale = {
  kind: 'object/1',
  key: 'sale',
  'x-id': 'o_sale',
  title: title('Sale'),
  display: 'name',
  owner: 'seller',
  schema: {
    type: 'object',
    additionalProperties: false,
    properties: {
      name: {
        type: 'string',
        maxLength: 80,
        'x-field': 'text',
        'x-id': 'f_name',
        title: 'Name',
        'x-title': { zh: '名称' },
      },
      seller: {
        type: 'string',
        format: 'uuid',
        'x-field': 'reference',
        'x-id': 'f_seller',
        'x-object': 'org',
        title: 'Seller',
        'x-title': { zh: '卖方' },
      },
      sold_on: {
        type: 'string',
        format: 'date',
        'x-field': 'date',
        'x-id': 'f_sold',
        title: 'Sold',
        'x-title': { zh: '成交日' },
      },
      amount: {
        type: 'string',
        format: 'decimal',
        'x-field': 'decimal',
        'x-scale': 4,
        'x-id': 'f_amount',
        title: 'Amount',
        'x-title': { zh: '金额' },
      },
      counts: {
        type: 'boolean',
        'x-field': 'boolean',
        'x-id': 'f_counts',
        title: 'Counts',
        'x-title': { zh: '计入' },
      },
    },
    required: ['name', 'amount', 'counts'],
  },
}
const pack = {
  kind: 'pack/1',
  key: 'sales',
  'x-id': 'p_sales',
  title: title('Sales'),
  version: '1.0.0',
  locales: ['en', 'zh'],
}

/** A plan over the sales of the bench: quarterly, by slices, unless said otherwise. */
export function makePlan(changes: Partial<PlanDefinition> = {}): PlanDefinition {
  return {
    kind: 'plan/1',
    key: 'bonus',
    'x-id': 'pl_bonus',
    title: title('Bonus'),
    currency: 'CNY',
    effective: { from: '2026-01-01' },
    events: { object: 'sale', date: 'sold_on', earner: 'seller', when: { var: 'counts' } },
    measures: {
      amount: { 'x-id': 'm_amount', method: 'sum', of: { var: 'amount' } },
      deals: { 'x-id': 'm_deals', method: 'count' },
    },
    window: 'quarter',
    bands: {
      'x-id': 'b',
      method: 'marginal',
      lookup: 'amount',
      payOn: 'amount',
      bound: 'lower',
      unit: 'rate',
      rows: [
        { 'x-id': 'r1', from: '0', value: '0.01' },
        { 'x-id': 'r2', from: '100000', value: '0.02' },
        { 'x-id': 'r3', from: '300000', value: '0.03' },
      ],
    },
    rounding: { scale: 2, mode: 'half_up' },
    ...changes,
  }
}

let test: Promise<TestServices> | undefined
let count = 0

export async function openPlanBench(): Promise<PlanBench> {
  test ??= openTestServices()
  const { services } = await test
  const workspace = await createWorkspace(services, {
    key: `bench_${++count}`,
    title: title('Bench'),
    timeZone: 'Asia/Shanghai',
  })
  const engine = engineRoleOf(services.installation, workspace.key)
  const platform = `id uuid PRIMARY KEY, rev integer NOT NULL DEFAULT 1, release integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(), created_by uuid, updated_at timestamptz NOT NULL DEFAULT now(),
    updated_by uuid, deleted_at timestamptz`
  await services.owner.query(`CREATE TABLE "${workspace.schema}".org (${platform}, name text);
    CREATE TABLE "${workspace.schema}".sale (${platform}, name text, seller uuid, sold_on date, amount numeric(20,4), counts boolean NOT NULL);
    GRANT ALL ON "${workspace.schema}".org, "${workspace.schema}".sale TO "${engine}"`)
  const base = buildRelease(
    [org, sale, pack].map((definition) => ({
      pack: 'sales',
      path: definition.kind === 'pack/1' ? 'pack.json' : `objects/${definition.key}.json`,
      text: JSON.stringify(definition),
    })),
  )
  const { release: empty } = base
  if (empty === null) throw new Error(JSON.stringify(base.diagnostics))
  const releases: ServedRelease[] = []
  const at = (number: number) => {
    const served = releases[number - 1]
    if (served === undefined) throw new Error(`no release ${number}`)
    return served
  }
  const own: Services = {
    ...services,
    releases: {
      ...services.releases,
      current: async () => releases.at(-1),
      at: async (_, number) => at(number),
    },
  }
  return {
    services: own,
    workspace,
    putInForce(plan, rules = []) {
      const release: Release = {
        ...empty,
        plans: new Map([[plan.key, plan]]),
        rules: new Map(rules.map((rule) => [rule.key, rule])),
      }
      const number = releases.length + 1
      releases.push({ workspace, number, release, tables: mapTables(), cache: new Map() })
      return number
    },
    run(work) {
      const served = at(releases.length)
      return inUnit(own, served, engineActor(own, served, nobody), work)
    },
    async close() {
      if (test === undefined) return
      const closing = await test
      test = undefined
      await closing.close()
    },
  }
}

function mapTables(): Map<string, TableMap> {
  const map = (object: string, columns: readonly string[]): [string, TableMap] => [
    object,
    { object, table: object, columns: new Map(columns.map((key) => [key, key])), lines: new Map() },
  ]
  return new Map([map('org', ['name']), map('sale', ['name', 'seller', 'sold_on', 'amount', 'counts'])])
}

/** Puts sales in, as they stand; one that is there already is overwritten. */
export async function putSales(unit: Unit, sales: readonly Sale[]): Promise<void> {
  const { schema } = unit.served.workspace
  await unit.query(
    `INSERT INTO "${schema}".sale (id, name, seller, sold_on, amount, counts)
     SELECT s.id, 'Sale', s.seller, s.sold_on, s.amount, s.counts
     FROM unnest($1::uuid[], $2::uuid[], $3::date[], $4::numeric[], $5::boolean[]) AS s (id, seller, sold_on, amount, counts)
     ON CONFLICT (id) DO UPDATE SET seller = excluded.seller, sold_on = excluded.sold_on, amount = excluded.amount,
       counts = excluded.counts`,
    [
      sales.map((one) => one.id),
      sales.map((one) => one.earner),
      sales.map((one) => one.sold_on),
      sales.map((one) => one.amount),
      sales.map((one) => one.counts ?? true),
    ],
  )
}
