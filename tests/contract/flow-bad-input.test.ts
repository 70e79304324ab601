import { randomUUID } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import { drainJobs } from '@channelwright/server/jobs/drain-jobs.ts'
import { jobsSchema } from '@channelwright/server/jobs/job.ts'
import { publishSources } from '@channelwright/server/publish/publish-sources.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { castErrands, type ErrandCast, errandDefinitions, toSources } from '../support/errand-pack.ts'
import { findBrokenRows } from '../support/flow-rows-invariants.ts'
import { callAs, type TestMember } from '../support/members.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

// What flows are not ready for: systems that never answer, definitions out of all measure, people and fields that are
// gone. Each is answered by a code or a policy, and nothing waits unseen.

const key = 'rough'
let server: TestServer
let cast: ErrandCast
let hook: Server
let hookUrl: string
let answer: number | 'never' = 200
const heard: string[] = []

beforeAll(async () => {
  hook = createServer((request, reply) => {
    heard.push(String(request.headers['idempotency-key']))
    request.resume()
    if (answer !== 'never') reply.writeHead(answer).end('{}')
  })
  await new Promise<void>((ready) => hook.listen(0, '127.0.0.1', ready))
  const { port } = hook.address() as AddressInfo
  hookUrl = `http://localhost:${port}/in`
  server = await startTestServer()
  Object.assign(server.services.config, { webhookHosts: [`localhost:${port}`] })
  cast = await castErrands(server.services, key, undefined, mayDesign)
}, 120_000)

afterAll(async () => {
  hook.closeAllConnections()
  hook.close()
  await server?.close()
})

function mayDesign(all: Record<string, JsonObject>): void {
  all['grants/keeper.json']!.platform = ['administer_flows', 'design', 'publish', 'manage_members']
}

const api = (member: TestMember) => callAs(server.url, member)
const settle = () => drainJobs(server.services, key)
const ask = async <Row>(text: string, values: readonly unknown[] = []) =>
  (await server.services.owner.query(text.replaceAll('ws.', `ws_${key}.`), [...values])).rows as Row[]

async function submit(kind: string, values: JsonObject = {}): Promise<string> {
  const body = { name: `${kind} ${randomUUID().slice(0, 8)}`, kind, ...values }
  const made = await api(cast.asker)('POST', `/api/v1/${key}/records/errand`, { body })
  expect(made.status, made.text).toBe(201)
  return made.body.record.id
}

async function caseOf(record: string): Promise<{ id: string; status: string; incident: string | null }> {
  const [run] = await ask<{ id: string; status: string; incident: string | null }>(
    `SELECT r.id, r.status, (SELECT a.incident->>'code' FROM ws.cw_activation a
       WHERE a.run = r.id AND a.incident IS NOT NULL) AS incident
     FROM ws.cw_run r WHERE r.record = $1`,
    [record],
  )
  return run!
}

