import { tmpdir } from 'node:os'
import type { ReplayedCase, ReplayLine, SimulateReply } from '@channelwright/runtime/api/flow-trials.ts'
import { drainJobs } from '@channelwright/server/jobs/drain-jobs.ts'
import { readPacks } from '@channelwright/server/packs/read-pack.ts'
import { beforeAll, describe, expect, test } from 'vitest'
import { useDealPeople } from '../support/deal-people.ts'
import { templates } from '../support/deal-workspace.ts'
import type { TestMember } from '../support/members.ts'
import { runCw } from '../support/run-cw.ts'

// A flow is tried before it is published: one case is walked, many are replayed. Nothing of it is written.

const key = 'trials'
const world = useDealPeople(key)
const { api, at, submit } = world
let flowText: string
let boss: TestMember

beforeAll(async () => {
  const { deals, people } = world
  boss = await deals.join({ name: 'Bo Boss', roles: ['channel_manager'] })
  await deals.seed('employee', { name: 'Mei', user: people.manager.user, supervisor: boss.user })
  const { sources } = await readPacks([templates])
  flowText = sources.find(({ path }) => path === 'flows/registration_approval.json')!.text
}, 120_000)

async function decide(member: TestMember, record: string, decision: string, values = {}): Promise<void> {
  const { body } = await api(member)('GET', at('tasks?limit=200'))
  const task = body.tasks.find((one: { record: string }) => one.record === record)
  const answer = await api(member)('POST', at(`tasks/${task.id}/decision`), {
    body: {
      decision,
      values,
      comment: 'Seen',
      taskRev: task.rev,
      commandId: world.server.services.ids.next(),
    },
  })
  expect(answer.status, answer.text).toBe(200)
  await drainJobs(world.server.services, key)
}

/** The pack's flow with other words. */
function drafted(
  change: (flow: { nodes: Record<string, unknown>[]; edges: Record<string, unknown>[] }) => void,
) {
  const flow = JSON.parse(flowText)
  change(flow)
  return {
    pack: 'deal_registration',
    path: 'flows/registration_approval.json',
    text: JSON.stringify(flow),
  }
}

async function simulate(body: Record<string, unknown>): Promise<SimulateReply> {
  const answer = await api(world.people.admin)('POST', at('flows/registration_approval/simulate'), {
    body: body as never,
  })
  expect(answer.status, answer.text).toBe(200)
  return answer.body
}

async function rowsOfFlows(): Promise<string> {
  const { rows } = await world.server.services.owner.query(
    `SELECT (SELECT count(*) FROM ws_trials.cw_run) AS runs, (SELECT count(*) FROM ws_trials.cw_event) AS events,
       (SELECT count(*) FROM ws_trials.cw_history) AS history, (SELECT count(*) FROM ws_trials.cw_notification) AS told`,
  )
  return JSON.stringify(rows[0])
}

