import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { DefinitionSource } from '@channelwright/runtime/definition/definition-set.ts'
import { changeMember } from '@channelwright/server/auth/members.ts'
import { createPool, deriveLoginPassword, replaceUser } from '@channelwright/server/db/pools.ts'
import { approveTasks } from '@channelwright/server/flows/batch.ts'
import { fireTimer } from '@channelwright/server/flows/timers.ts'
import { drainJobs, nextJobAt } from '@channelwright/server/jobs/drain-jobs.ts'
import { endStreams, mostStreams } from '@channelwright/server/routes/event-stream.ts'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startCutProxy, throughPort } from '../support/cut-proxy.ts'
import { createDealWorkspace, type DealWorkspace } from '../support/deal-workspace.ts'
import { callAs, type TestMember } from '../support/members.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

// What the server does around runs: lists, several tasks at once, people who stand in or leave, timers, e-mails, streams.

const key = 'service'
let server: TestServer
let deals: DealWorkspace
let line: string
let people: Record<'manager' | 'deputy' | 'boss' | 'director' | 'sales' | 'admin', TestMember>

/** The manager's step does not see the note, reminds after an hour and goes to their superior after four. */
function withTimeouts(source: DefinitionSource): DefinitionSource {
  if (!source.path.endsWith('flows/registration_approval.json')) return source
  const flow = JSON.parse(source.text) as { nodes: Record<string, unknown>[] }
  for (const node of flow.nodes)
    if (node['x-id'] === 'n_manager') {
      delete node.form
      node.fields = { note: 'hidden' }
      node.timeouts = [
        { after: 1, unit: 'hour', do: 'remind' },
        { after: 4, unit: 'hour', do: 'escalate' },
      ]
    } else if (node['x-id'] === 'n_start') node.fields = { note: 'rw', amount: 'rw' }
    else if (node['x-id'] === 'n_director') node.returnTo = { resume: 'ask' }
  return { ...source, text: JSON.stringify(flow) }
}

beforeAll(async () => {
  server = await startTestServer()
  deals = await createDealWorkspace(server.services, key, withTimeouts)
  const join = (name: string, roles: string[], partner?: string) =>
    deals.join({ name, roles, ...(partner === undefined ? {} : { partner }) })
  const manager = await join('Mei Manager', ['channel_manager'])
  const boss = await join('Bo Boss', ['director'])
  await deals.seed('employee', { name: 'Mei', user: manager.user, supervisor: boss.user })
  const partner = await deals.seed('partner', {
    legal_name: 'Orion Ltd',
    type: 'reseller',
    status: 'active',
    channel_manager: manager.user,
  })
  line = await deals.seed('product_line', { code: 'SRV', name: 'Servers' })
  people = {
    manager,
    boss,
    deputy: await join('Dee Deputy', ['channel_manager']),
    director: await join('Dan Director', ['director']),
    sales: await join('Sam Sales', ['partner_sales'], partner),
    admin: await join('Ada Admin', ['business_admin']),
  }
}, 120_000)

afterAll(() => server?.close())

const api = (member: TestMember) => callAs(server.url, member)
const at = (path: string) => `/api/v1/${key}/${path}`
const commandId = () => server.services.ids.next()
const settle = () => drainJobs(server.services, key)
let customers = 0

async function submit(amount = '1000.00'): Promise<string> {
  customers += 1
  const answer = await api(people.sales)('POST', at('records/registration?form=registration_new'), {
    body: {
      customer_name: `Customer number ${customers}`,
      product_line: line,
      amount,
      close_on: '2027-05-01',
      note: 'They have a budget and a date.',
    },
  })
  expect(answer.status, answer.text).toBe(201)
  return answer.body.record.id
}

async function todo(member: TestMember, record: string) {
  const { body } = await api(member)('GET', at('tasks?limit=200'))
  return body.tasks.find((task: { record: string }) => task.record === record)
}

async function runOf(record: string) {
  const { body } = await api(people.admin)('GET', at(`runs?object=registration&record=${record}`))
  return body.runs[0]
}

