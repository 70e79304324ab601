import { inUnit } from '@channelwright/server/db/unit.ts'
import { commandInUnit } from '@channelwright/server/flows/command.ts'
import { engineActor } from '@channelwright/server/flows/engine-actor.ts'
import { createRecord, updateRecord } from '@channelwright/server/records/write-record.ts'
import type { Actor } from '@channelwright/server/services.ts'
import { expect, test } from 'vitest'
import { step } from '../support/flow-sketch.ts'
import { callAs } from '../support/members.ts'
import { ask, flow, useStartsWorld, when } from '../support/starts-world.ts'

// Steps that wait for what a record says: whoever writes it, and whenever, they hear of it.

const world = useStartsWorld('waits', () => [
  flow('waits', when('R-'), [
    ask('n_ask'),
    step('n_event', 'wait', { for: { when: { '==': [{ var: 'note' }, 'go'] } } }),
  ]),
  flow('watches', when('V-'), [
    step('n_event', 'wait', {
      for: { when: { '==': [{ '??': [{ var: 'org.name' }, ''] }, 'Go'] }, watch: 'org' },
    }),
  ]),
])
const api = () => callAs(world.server.url, world.chief)
const at = (path: string) => `/api/v1/${world.key}/${path}`

async function note(id: string, text: string): Promise<void> {
  const { body } = await api()('GET', at(`records/order/${id}`))
  const headers = { 'if-match': `"${body.record.rev}"` }
  const changed = await api()('PATCH', at(`records/order/${id}`), { body: { note: text }, headers })
  expect(changed.status, changed.text).toBe(200)
}

/** A person's unit that the test itself keeps open. */
async function asChief<T>(work: Parameters<typeof inUnit<T>>[3]): Promise<T> {
  const engine = engineActor(world.server.services, world.served, world.chief.user)
  const actor: Actor = { ...engine, roles: ['chief'] }
  return inUnit(world.server.services, world.served, actor, work)
}

async function taskOf(order: string): Promise<{ id: string; rev: number }> {
  const [task] = await world.sql<{ id: string; rev: number }>(
    `SELECT id, rev FROM ${world.table('task')} WHERE record = $1`,
    [order],
  )
  return task!
}

const sayings = async (order: string) => {
  const [run] = await world.runsOf(order)
  const rows = await world.sql<{ type: string }>(
    `SELECT type FROM ${world.table('event')} WHERE run = $1 AND type = 'signalled' ORDER BY id`,
    [run!.id],
  )
  return rows.length
}

test('a step hears of what was written between its beginning to wait and the end of that transaction', async () => {
  const order = await world.order({ code: 'R-1', note: 'not yet' })
  const task = await taskOf(order)
  await asChief(async (unit) => {
    await commandInUnit(unit, world.server.services.ids.next(), {
      type: 'decide',
      task: task.id,
      taskRev: task.rev,
      given: { decision: 'done' },
    })
    await note(order, 'go')
  })
  await world.settle()
  expect(await world.statesOf(order)).toEqual(['waits approved'])
})

test('a step that looks while its record is being written waits for the end of that writing', async () => {
  const order = await world.order({ code: 'R-2', note: 'not yet' })
  let looked: Promise<unknown> = Promise.resolve()
  const engine = engineActor(world.server.services, world.served, world.chief.user)
  await inUnit(world.server.services, world.served, engine, async (unit) => {
    await updateRecord(unit, 'order', order, { note: 'go' }, { by: 'flow' })
    // Begins to wait, and looks, while the new words are not committed yet.
    const task = await taskOf(order)
    const body = { commandId: world.server.services.ids.next(), taskRev: task.rev, decision: 'done' }
    const decided = await api()('POST', at(`tasks/${task.id}/decision`), { body })
    expect(decided.status, decided.text).toBe(200)
    looked = world.settle()
    await new Promise((resolve) => setTimeout(resolve, 300))
  })
  await looked
  await world.settle()
  expect(await world.statesOf(order)).toEqual(['waits approved'])
})

test('what has changed and does not fulfil it is not told as what it waited for', async () => {
  const order = await world.order({ code: 'R-3', note: 'not yet' })
  await world.finishTask(order, 'n_ask')
  const before = await sayings(order)
  await note(order, 'not at all')
  await world.settle()
  expect([await sayings(order), await world.statesOf(order)]).toEqual([before, ['waits running']])
  await note(order, 'go')
  await world.settle()
  expect([await sayings(order), await world.statesOf(order)]).toEqual([before + 1, ['waits approved']])
})

test('a step that watches another record follows the reference to it', async () => {
  const order = await world.order({ code: 'V-1' })
  const engine = engineActor(world.server.services, world.served, world.chief.user)
  const asEngine: typeof asChief = (work) => inUnit(world.server.services, world.served, engine, work)
  const make = (name: string) =>
    asEngine(async (unit) => (await createRecord(unit, 'org', { name }, { by: 'seed' })).id)
  const later = await make('Not yet')
  await asEngine((unit) => updateRecord(unit, 'order', order, { org: later }, { by: 'flow' }))
  await world.settle()
  expect(await world.statesOf(order)).toEqual(['watches running'])
  await asEngine((unit) => updateRecord(unit, 'org', later, { name: 'Go' }, { by: 'flow' }))
  await world.settle()
  expect(await world.statesOf(order)).toEqual(['watches approved'])

  const other = await world.order({ code: 'V-2' })
  await asEngine((unit) => updateRecord(unit, 'order', other, { org: later }, { by: 'flow' }))
  await world.settle()
  expect(await world.statesOf(other)).toEqual(['watches approved'])
})
