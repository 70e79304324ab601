import { createApp, listen, stopListening } from '@channelwright/server/app.ts'
import { publishSources } from '@channelwright/server/publish/publish-sources.ts'
import { createWorkspace } from '@channelwright/server/publish/workspace.ts'
import type { Services } from '@channelwright/server/services.ts'
import type { PoolClient } from 'pg'
import { createDealWorkspace } from '../support/deal-workspace.ts'
import { addMember, callAs, type TestMember } from '../support/members.ts'
import { plainApprovalSources } from './plain-approval.ts'

/** One case that waits for an approver, begun as anybody would, of which the bench makes as many as it wants. */
export interface Pattern {
  /** Key of the workspace. */
  readonly workspace: string
  readonly approver: TestMember
  /** Somebody else, whose tasks fill the tables. */
  readonly others: TestMember
  /** The table of its object, quoted. */
  readonly table: string
  readonly record: string
  /** Columns that each copy of the record has for itself, as SQL over its row `c` of the table `copies`. */
  readonly own: Readonly<Record<string, string>>
}

/** As many as the demo has: amounts are computed for each by itself. */
const partnerCount = 44

/** Approvals of a record of three fields: one writes its outcome into it, one has a job tell the person of it. */
export async function preparePlain(
  services: Services,
): Promise<{ readonly written: Pattern; readonly told: Pattern }> {
  const workspace = await createWorkspace(services, {
    key: 'plain',
    title: { en: 'Plain', zh: '简单' },
    timeZone: 'Asia/Shanghai',
  })
  await publishSources(services, workspace, plainApprovalSources())
  const join = (name: string, role: string) => addMember(services, workspace, { name, roles: [role] })
  const approver = await join('Bench Lead', 'lead')
  const asker = await join('Bench Asker', 'asker')
  const others = await join('Other Lead', 'lead')
  const make = async (state: string): Promise<Pattern> => ({
    workspace: 'plain',
    approver,
    others,
    table: '"ws_plain"."expense"',
    record: await submit(services, asker, '/api/v1/plain/records/expense', {
      name: 'Bench expense',
      amount: '1000.00',
      state,
    }),
    own: { id: 'c.record', state: `'${state}'` },
  })
  return { written: await make('submitted'), told: await make('told') }
}

/** The registration of a deal: protection kept by the table, thirteen indexes, a bonus that becomes due. */
export async function prepareRegistration(services: Services): Promise<Pattern> {
  const deals = await createDealWorkspace(services, 'bench')
  const approver = await deals.join({ name: 'Bench Manager', roles: ['channel_manager'] })
  const others = await deals.join({ name: 'Other Manager', roles: ['channel_manager'] })
  const partners: string[] = []
  for (let at = 1; at <= partnerCount; at++)
    partners.push(
      await deals.seed('partner', {
        legal_name: `Bench ${at} Ltd`,
        type: 'reseller',
        status: 'active',
        channel_manager: approver.user,
      }),
    )
  const [partner] = partners
  const line = await deals.seed('product_line', { code: 'B', name: 'Bench' })
  const sales = await deals.join({ name: 'Bench Sales', roles: ['partner_sales'], partner })
  const record = await submit(services, sales, '/api/v1/bench/records/registration?form=registration_new', {
    customer_name: 'Bench customer',
    product_line: line,
    amount: '1000.00',
    close_on: '2099-01-01',
    note: 'They have a budget and a date.',
  })
  return {
    workspace: 'bench',
    approver,
    others,
    table: `"ws_bench"."${deals.served.tables.get('registration')!.table}"`,
    record,
    // Names and numbers are unique among open ones.
    own: {
      id: 'c.record',
      number: `'B-' || c.record`,
      customer_name: `'Copy ' || c.record`,
      customer_key: `'copy ' || c.record`,
      state: `'submitted'`,
      partner: `('{${partners.join(',')}}'::uuid[])[1 + c.n % ${partnerCount}]`,
    },
  }
}

