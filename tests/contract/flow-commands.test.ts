import { changeMember } from '@channelwright/server/auth/members.ts'
import { inUnit } from '@channelwright/server/db/unit.ts'
import { engineActor } from '@channelwright/server/flows/engine-actor.ts'
import { createRecord } from '@channelwright/server/records/write-record.ts'
import { expect, test } from 'vitest'
import { step } from '../support/flow-sketch.ts'
import { callAs } from '../support/members.ts'
import { ask, flow, set, useStartsWorld, when } from '../support/starts-world.ts'

// What keeps commands on several cases apart, and administrators from standing in for those who must decide.

const decide = (id: string) =>
  step(id, 'approval', { approvers: [{ kind: 'role', role: 'chief' }], onReject: { do: 'end' } })
const flows = () => [
  flow('again', when('A-'), [ask('n_ask')]),
  flow('ping', { type: 'record', when: { '==': [{ var: 'note' }, 'ping'] } }, [
    set('n_set', { note: 'pong' }),
  ]),
  flow('pong', { type: 'record', when: { '==': [{ var: 'note' }, 'pong'] } }, [
    set('n_set', { note: 'ping' }),
  ]),
  flow('keeps', when('L-'), [ask('n_keep')], { settings: { lock: 'record' } }),
  flow('fills', when('L-'), [ask('n_fill', { fields: { note: 'rw' } })]),
  flow('advise', when('V-'), [ask('n_ask', { fields: { note: 'rw' } })]),
  flow('outer', when('O-'), [
    step('n_out', 'task', { approvers: [{ kind: 'role', role: 'outside' }], onEmpty: 'admin' }),
  ]),
  flow(
    'money',
    when('Y-'),
    [step('n_one', 'approval', { ...decide('n_one'), selfApproval: 'forbid' }), decide('n_two')],
    { money: true },
  ),
]
const world = useStartsWorld('commands', flows)
const api = () => callAs(world.server.url, world.chief)
const at = (path: string) => `/api/v1/${world.key}/${path}`

test('one id for commands on several cases, given at once, stands for one of them; the others are refused', async () => {
  const orders = await Promise.all(['A-1', 'A-2', 'A-3', 'A-4'].map((code) => world.order({ code })))
  const tasks = await world.sql<{ id: string; rev: number }>(
    `SELECT id, rev FROM ${world.table('task')} WHERE record = ANY($1)`,
    [orders],
  )
  const commandId = world.server.services.ids.next()
  const answers = await Promise.all(
    tasks.map(({ id, rev }) =>
      api()('POST', at(`tasks/${id}/decision`), { body: { commandId, taskRev: rev, decision: 'done' } }),
    ),
  )
  expect(answers.map(({ status, body }) => body.code ?? status).sort()).toEqual([
    200,
    'FLOW_COMMAND_REUSED',
    'FLOW_COMMAND_REUSED',
    'FLOW_COMMAND_REUSED',
  ])
  expect((await Promise.all(orders.map(world.statesOf))).flat().sort()).toEqual([
    'again approved',
    'again running',
    'again running',
    'again running',
  ])
})

test('a case is not opened again while another one of its flow is open over the record', async () => {
  const order = await world.order({ code: 'A-5' })
  const [first] = await world.runsOf(order)
  await world.act(first!.id, 'terminate', { reason: 'no longer wanted' })
  for (const code of ['Q-5', 'A-6']) {
    const { body } = await api()('GET', at(`records/order/${order}`))
    const headers = { 'if-match': `"${body.record.rev}"` }
    const changed = await api()('PATCH', at(`records/order/${order}`), { body: { code }, headers })
    expect(changed.status, changed.text).toBe(200)
    await world.settle()
  }
  expect(await world.statesOf(order)).toEqual(['again terminated', 'again running'])
  const body = { commandId: world.server.services.ids.next(), node: 'n_ask', reason: 'wanted after all' }
  const refused = await api()('POST', at(`runs/${first!.id}/reopen`), { body })
  expect([refused.status, refused.body.code]).toEqual([409, 'FLOW_RUN_BESIDE'])
  expect(await world.statesOf(order)).toEqual(['again terminated', 'again running'])
})