describe('another system', () => {
  /** A case whose webhook leads to the system of this test: a definition may name public addresses only. */
  async function submitHooked(): Promise<string> {
    const record = await submit('hooked')
    await leadHere(record)
    heard.length = 0
    return record
  }

  async function leadHere(record: string): Promise<void> {
    await ask(
      `UPDATE ws.cw_effect SET payload = payload || $2
       WHERE type = 'webhook' AND run = (SELECT id FROM ws.cw_run WHERE record = $1)`,
      [record, JSON.stringify({ url: hookUrl })],
    )
  }

  async function retry(record: string): Promise<void> {
    const run = (await caseOf(record)).id
    const body = { commandId: randomUUID(), reason: 'It answers again' }
    const { status, text } = await api(cast.keeper)('POST', `/api/v1/${key}/runs/${run}/retry`, { body })
    expect(status, text).toBe(200)
    // What is sent was reckoned anew.
    await leadHere(record)
    await settle()
  }

  test('that answers 500 is tried eight times under one key; then an administrator sees it and tries again', async () => {
    const record = await submitHooked()
    answer = 500
    await settle()
    expect(heard).toHaveLength(8)
    expect(new Set(heard).size).toBe(1)
    const stuck = await caseOf(record)
    expect([stuck.status, stuck.incident]).toEqual(['incident', 'FLOW_EFFECT_FAILED'])
    const list = await api(cast.keeper)('GET', `/api/v1/${key}/flow-runs?limit=5`)
    expect(list.body.runs?.[0]?.id, list.text).toBe(stuck.id)
    answer = 200
    await retry(record)
    expect((await caseOf(record)).status).toBe('approved')
    // The key of a step that is tried again by hand is the same: the other system may have done it after all.
    expect(new Set(heard).size).toBe(1)
  })

  test('that is down is told to those who administer flows, case by case or as a number, never as a storm', async () => {
    answer = 500
    const mails = async () => (await api(cast.keeper)('GET', `/api/v1/${key}/kept-mail`)).body.mails
    const told = async (member: TestMember) => {
      const { body } = await api(member)('GET', `/api/v1/${key}/notifications`)
      return body.notifications.filter((one: { kind: string }) => one.kind === 'incident')
    }
    const stuck = async (member: TestMember) =>
      (await api(member)('GET', `/api/v1/${key}/tasks?limit=1`)).body.counts.stuck
    const stop = async () => {
      const made = await submitHooked()
      await settle()
      return made
    }
    server.clock.advance({ minutes: 11 })
    await settle()
    const [before, known] = [await stuck(cast.keeper), (await told(cast.keeper)).length]
    const record = await stop()
    const first = await caseOf(record)
    const [note, ...older] = await told(cast.keeper)
    expect(older).toHaveLength(known)
    expect(note).toMatchObject({
      run: first.id,
      sentence: { en: expect.stringContaining('Stuck at "n_hook"') },
    })
    expect(await stuck(cast.keeper)).toBe(before + 1)
    expect([await stuck(cast.asker), await told(cast.asker)]).toEqual([0, []])
    const [mail] = await mails()
    expect(mail.subject).toMatch(/^Stuck: hooked .*\(hooked\)$/)
    expect(mail.body).toContain(`/w/${key}/runs/${first.id}`)

    // More within ten minutes are told once they are over, as one.
    for (let count = 0; count < 5; count++) await stop()
    expect(await told(cast.keeper)).toHaveLength(known + 1)
    expect(await stuck(cast.keeper)).toBe(before + 6)
    server.clock.advance({ minutes: 11 })
    await settle()
    const [digest, ...rest] = await told(cast.keeper)
    expect(rest).toHaveLength(known + 1)
    expect(digest).toMatchObject({
      run: null,
      sentence: { en: '5 cases are stuck and need an administrator' },
    })
    const [other] = await mails()
    expect(other.subject).toBe('5 cases are stuck and need an administrator')
    expect(other.body).toMatch(new RegExp(`/w/${key}/runs$`, 'm'))
    // What was told is not told again.
    server.clock.advance({ minutes: 11 })
    await settle()
    expect(await told(cast.keeper)).toHaveLength(known + 2)
  })

  test('that never answers is hung up on and ends as an incident as well, and keeps nobody else waiting', async () => {
    const record = await submitHooked()
    answer = 'never'
    // Its last try: each one waits ten seconds.
    await ask(`UPDATE ${jobsSchema}._private_jobs SET attempts = max_attempts - 1 WHERE key LIKE $1`, [
      `${key}:apply-effect:%`,
    ])
    const settling = settle()
    await until(() => heard.length === 1)
    // Nothing is locked meanwhile: the case can be ended.
    const { id } = await caseOf(record)
    const began = Date.now()
    const body = { commandId: randomUUID(), reason: 'Looked at beside it' }
    const held = await api(cast.keeper)('POST', `/api/v1/${key}/runs/${id}/suspend`, { body })
    expect(held.status, held.text).toBe(200)
    expect(Date.now() - began).toBeLessThan(8_000)
    await api(cast.keeper)('POST', `/api/v1/${key}/runs/${id}/resume`, {
      body: { commandId: randomUUID(), reason: 'And let go' },
    })
    await settling
    const stuck = await caseOf(record)
    expect([stuck.status, stuck.incident]).toEqual(['incident', 'FLOW_EFFECT_FAILED'])
    answer = 200
    await retry(record)
    expect((await caseOf(record)).status).toBe('approved')
  }, 90_000)
})