describe('a simulated case', () => {
  test('tells who gets which task and why, which way is taken and what would be written', async () => {
    const record = await submit('600000.00')
    await drainJobs(world.server.services, key)
    const before = await rowsOfFlows()
    const told = await simulate({ record, applicant: world.people.sales.user })
    expect([told.status, told.outcome]).toEqual(['approved', 'approved'])
    expect(told.path).toEqual(['n_start', 'n_manager', 'n_size', 'n_director', 'n_approve', 'n_approved'])
    const tasks = told.steps.flatMap((step) => step.tasks)
    expect(tasks.map(({ node, assignee }) => [node, assignee.name])).toEqual([
      ['n_manager', 'Mei Manager'],
      ['n_director', 'Dan Director'],
    ])
    expect(tasks.map(({ because }) => because.map(({ en }) => en))).toEqual([
      ['the field "Partner › Channel manager" of the record'],
      [expect.stringContaining('the role "')],
    ])
    const [branch] = told.steps.flatMap((step) => step.branches)
    expect(branch).toMatchObject({ node: 'n_size', edge: 'e4', holds: true })
    expect(branch?.trace?.en.join()).toContain('600,000')
    expect(branch?.trace?.zh.join()).not.toBe('')
    expect(told.edges).toEqual(['e1', 'e2', 'e4', 'e6', 'e8'])
    const effect = told.steps.find((step) => step.effect !== null)?.effect
    expect(effect).toMatchObject({ type: 'set_fields', values: { state: 'approved' } })
    expect(told.changes.find(({ field }) => field === 'state')).toMatchObject({ after: 'approved' })
    expect(told.trigger?.holds).toBe(true)
    expect(await rowsOfFlows()).toBe(before)
  })

  test('follows answers, lets time pass where nobody acts, and takes values of a record that is made up', async () => {
    const values = {
      partner: world.partner,
      customer_name: 'New',
      product_line: world.line,
      amount: '10.00',
      state: 'draft',
    }
    const unsaved = drafted((flow) => {
      const manager = flow.nodes.find((node) => node['x-id'] === 'n_manager')!
      manager.timeouts = [
        { after: 1, unit: 'day', do: 'remind' },
        { after: 2, unit: 'day', do: 'escalate', max: 1 },
      ]
    })
    const refused = await simulate({ values, decisions: { n_manager: 'reject' } })
    expect(refused.path.at(-1)).toBe('n_rejected')
    expect(refused.trigger?.holds).toBe(false)
    const waits = await simulate({
      values,
      unsaved,
      at: '2026-03-02T01:00:00.000Z',
      decisions: { n_manager: '-' },
    })
    expect(waits.waits_at).toEqual(['n_manager'])
    const timers = waits.steps.filter(({ kind }) => kind === 'timer')
    expect(timers.map((step) => step.at.slice(0, 10))).toEqual(['2026-03-03', '2026-03-04'])
    expect(timers.at(-1)?.tasks[0]?.assignee.name).toBe('Bo Boss')
    expect(
      waits.steps
        .at(-1)
        ?.said.map(({ en }) => en)
        .join(),
    ).not.toContain(boss.user)
  })

  test('goes by delegations that are open then', async () => {
    await world.server.services.owner.query(
      `INSERT INTO ws_trials.cw_delegation (id, from_user, to_user, starts_at, ends_at, mode, created_by, created_at)
       VALUES (gen_random_uuid(), $1, $2, '2031-01-01', '2031-02-01', 'replace', $1, now())`,
      [world.people.manager.user, boss.user],
    )
    const values = { partner: world.partner, customer_name: 'New', product_line: world.line, amount: '10.00' }
    const askedAt = async (day: string) =>
      (await simulate({ values, at: `${day}T01:00:00.000Z` })).steps[0]?.tasks[0]
    expect((await askedAt('2031-01-05'))?.assignee.name).toBe('Bo Boss')
    expect((await askedAt('2031-01-05'))?.on_behalf_of?.name).toBe('Mei Manager')
    expect((await askedAt('2031-03-05'))?.assignee.name).toBe('Mei Manager')
  })

  test('refuses what can not be tried, and whoever may not design', async () => {
    const call = async (member: TestMember, path: string, body: Record<string, unknown>) => {
      const answer = await api(member)('POST', at(`flows/${path}`), { body: body as never })
      return `${answer.status} ${answer.body.code}`
    }
    const simulated = 'registration_approval/simulate'
    expect(await call(world.people.admin, 'nothing/simulate', {})).toBe('404 FLOW_TRIAL_UNKNOWN')
    expect(await call(world.people.admin, simulated, {})).toBe('422 FLOW_TRIAL_RECORD')
    expect(
      await call(world.people.admin, simulated, { values: { partner: world.server.services.ids.next() } }),
    ).toBe('422 FLOW_TRIAL_RECORD')
    expect(await call(world.people.admin, simulated, { record: world.server.services.ids.next() })).toBe(
      '404 RECORD_NOT_FOUND',
    )
    const wrong = await api(world.people.admin)('POST', at(`flows/${simulated}`), {
      body: {
        values: { partner: world.partner, amount: 'abc', colour: 'red' },
        applicant: world.server.services.ids.next(),
        decisions: { n_manager: 'perhaps', n_size: 'approve', n_gone: '-' },
      },
    })
    expect(`${wrong.status} ${wrong.body.code}`).toBe('422 FLOW_TRIAL_INPUT')
    expect(
      wrong.body.details.map((one: { path: string; code: string }) => `${one.path} ${one.code}`),
    ).toEqual([
      '/decisions/n_manager FLOW_TRIAL_ANSWER',
      '/decisions/n_size FLOW_TRIAL_STEP',
      '/decisions/n_gone FLOW_TRIAL_STEP',
      '/applicant FLOW_TRIAL_APPLICANT',
      '/values/colour FIELD_UNKNOWN',
      '/values/amount FIELD_DECIMAL',
    ])
    const unsaved = drafted((flow) => {
      flow.edges.pop()
    })
    expect(await call(world.people.admin, simulated, { unsaved, values: {} })).toBe('422 FLOW_TRIAL_UNSOUND')
    expect((await call(world.people.sales, simulated, { values: {} })).slice(0, 3)).toBe('403')
    expect((await call(world.people.manager, 'registration_approval/replay', {})).slice(0, 3)).toBe('403')
  })
})