test('where money moves an administrator is offered to move a case back, and no step further', async () => {
  const order = await world.order({ code: 'Y-1' })
  const [run] = await world.runsOf(order)
  const jump = (node: string) =>
    api()('POST', at(`runs/${run!.id}/jump`), {
      body: { commandId: world.server.services.ids.next(), node, reason: 'quicker' },
    })
  for (const node of ['n_two', 'n_end']) expect((await jump(node)).body.code).toBe('FLOW_MOVE_MONEY')
  const { body } = await api()('GET', at(`runs/${run!.id}`))
  const offer = body.commands.find((one: { name: string }) => one.name === 'jump')
  expect(offer.choices.node.map((one: { id: string }) => one.id)).toEqual(['n_one'])
})

test('flows that write what makes each other begin are stopped at a depth, where an administrator sees it', async () => {
  const order = await world.order({ code: 'Q-7', note: 'ping' })
  const states = await world.statesOf(order)
  expect(states.filter((state) => state.endsWith('incident'))).toHaveLength(1)
  expect(states).toHaveLength(21)
  const [stuck] = await world.sql<{ incident: { code: string } }>(
    `SELECT a.incident FROM ${world.table('activation')} a JOIN ${world.table('run')} r ON r.id = a.run
     WHERE r.record = $1 AND a.incident IS NOT NULL`,
    [order],
  )
  expect(JSON.stringify(stuck?.incident)).toContain('too many flows have started one another')
})

test('whoever is asked for an opinion only writes no field of the step', async () => {
  const order = await world.order({ code: 'V-1' })
  const pending = async () =>
    (
      await world.sql<{ id: string; rev: number }>(
        `SELECT id, rev FROM ${world.table('task')} WHERE record = $1 AND state = 'pending'`,
        [order],
      )
    )[0]!
  const given = () => ({ commandId: world.server.services.ids.next() })
  const { id, rev } = await pending()
  const body = { ...given(), taskRev: rev, to: world.outside.user }
  const delegated = await api()('POST', at(`tasks/${id}/delegate`), { body })
  expect(delegated.status, delegated.text).toBe(200)
  const opinion = await pending()
  const adviser = callAs(world.server.url, world.outside)
  expect((await adviser('GET', at(`tasks/${opinion.id}`))).body.writable).toEqual([])
  const decide = { ...given(), taskRev: opinion.rev, decision: 'done', values: { note: 'mine' } }
  const refused = await adviser('POST', at(`tasks/${opinion.id}/decision`), { body: decide })
  expect([refused.status, refused.body.code]).toEqual([403, 'FLOW_FIELDS_NOT_OPEN'])
  expect((await world.read(order)).note).toBeNull()
})

test('a task that was just being given to somebody as they left does not stay with them', async () => {
  const { services } = world.server
  const engine = engineActor(services, world.served, world.chief.user)
  const { rows } = await services.owner.query<{ id: string }>(
    'SELECT id FROM channelwright.membership WHERE user_id = $1',
    [world.outside.user],
  )
  const order = await inUnit(services, world.served, engine, async (unit) => {
    const { id } = await createRecord(unit, 'order', { org: world.org, code: 'O-1' }, { by: 'flow' })
    await changeMember(services, world.served, engine, rows[0]!.id, { status: 'inactive' })
    await world.settle()
    return id
  })
  await world.settle()
  await world.moveTo(new Date(Date.parse(world.server.clock.now()) + 3 * 60_000).toISOString())
  const tasks = await world.sql<{ assignee: string; state: string }>(
    `SELECT assignee, state FROM ${world.table('task')} WHERE record = $1 ORDER BY seq`,
    [order],
  )
  expect(tasks).toEqual([
    { assignee: world.outside.user, state: 'transferred' },
    { assignee: world.chief.user, state: 'pending' },
  ])
})

test('what a case locks is not filled in at a step of another one either', async () => {
  const order = await world.order({ code: 'L-1' })
  const fill = async () => {
    const [task] = await world.sql<{ id: string; rev: number }>(
      `SELECT id, rev FROM ${world.table('task')} WHERE record = $1 AND node = 'n_fill'`,
      [order],
    )
    const commandId = world.server.services.ids.next()
    const body = { commandId, taskRev: task!.rev, decision: 'done', values: { note: 'filled in' } }
    return api()('POST', at(`tasks/${task!.id}/decision`), { body })
  }
  const refused = await fill()
  expect([refused.status, refused.body.code]).toEqual([409, 'FLOW_RECORD_LOCKED'])
  await world.finishTask(order, 'n_keep')
  const done = await fill()
  expect(done.status, done.text).toBe(200)
  expect((await world.read(order)).note).toBe('filled in')
})