describe('a definition', () => {
  async function told(path: string, definition: JsonObject): Promise<string[]> {
    const unsaved = { pack: 'errands', path, text: JSON.stringify(definition) }
    const { status, text, body } = await api(cast.keeper)('POST', `/api/v1/${key}/drafts/check`, {
      body: { unsaved },
    })
    expect(status, text.slice(0, 500)).toBe(200)
    return body.diagnostics
      .filter((one: { severity: string }) => one.severity === 'error')
      .map((one: { code: string; hint: { zh: string } }) => {
        expect(one.hint.zh).not.toBe('')
        return one.code
      })
  }
  const plain = () => structuredClone(errandDefinitions('https://hooks.example.com/in')['flows/plain.json']!)

  test('with 10,000 parallel branches is refused, and quickly', async () => {
    const definition = plain()
    const step = (id: string, type: string) => ({ 'x-id': id, type, title: { en: id, zh: id } })
    const nodes = definition.nodes as JsonObject[]
    const [first, last] = [nodes[0]!, nodes.at(-1)!]
    const edge = (from: string, to: string, at: number) => ({ 'x-id': `e${at}`, from, to })
    // Between two steps, so that only the branches are too many …
    definition.nodes = [first, step('n_split', 'parallel'), step('n_join', 'join'), last]
    definition.edges = [
      edge('n_start', 'n_split', -1),
      ...Array.from({ length: 10_000 }, (_, at) => edge('n_split', 'n_join', at)),
      edge('n_join', 'n_end', -2),
    ].map((one, at) => ({ ...one, 'x-id': `e${at}` }))
    const began = process.cpuUsage()
    expect(await told('flows/plain.json', definition)).toContain('FLOW_TOO_MANY_BRANCHES')
    const spent = process.cpuUsage(began)
    expect((spent.user + spent.system) / 1e6).toBeLessThan(8)
    // … and with a step on each: more steps than a flow may have, in a text that is too long at last.
    const steps = (count: number) => [
      first,
      step('n_split', 'parallel'),
      ...Array.from({ length: count }, (_, at) => step(`n_${at}`, 'merge')),
      step('n_join', 'join'),
      last,
    ]
    definition.nodes = steps(10_000)
    expect(await told('flows/plain.json', definition)).toEqual(['FILE_TOO_LARGE'])
    definition.nodes = steps(300)
    expect(await told('flows/plain.json', definition)).toEqual(['DEFINITION_BAD_SETTING'])
  })

  test('of a subflow that starts itself, or by way of another, is refused', async () => {
    const itself = plain()
    const start = (flow: string) => ({
      'x-id': 'n_again',
      type: 'subflow',
      title: { en: 'Again', zh: '再来' },
      flow,
    })
    const line = [
      { 'x-id': 'e0', from: 'n_start', to: 'n_again' },
      { 'x-id': 'e1', from: 'n_again', to: 'n_end' },
    ]
    const nodes = itself.nodes as JsonObject[]
    itself.nodes = [nodes[0]!, start('plain'), nodes.at(-1)!]
    itself.edges = line
    expect(await told('flows/plain.json', itself)).toEqual(['FLOW_STARTS_ITSELF'])
    // `parts` starts `one_part`, which is to start `parts`.
    const other = structuredClone(errandDefinitions('https://hooks.example.com/in')['flows/one_part.json']!)
    const others = other.nodes as JsonObject[]
    other.nodes = [others[0]!, start('parts'), others.at(-1)!]
    other.edges = line
    expect(await told('flows/one_part.json', other)).toContain('FLOW_STARTS_ITSELF')
  })
})

describe('in the middle of a case', () => {
  const tasksOf = (record: string) =>
    ask<{ id: string; rev: number; assignee: string; state: string }>(
      `SELECT id, rev, assignee, state FROM ws.cw_task WHERE record = $1 ORDER BY seq`,
      [record],
    )

  test('somebody leaves: they can do nothing any more, and what waited for them goes on', async () => {
    const record = await submit('plain')
    const [task] = await tasksOf(record)
    expect(task?.assignee).toBe(cast.lead.user)
    const [member] = await ask<{ id: string }>(`SELECT id FROM channelwright.membership WHERE user_id = $1`, [
      cast.lead.user,
    ])
    const left = await api(cast.keeper)('PATCH', `/api/v1/${key}/members/${member?.id}`, {
      body: { status: 'inactive' },
    })
    expect(left.status, left.text).toBeLessThan(300)
    const decide = (member: TestMember, one: { id: string; rev: number }) =>
      api(member)('POST', `/api/v1/${key}/tasks/${one.id}/decision`, {
        body: { decision: 'approve', taskRev: one.rev, commandId: randomUUID() },
      })
    expect([401, 403, 404]).toContain((await decide(cast.lead, task!)).status)
    await settle()
    const open = (await tasksOf(record)).filter(({ state }) => state === 'pending')
    // No superior and no delegate: administrators of flows.
    expect(open.map(({ assignee }) => assignee)).toEqual([cast.keeper.user])
    expect((await decide(cast.keeper, open[0]!)).status).toBe(200)
    await settle()
    expect((await caseOf(record)).status).toBe('approved')
  })

  test('a field is deleted that its release reads: its cases go on as they began', async () => {
    const waiting = await submit('watching')
    const counted = await submit('late', {
      due: new Date(Date.parse(server.clock.now()) + 60_000).toISOString(),
    })
    await publishSources(
      server.services,
      cast.workspace,
      toSources(withoutField(errandDefinitions('https://hooks.example.com/in'))),
      { confirmed: 'all' },
    )
    server.clock.advance({ minutes: 2 })
    await settle()
    const [late, wait] = [await caseOf(counted), await caseOf(waiting)]
    expect([late.status, wait.status]).toEqual(['approved', 'running'])
    // Nobody can write what it waits for any more; an administrator sees it stand and ends it.
    const body = { commandId: randomUUID(), reason: 'The field it waits for is gone' }
    const ended = await api(cast.keeper)('POST', `/api/v1/${key}/runs/${wait.id}/terminate`, { body })
    expect(ended.status, ended.text).toBe(200)
  })

  test('all of it leaves the rows as they must be', async () => {
    await settle()
    expect((await findBrokenRows(server.services, key)).broken).toEqual([])
  })
})

/** The pack without the field `note` and the flow that waits for it. */
function withoutField(all: Record<string, JsonObject>): Record<string, JsonObject> {
  mayDesign(all)
  const { schema } = all['objects/errand.json'] as { schema: { properties: JsonObject } }
  delete schema.properties.note
  delete all['flows/watching.json']
  return all
}

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries++) {
    if (tries > 300) throw new Error('did not happen')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
