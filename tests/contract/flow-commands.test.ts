import { expect, test } from 'vitest'
import { callAs } from '../support/members.ts'
import { ask, flow, step, useStartsWorld, when } from '../support/starts-world.ts'

// What keeps commands on several cases apart, and administrators from standing in for those who must decide.

const decide = (id: string) =>
  step(id, 'approval', { approvers: [{ kind: 'role', role: 'chief' }], onReject: { do: 'end' } })
const flows = () => [
  flow('again', when('A-'), [ask('n_ask')]),
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