describe('real cases replayed', () => {
  async function replay(body: Record<string, unknown>): Promise<ReplayLine[]> {
    const answer = await fetch(world.server.url + at('flows/registration_approval/replay'), {
      method: 'POST',
      headers: { cookie: world.people.admin.cookie, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    const text = await answer.text()
    expect(answer.status, text).toBe(200)
    return text
      .trim()
      .split('\n')
      .map((one) => JSON.parse(one))
  }
  const casesOf = (lines: ReplayLine[]): ReplayedCase[] =>
    lines.flatMap((one) => (one.kind === 'case' ? [one.case] : []))
  const records: Record<string, string> = {}

  test('on the same flow they come to the same, whatever happened to their records since', async () => {
    records.small = await submit('1000.00')
    world.server.clock.advance({ hours: 3 })
    await decide(world.people.manager, records.small, 'approve', { protection_days: 60 })
    records.middle = await submit('200000.00')
    world.server.clock.advance({ hours: 5 })
    await decide(world.people.manager, records.middle, 'approve')
    records.large = await submit('900000.00')
    await decide(world.people.manager, records.large, 'approve')
    world.server.clock.advance({ days: 2 })
    await decide(world.people.director, records.large, 'reject', { refusal_reason: 'direct' })
    records.open = await submit('3000.00')
    world.server.clock.advance({ hours: 1 })
    // The amount of the small one is another today; the case began with the old one.
    await world.server.services.owner.query(
      `UPDATE ws_trials.registration SET amount = 777777, rev = rev + 1 WHERE id = $1`,
      [records.small],
    )
    const before = await rowsOfFlows()
    const lines = await replay({ last: 4 })
    expect(lines[0]).toEqual({ kind: 'begin', cases: 4 })
    const cases = casesOf(lines)
    expect(cases.map((one) => one.problem)).toEqual([null, null, null, null])
    expect(cases.map((one) => [one.retraced, one.differs])).toEqual(cases.map(() => [true, []]))
    expect(cases.map(({ after }) => after.outcome)).toEqual([null, 'rejected', 'approved', 'approved'])
    expect(cases.find(({ record }) => record === records.small)?.after.seconds).toBe(3 * 3600)
    expect(cases.find(({ record }) => record === records.small)?.title).not.toBeNull()
    const sum = lines.at(-1)
    expect(sum).toMatchObject({ kind: 'sum', sum: { cases: 4, same: 4, retraced: 4, failed: 0, cut: false } })
    expect(await rowsOfFlows()).toBe(before)
  })

  test('on a draft they tell what would have come out otherwise, each and in sum', async () => {
    const unsaved = drafted((flow) => {
      // Directors from 100,000 on, the boss instead of the manager, and another state for what is refused.
      flow.edges.find((edge) => edge['x-id'] === 'e4')!.when = { '>=': [{ var: 'amount' }, 100_000] }
      const manager = flow.nodes.find((node) => node['x-id'] === 'n_manager')!
      manager.approvers = [{ kind: 'user', user: boss.user }]
      const end = flow.nodes.find((node) => node['x-id'] === 'n_rejected')!
      end.outcome = 'refused'
    })
    const lines = await replay({ last: 4, unsaved })
    const byRecord = new Map(casesOf(lines).map((one) => [one.record, one]))
    const middle = byRecord.get(records.middle!)!
    expect([...middle.differs].sort()).toEqual(['path', 'people'])
    expect(middle.words.map(({ en }) => en)).toEqual([
      'Also goes through "Channel director"',
      '"Channel manager": Bo Boss is asked instead of Mei Manager',
    ])
    expect(middle.words.every(({ zh }) => zh !== '')).toBe(true)
    expect(byRecord.get(records.large!)?.differs).toContain('outcome')
    expect(byRecord.get(records.small!)?.differs).toEqual(['people'])
    expect(byRecord.get(records.open!)?.differs).toEqual(['people'])
    expect(lines.at(-1)).toMatchObject({
      sum: {
        same: 0,
        differs: { people: 4, path: 1, outcome: 1 },
        outcomes: [{ before: 'rejected', after: 'refused', cases: 1 }],
      },
    })
  })

  test('repeat what was passed on, asked of others, and done by administrators', async () => {
    const { manager, director, admin } = world.people
    const id = () => world.server.services.ids.next()
    const taskOf = async (member: TestMember, record: string) => {
      const { body } = await api(member)('GET', at('tasks?limit=200'))
      return body.tasks.find((one: { record: string }) => one.record === record)
    }
    const give = async (
      member: TestMember,
      record: string,
      command: string,
      body: Record<string, unknown>,
    ) => {
      const task = await taskOf(command === 'reassign' ? manager : member, record)
      const answer = await api(member)('POST', at(`tasks/${task.id}/${command}`), {
        body: { commandId: id(), taskRev: task.rev, ...body } as never,
      })
      expect(answer.status, answer.text).toBe(200)
      world.server.clock.advance({ hours: 1 })
    }
    const steer = async (record: string, command: string, body: Record<string, unknown>) => {
      const { body: found } = await api(admin)('GET', at(`runs?object=registration&record=${record}`))
      const answer = await api(admin)('POST', at(`runs/${found.runs[0].id}/${command}`), {
        body: { commandId: id(), reason: 'So be it', ...body } as never,
      })
      expect(answer.status, answer.text).toBe(200)
      world.server.clock.advance({ hours: 1 })
      await drainJobs(world.server.services, key)
    }
    const passed = await submit('1000.00')
    await give(manager, passed, 'transfer', { to: boss.user, comment: 'Yours' })
    await decide(boss, passed, 'reject', { refusal_reason: 'direct' })
    const asked = await submit('1000.00')
    await give(manager, asked, 'delegate', { to: boss.user, comment: 'What do you think?' })
    await decide(boss, asked, 'approve')
    world.server.clock.advance({ hours: 1 })
    await decide(manager, asked, 'reject', { refusal_reason: 'direct' })
    const given = await submit('1000.00')
    await give(admin, given, 'reassign', { to: director.user, reason: 'Away' })
    await decide(director, given, 'approve')
    const jumped = await submit('1000.00')
    await steer(jumped, 'jump', { node: 'n_director' })
    await decide(director, jumped, 'approve')
    const rested = await submit('1000.00')
    await steer(rested, 'suspend', {})
    await steer(rested, 'resume', {})
    await steer(rested, 'terminate', {})
    const cases = casesOf(await replay({ last: 5 }))
    const told = new Map(cases.map((one) => [one.record, one]))
    expect(cases.map((one) => [one.retraced, one.differs, one.problem])).toEqual(
      cases.map(() => [true, [], null]),
    )
    const askedAt = (record: string) => told.get(record)?.after.people.map(({ person }) => person.name)
    expect(askedAt(passed)).toEqual(['Mei Manager', 'Bo Boss'])
    expect(askedAt(asked)).toEqual(['Mei Manager', 'Bo Boss'])
    expect(askedAt(given)).toEqual(['Mei Manager', 'Dan Director'])
    expect(told.get(jumped)?.after.path).toContain('n_director')
    expect([passed, asked, given, jumped, rested].map((one) => told.get(one)?.after.status)).toEqual([
      'rejected',
      'rejected',
      'approved',
      'approved',
      'terminated',
    ])
  })

  test('stop when whoever asked goes away', async () => {
    const gone = new AbortController()
    const answer = await fetch(world.server.url + at('flows/registration_approval/replay'), {
      method: 'POST',
      headers: { cookie: world.people.admin.cookie, 'content-type': 'application/json' },
      body: JSON.stringify({ last: 200 }),
      signal: gone.signal,
    })
    const reader = answer.body!.getReader()
    await reader.read()
    gone.abort()
    await expect(reader.read()).rejects.toThrow()
  })
})

test('the command line does the same, in the name of whoever may design', async () => {
  const { databaseUrl } = world.server.services.config
  const run = (...words: string[]) =>
    runCw(['flow', ...words, '--workspace', key, '--flow', 'registration_approval'], {
      folder: tmpdir(),
      databaseUrl,
    })
  const { rows } = await world.server.services.owner.query<{ id: string }>(
    'SELECT record AS id FROM ws_trials.cw_run ORDER BY started_at LIMIT 1',
  )
  const checked = await run('check')
  expect(checked.code, checked.err).toBe(0)
  expect(checked.out).toContain('The flows are sound.')
  const walked = await run('simulate', '--record', rows[0]!.id, '--decide', 'n_manager=-')
  expect(walked.code, walked.err).toBe(1)
  expect(walked.out).toContain('Mei Manager ← the field')
  expect(walked.out).toContain('It waits at: Channel manager')
  const wrong = await run('simulate', '--record', rows[0]!.id, '--decide', 'n_manger=-')
  expect([wrong.code, wrong.err]).toEqual([1, expect.stringContaining('no step "n_manger"')])
  const replayed = await run('replay', '--last', '2', '--json')
  expect(replayed.code, replayed.err).toBe(0)
  expect(JSON.parse(replayed.out.trim().split('\n').at(-1)!)).toMatchObject({ sum: { cases: 2, same: 2 } })
}, 60_000)