/** Until so many sessions wait for a lock. */
async function waitingForRun(count: number): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const { rows } = await server.services.owner.query<{ n: number }>(
      `SELECT count(*)::integer AS n FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    )
    if (rows[0]!.n >= count) return
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  throw new Error(`${count} sessions never waited`)
}

describe('timers', () => {
  test('fire at their time, once each, by the clock of the workspace', async () => {
    const record = await submit()
    await settle()
    const due = await nextJobAt(server.services, key)
    expect(Date.parse(due ?? '') - Date.parse(server.clock.now())).toBe(3_600_000)
    server.clock.advance({ hours: 1 })
    await settle()
    await settle()
    const reminded = (await runOf(record)).timeline.filter(
      (one: { type: string }) => one.type === 'timed_out',
    )
    expect(reminded).toHaveLength(1)
    server.clock.advance({ hours: 3 })
    await settle()
    expect(await todo(people.boss, record)).toBeDefined()
    const told = await api(people.boss)('GET', at('notifications'))
    expect(told.body.notifications[0]).toMatchObject({ kind: 'task', read_at: null })
    expect(told.body.notifications[0].sentence.en).toContain('waits for you')
  })

  test('that come due while somebody decides do nothing, and that is written down once', async () => {
    const { services } = server
    const record = await submit()
    await settle()
    const task = await todo(people.manager, record)
    const { rows: timers } = await services.owner.query<{ id: string }>(
      `SELECT t.id FROM ws_service.cw_timer t JOIN ws_service.cw_run r ON r.id = t.run
       WHERE r.record = $1 AND t.state = 'open' ORDER BY t.due_at`,
      [record],
    )
    server.clock.advance({ hours: 1 })
    // Both stand in the queue before the run, the decision first.
    const holder = await services.owner.connect()
    await holder.query('BEGIN')
    await holder.query('SELECT FROM ws_service.cw_run WHERE record = $1 FOR UPDATE', [record])
    const decided = api(people.manager)('POST', at(`tasks/${task.id}/decision`), {
      body: { decision: 'approve', taskRev: task.rev, commandId: commandId() },
    })
    await waitingForRun(1)
    const fired = fireTimer(services, key, timers[0]!.id)
    await waitingForRun(2)
    await holder.query('COMMIT')
    holder.release()
    expect((await decided).status).toBe(200)
    await fired
    await fireTimer(services, key, timers[0]!.id)
    await fireTimer(services, key, timers[1]!.id)
    await settle()
    const said = (await runOf(record)).timeline.map((one: { type: string }) => one.type)
    expect(said.filter((type: string) => type === 'timer_late')).toHaveLength(1)
    expect(said).not.toContain('timed_out')
  })

  test('a timer of a decided task is gone with its job', async () => {
    const record = await submit()
    await settle()
    const task = await todo(people.manager, record)
    const decided = await api(people.manager)('POST', at(`tasks/${task.id}/decision`), {
      body: { decision: 'approve', taskRev: task.rev, commandId: commandId() },
    })
    expect(decided.status, decided.text).toBe(200)
    await settle()
    const { rows } = await server.services.owner.query(
      `SELECT t.state FROM ws_service.cw_timer t JOIN ws_service.cw_run r ON r.id = t.run WHERE r.record = $1`,
      [record],
    )
    expect(rows.map((row) => row.state)).toEqual(['cancelled', 'cancelled'])
    const jobs = await server.services.owner.query(
      `SELECT count(*)::integer AS n FROM channelwright_jobs._private_jobs j
       JOIN channelwright_jobs._private_tasks t ON t.id = j.task_id
       WHERE t.identifier = 'fire-timer' AND payload->'payload'->>'timer' IN
         (SELECT t.id::text FROM ws_service.cw_timer t JOIN ws_service.cw_run r ON r.id = t.run WHERE r.record = $1)`,
      [record],
    )
    expect(jobs.rows[0].n).toBe(0)
  })
})

describe('a case that was sent back', () => {
  async function sendBack(member: TestMember, record: string, resume: string) {
    const task = await todo(member, record)
    const answer = await api(member)('POST', at(`tasks/${task.id}/send_back`), {
      body: {
        to: 'n_start',
        resume,
        comment: 'A word is missing',
        taskRev: task.rev,
        commandId: commandId(),
      },
    })
    expect(answer.status, answer.text).toBe(200)
  }
  async function decide(member: TestMember, record: string, decision: string, values = {}) {
    const task = await todo(member, record)
    const answer = await api(member)('POST', at(`tasks/${task.id}/decision`), {
      body: { decision, values, taskRev: task.rev, commandId: commandId() },
    })
    expect(answer.status, answer.text).toBe(200)
  }

  test('goes straight back past those who could not see what has changed, and to them again otherwise', async () => {
    const record = await submit('600000.00')
    await decide(people.manager, record, 'approve')
    await sendBack(people.director, record, 'direct')
    expect((await runOf(record)).status).toBe('returned')
    await decide(people.sales, record, 'submit', { note: 'They have a budget, a date and a need.' })
    expect(await todo(people.manager, record)).toBeUndefined()
    await sendBack(people.director, record, 'direct')
    await decide(people.sales, record, 'submit', { amount: '700000.00' })
    expect(await todo(people.director, record)).toBeUndefined()
    expect(await todo(people.manager, record)).toBeDefined()
  })
})

describe('lists', () => {
  test('an inbox is narrowed by name, flow, applicant and lateness', async () => {
    await submit()
    const record = await submit()
    const ask = async (query: string) =>
      (await api(people.manager)('GET', at(`tasks?limit=200&${query}`))).body.tasks.map(
        (task: { record: string }) => task.record,
      )
    const { title } = await todo(people.manager, record)
    expect(await ask(`search=${title}`)).toEqual([record])
    expect(await ask('search=nothing like it')).toEqual([])
    expect(await ask(`applicant=${people.sales.user}`)).toContain(record)
    expect(await ask(`applicant=${people.boss.user}`)).toEqual([])
    expect(await ask('overdue=true')).not.toContain(record)
    expect(await ask('flow=registration_approval')).toContain(record)
    const started = await api(people.sales)('GET', at('inbox/runs?box=started&limit=1'))
    expect(started.body.runs[0]).toMatchObject({ record, waiting_for: [{ id: people.manager.user }] })
    expect(started.body.next).not.toBeNull()
    const large = await submit('640000.00')
    expect(await ask('from=640000.00&to=640000')).toEqual([large])
    expect(await ask('to=639999.99')).toContain(record)
    expect(await ask('to=639999.99')).not.toContain(large)
    expect(await ask('from=640000.01')).not.toContain(large)
    expect((await api(people.manager)('GET', at('tasks?from=much'))).status).toBe(400)
    const began = await api(people.sales)('GET', at('inbox/runs?box=started&from=640000'))
    expect(began.body.runs.map((run: { record: string }) => run.record)).toContain(large)
  })

  test('an administrator sees stuck and late cases first, and what waits how long', async () => {
    const all = await api(people.admin)('GET', at('flow-runs?limit=200'))
    expect(all.status, all.text).toBe(200)
    expect(all.body.counts.running).toBeGreaterThan(0)
    const one = await api(people.admin)('GET', at('flow-runs?limit=1&state=open'))
    const next = await api(people.admin)('GET', at(`flow-runs?limit=1&state=open&cursor=${one.body.next}`))
    expect(next.body.runs[0].id).not.toBe(one.body.runs[0].id)
    const figures = await api(people.admin)('GET', at('flow-figures'))
    expect(figures.status, figures.text).toBe(200)
    expect(figures.body.nodes[0]).toMatchObject({ flow: 'registration_approval' })
    expect(figures.body.started).toBeGreaterThan(1)
    expect((await api(people.manager)('GET', at('flow-figures'))).status).toBe(403)
  })

  test('several tasks are approved at once, each by itself', async () => {
    const records = [await submit(), await submit()]
    const tasks = await Promise.all(records.map((record) => todo(people.manager, record)))
    expect(tasks.map((task) => task.batch)).toEqual([true, true])
    const items = tasks.map((task) => ({ task: task.id, taskRev: task.rev, commandId: commandId() }))
    const stale = { ...items[0]!, taskRev: 9, commandId: commandId() }
    const answer = await api(people.manager)('POST', at('tasks/batch'), {
      body: { decision: 'approve', items: [...items, stale] },
    })
    expect(answer.status, answer.text).toBe(200)
    expect(answer.body.results.map((one: { done: boolean }) => one.done)).toEqual([true, true, false])
    expect(answer.body.results[2].problem.code).toBe('FLOW_TASK_DECIDED')
  })

  test('a batch of which nobody knows how a part of it went is refused, and given again it goes on from there', async () => {
    const records = [await submit(), await submit()]
    const tasks = await Promise.all(records.map((record) => todo(people.manager, record)))
    const items = tasks.map((task) => ({ task: task.id, taskRev: task.rev, commandId: commandId() }))
    const { services } = server
    const { databaseUrl, secret } = services.config
    const wire = await startCutProxy(Number(new URL(databaseUrl!).port))
    const role = `cw_${services.installation}_login`
    const url = replaceUser(databaseUrl!, role, deriveLoginPassword(secret, services.installation))
    const login = createPool({
      url: throughPort(url, wire.port),
      max: 2,
      name: 'cut',
      log: services.log,
      pipeline: true,
    })
    const actor = await deals.actor({ ...people.manager, roles: ['channel_manager'] })
    const body = { decision: 'approve' as const, items }
    // The first is of what is only read before.
    const cut = wire.loseAnswerWith('COMMIT').then(() => wire.loseAnswerWith('COMMIT'))
    const unknown = approveTasks({ ...services, login }, deals.served, actor, 'en', body)
    await expect(unknown).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' })
    await cut
    const answer = await api(people.manager)('POST', at('tasks/batch'), { body })
    expect(answer.body.results.map((one: { done: boolean }) => one.done)).toEqual([true, true])
    await login.end()
    await wire.close()
  })
})

describe('people', () => {
  test('whoever stands in gets new tasks, and what is open goes back at the end', async () => {
    const made = await api(people.manager)('POST', at('delegations'), {
      body: {
        to: people.deputy.user,
        mode: 'replace',
        starts_at: server.clock.now(),
        ends_at: new Date(Date.parse(server.clock.now()) + 1_800_000).toISOString(),
      },
    })
    expect(made.status, made.text).toBe(201)
    const circle = await api(people.deputy)('POST', at('delegations'), {
      body: {
        to: people.manager.user,
        mode: 'also',
        starts_at: server.clock.now(),
        ends_at: new Date(Date.parse(server.clock.now()) + 600_000).toISOString(),
      },
    })
    expect(circle.body.code).toBe('DELEGATION_CIRCLE')
    const record = await submit()
    expect(await todo(people.deputy, record)).toMatchObject({ on_behalf_of: { id: people.manager.user } })
    expect(await todo(people.manager, record)).toBeUndefined()
    server.clock.advance({ minutes: 31 })
    await settle()
    expect(await todo(people.deputy, record)).toBeUndefined()
    expect(await todo(people.manager, record)).toBeDefined()
    const list = await api(people.manager)('GET', at('delegations'))
    expect(list.body.delegations).toHaveLength(1)
    expect((await api(people.sales)('GET', at('delegations'))).body.delegations).toEqual([])
  })

  test('what waits for somebody who leaves goes to their superior', async () => {
    const record = await submit()
    await settle()
    const admin = await deals.actor({ ...people.admin, roles: ['business_admin'] })
    const { rows } = await server.services.owner.query(
      `SELECT m.id FROM channelwright.membership m WHERE m.user_id = $1`,
      [people.manager.user],
    )
    const change = (status: 'active' | 'inactive') =>
      changeMember(server.services, deals.served, admin, rows[0].id, { status })
    await change('inactive')
    await settle()
    expect(await todo(people.boss, record)).toBeDefined()
    await change('active')
  })
})

describe('e-mails', () => {
  test('hold a link that shows first, decides when sent, and is worth nothing afterwards', async () => {
    const letters: string[] = []
    const smtp = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onData(stream, _session, done) {
        let text = ''
        stream.on('data', (chunk) => {
          text += chunk
        })
        stream.on('end', () => {
          letters.push(text.replaceAll('=\r\n', '').replaceAll('=3D', '='))
          done()
        })
      },
    })
    smtp.listen(0, '127.0.0.1')
    await once(smtp.server, 'listening')
    const { port } = smtp.server.address() as AddressInfo
    const config = server.services.config as { smtpUrl: string | null }
    config.smtpUrl = `smtp://127.0.0.1:${port}`
    try {
      await settle()
      letters.length = 0
      const record = await submit()
      await settle()
      expect(letters).toHaveLength(1)
      expect(letters[0]).toContain(`${people.manager.user}@example.test`)
      const links = [...new Set(letters[0]!.match(/\/api\/v1\/service\/mail-links\/[\w.-]+/g))]
      expect(links.length).toBeGreaterThan(0)
      const [link] = links
      const open = () => fetch(`${server.url}${link}`)
      const page = await open()
      expect(page.status).toBe(200)
      expect(page.headers.get('content-type')).toContain('text/html')
      expect(await page.text()).toContain('<form method="post">')
      // Opening decides nothing, however often.
      await open()
      expect(await todo(people.manager, record)).toBeDefined()
      const forged = await fetch(`${server.url}${link?.slice(0, -3)}abc`, { method: 'POST' })
      expect(forged.status).toBe(410)
      const decided = await fetch(`${server.url}${link}`, { method: 'POST' })
      expect(decided.status, await decided.text()).toBe(200)
      expect(await todo(people.manager, record)).toBeUndefined()
      const closed = await open()
      expect(closed.status).toBe(410)
      expect(await closed.text()).toContain('You have decided this already.')
      expect((await fetch(`${server.url}${link}`, { method: 'POST' })).status).toBe(410)
    } finally {
      config.smtpUrl = null
      smtp.close(() => undefined)
    }
  })
})

