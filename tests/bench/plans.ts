import type { DefinitionSource } from '@channelwright/runtime/definition/definition-set.ts'
import { composeServices, createLogger } from '@channelwright/server/compose.ts'
import { runPlanNow } from '@channelwright/server/incentives/run-due-plan.ts'
import { publishSources } from '@channelwright/server/publish/publish-sources.ts'
import { createWorkspace } from '@channelwright/server/publish/workspace.ts'
import type { Services, Workspace } from '@channelwright/server/services.ts'
import { testConfig } from '../support/services.ts'
import { fieldsOf, tinyPack } from '../support/tiny-pack.ts'
import { openBenchDatabase } from './database.ts'
import { type BenchFigure, figure } from './figure.ts'

const earners = 1_000

/** A quarterly plan over many events: computed first, computed again, and what the same sums cost by hand. */
export async function benchPlans(rows = Number(process.env.BENCH_ROWS ?? 1_000_000)): Promise<BenchFigure[]> {
  const database = await openBenchDatabase()
  try {
    const composed = await composeServices(testConfig(database.url), {
      connections: 8,
      log: createLogger({ logLevel: 'warn' }),
    })
    try {
      return await measure(composed.services, rows)
    } finally {
      await composed.close()
    }
  } finally {
    await database.close()
  }
}

async function measure(services: Services, rows: number): Promise<BenchFigure[]> {
  const workspace = await createWorkspace(services, {
    key: 'plans',
    title: { en: 'Plans', zh: '激励' },
    timeZone: 'UTC',
  })
  await publishSources(services, workspace, definitions())
  await fillOrders(services, workspace, rows)
  const byHand = await time(() => sumByHand(services, workspace))
  const first = await time(() => runPlanNow(services, workspace.key, 'bonus'))
  const again = await time(() => runPlanNow(services, workspace.key, 'bonus'))
  return [
    figure(`plan over ${rows} events, ${earners} earners: first run, everything posted`, first, 's', byHand),
    figure(`plan over ${rows} events, ${earners} earners: run again, nothing to post`, again, 's', byHand),
  ]
}

async function time(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now()
  await work()
  return (performance.now() - begun) / 1000
}

function definitions(): DefinitionSource[] {
  return tinyPack((d) => {
    fieldsOf(d, 'objects/order.json').sold = {
      'x-field': 'date',
      'x-id': 'f_sold',
      title: 'Sold',
      'x-title': { zh: 'Sold' },
      type: 'string',
      format: 'date',
    }
    d['plans/bonus.json'] = {
      kind: 'plan/1',
      key: 'bonus',
      'x-id': 'pl_bonus',
      title: { en: 'Bonus', zh: '奖励' },
      currency: 'CNY',
      effective: { from: '2026-01-01' },
      events: { object: 'order', date: 'sold', earner: 'org', when: true },
      measures: {
        amount: { 'x-id': 'm_amount', method: 'sum', of: { '??': [{ var: 'amount' }, 0] } },
        orders: { 'x-id': 'm_orders', method: 'count' },
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
        ],
      },
      rounding: { scale: 2, mode: 'half_up' },
    }
  })
}

async function fillOrders(services: Services, { schema }: Workspace, rows: number): Promise<void> {
  const client = await services.owner.connect()
  try {
    for (const table of ['org', 'order'])
      await client.query(`ALTER TABLE "${schema}"."${table}" DISABLE TRIGGER cw_history`)
    const id = (n: string) => `('00000000-0000-7000-8000-' || lpad(to_hex(${n}), 12, '0'))::uuid`
    await client.query(
      `INSERT INTO "${schema}".org (id, release, created_at, updated_at, name)
       SELECT ${id('n')}, 1, now(), now(), 'Org ' || n FROM generate_series(1, ${earners}) n`,
    )
    await client.query(
      `INSERT INTO "${schema}"."order" (id, release, created_at, updated_at, org, code, amount, sold)
       SELECT ${id('n')}, 1, now(), now(), ${id(`1 + n % ${earners}`)}, 'C' || n, 100 + n % 900,
         '2026-01-01'::date + n % 365 FROM generate_series(1, $1::int) n`,
      [rows],
    )
    await client.query(`VACUUM ANALYZE "${schema}"."order"`)
  } finally {
    client.release()
  }
}

/** The windows' sums and nothing else. */
function sumByHand(services: Services, { schema }: Workspace): Promise<unknown> {
  return services.owner.query(
    `SELECT org, date_trunc('quarter', sold), sum(amount), count(*) FROM "${schema}"."order"
     WHERE deleted_at IS NULL AND amount IS NOT NULL GROUP BY 1, 2`,
  )
}