async function submit(services: Services, member: TestMember, path: string, body: Record<string, string>) {
  const app = createApp(services)
  const { server, port } = await listen(app, 0)
  try {
    const answer = await callAs(`http://127.0.0.1:${port}`, member)('POST', path, { body })
    if (answer.status !== 201) throw new Error(answer.text)
    return answer.body.record.id as string
  } finally {
    await stopListening(app, server, 1_000)
    await app.close()
  }
}

/**
 * So many copies of the case, straight into the tables, for its approver or for `others`; returns their tasks, at most
 * 100,000. Ended ones share a record: a million more would measure how its constraints are kept.
 */
export async function multiply(
  { owner }: Services,
  pattern: Pattern,
  status: 'running' | 'approved',
  count: number,
  whose: 'approver' | 'others' = 'approver',
): Promise<string[]> {
  const schema = `"ws_${pattern.workspace}"`
  const assignee = `'${pattern[whose].user}'`
  const ended = status === 'approved'
  const client = await owner.connect()
  try {
    await client.query('BEGIN')
    await client.query(`ALTER TABLE ${pattern.table} DISABLE TRIGGER ALL`)
    await client.query(
      `CREATE TEMP TABLE copies ON COMMIT DROP AS SELECT n, gen_random_uuid() AS record, gen_random_uuid() AS run,
         gen_random_uuid() AS activation, gen_random_uuid() AS task FROM generate_series(1, $1::int) n`,
      [count],
    )
    if (!ended) await copyRows(client, pattern.table, pattern.own, 't.id = $1', pattern.record)
    const ofRecord = ended ? `'${pattern.record}'::uuid` : 'c.record'
    const ofRun = `t.run = (SELECT id FROM ${schema}.cw_run WHERE record = $1 AND status = 'running')`
    await copyRows(
      client,
      `${schema}.cw_run`,
      {
        id: 'c.run',
        record: ofRecord,
        status: `'${status}'`,
        started_at: `now() - c.n * interval '1 second'`,
        ended_at: ended ? 'now()' : 'NULL',
      },
      `t.record = $1 AND t.status = 'running'`,
      pattern.record,
    )
    await copyRows(
      client,
      `${schema}.cw_activation`,
      { id: 'c.activation', run: 'c.run', seq: '0', status: ended ? `'done'` : `'active'` },
      `${ofRun} AND t.status = 'active'`,
      pattern.record,
    )
    await copyRows(
      client,
      `${schema}.cw_task`,
      {
        id: 'c.task',
        run: 'c.run',
        record: ofRecord,
        activation: 'c.activation',
        assignee,
        state: ended ? `'approved'` : `'pending'`,
        created_at: `now() - c.n * interval '1 second'`,
        decided_at: ended ? 'now()' : 'NULL',
        decided_by: ended ? assignee : 'NULL',
      },
      `${ofRun} AND t.state = 'pending' AND t.assignee = '${pattern.approver.user}'`,
      pattern.record,
    )
    await client.query(`ALTER TABLE ${pattern.table} ENABLE TRIGGER ALL`)
    await client.query(`ALTER TABLE ${pattern.table} ENABLE ALWAYS TRIGGER cw_history`)
    const { rows } = await client.query<{ task: string }>('SELECT task FROM copies LIMIT 100000')
    await client.query('COMMIT')
    return rows.map((row) => row.task)
  } catch (error) {
    await client.query('ROLLBACK')
    throw error
  } finally {
    client.release()
  }
}

/** The row of `table` that `where` finds by `$1`, once for each of `copies`, with what is its own. */
async function copyRows(
  client: PoolClient,
  table: string,
  own: Readonly<Record<string, string>>,
  where: string,
  id: string,
): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT quote_ident(attname) AS name FROM pg_attribute
     WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' AND attname <> ALL ($2)`,
    [table, Object.keys(own)],
  )
  const rest = rows.map((row) => row.name)
  await client.query(
    `INSERT INTO ${table} (${[...Object.keys(own), ...rest].join(', ')})
     SELECT ${[...Object.values(own), ...rest.map((name) => `t.${name}`)].join(', ')}
     FROM ${table} t, copies c WHERE ${where}`,
    [id],
  )
}