describe('streams', () => {
  async function listen(member: TestMember, path: string, headers: Record<string, string> = {}) {
    const stopper = new AbortController()
    const answer = await fetch(`${server.url}${at(path)}`, {
      headers: { cookie: member.cookie, ...headers },
      signal: stopper.signal,
    })
    let text = ''
    const reading = (async () => {
      for await (const chunk of answer.body ?? []) text += Buffer.from(chunk).toString()
    })().catch(() => undefined)
    const until = async (holds: (text: string) => boolean) => {
      for (let tries = 0; tries < 100; tries++) {
        if (holds(text)) return
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
      throw new Error(`not heard: ${text}`)
    }
    const stop = () => {
      stopper.abort()
      return reading
    }
    return { answer, until, heard: () => text, stop, ended: reading }
  }

  test('a case is told as it goes on, and goes on behind the last event heard', async () => {
    const record = await submit()
    const run = await runOf(record)
    const stream = await listen(people.sales, `runs/${run.id}/events`)
    expect(stream.answer.headers.get('content-type')).toContain('text/event-stream')
    await stream.until((text) => text.includes('event: started'))
    const task = await todo(people.manager, record)
    await api(people.manager)('POST', at(`tasks/${task.id}/decision`), {
      body: { decision: 'approve', taskRev: task.rev, commandId: commandId() },
    })
    await stream.until((text) => text.includes('event: decided'))
    const last = stream.heard().match(/id: (\d+)/)?.[1] ?? ''
    await stream.stop()
    const again = await listen(people.sales, `runs/${run.id}/events`, { 'last-event-id': last })
    await again.until((text) => text.includes('event: decided'))
    expect(again.heard()).not.toContain('event: started')
    await again.stop()
    expect((await listen(people.deputy, `runs/${commandId()}/events`)).answer.status).toBe(404)
  })

  test('counts change while somebody watches', async () => {
    const stream = await listen(people.manager, 'inbox/events')
    await stream.until((text) => text.includes('"todo":'))
    const before = Number(stream.heard().match(/"todo":(\d+)/)?.[1])
    await submit()
    await stream.until((text) => text.includes(`"todo":${before + 1}`))
    await stream.stop()
  })

  test('a stream is opened for whom its address names, under nobody else’s session', async () => {
    const own = await listen(people.manager, `inbox/events?user=${people.manager.user}`)
    await own.until((text) => text.includes('"todo":'))
    await own.stop()
    const refused = await listen(people.manager, `inbox/events?user=${people.sales.user}`)
    expect(refused.answer.status).toBe(401)
    await refused.until((text) => text.includes('SESSION_OF_ANOTHER'))
  })

  const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
  const told = (text: string) => text.split('event: counts').length - 1
  const lastId = (text: string) => [...text.matchAll(/^id: (.+)$/gm)].at(-1)?.[1] ?? ''

  test('one task for another at the same count is told as well; who comes back hears what they missed', async () => {
    const record = await submit()
    const stream = await listen(people.manager, 'inbox/events')
    await stream.until((text) => told(text) > 0)
    const task = await todo(people.manager, record)
    const command = { decision: 'approve', taskRev: task.rev, commandId: commandId() }
    const heard = lastId(stream.heard())
    await Promise.all([
      api(people.manager)('POST', at(`tasks/${task.id}/decision`), { body: command }),
      submit(),
    ])
    await stream.until((text) => lastId(text) !== heard)
    await wait(150)
    const last = lastId(stream.heard())
    await stream.stop()
    const again = await listen(people.manager, 'inbox/events', { 'last-event-id': last })
    const missed = await listen(people.manager, 'inbox/events', { 'last-event-id': heard })
    await missed.until((text) => told(text) === 1)
    // Nothing has changed since: nothing is told.
    expect(told(again.heard())).toBe(0)
    await Promise.all([again.stop(), missed.stop()])
  })

  test('a stream ends with the session, and when the server stops; nobody holds more than some', async () => {
    const guest = await deals.join({ name: 'Gus Guest', roles: ['director'] })
    const first = await listen(guest, 'inbox/events')
    await first.until((text) => told(text) === 1)
    const others = await Promise.all(
      Array.from({ length: mostStreams - 1 }, () => listen(guest, 'inbox/events')),
    )
    const tooMany = await listen(guest, 'inbox/events')
    expect(tooMany.answer.status).toBe(429)
    expect(tooMany.answer.headers.get('retry-after')).toBe('30')
    await others[0]?.stop()
    await wait(50)
    const next = await listen(guest, 'inbox/events')
    expect(next.answer.status).toBe(200)
    await api(guest)('DELETE', '/api/v1/session')
    await Promise.all([first.ended, next.ended])

    const manager = await listen(people.manager, 'inbox/events')
    await manager.until((text) => told(text) === 1)
    endStreams(server.services)
    await manager.ended
  })
})

describe('e-mails that are kept while developing', () => {
  test('are thrown away by those who administer flows, and never in production', async () => {
    const kept = async () => (await api(people.admin)('GET', at('kept-mail'))).body.mails.length
    expect(await kept()).toBeGreaterThan(0)
    expect((await api(people.sales)('DELETE', at('kept-mail'))).status).toBe(403)
    const { config } = server.services
    Object.assign(config, { production: true })
    expect((await api(people.admin)('DELETE', at('kept-mail'))).status).toBe(404)
    Object.assign(config, { production: false })
    const cleared = await api(people.admin)('DELETE', at('kept-mail'))
    expect(cleared.body.cleared).toBeGreaterThan(0)
    expect(await kept()).toBe(0)
  })
})
