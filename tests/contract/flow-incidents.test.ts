import type { JsonObject } from '@channelwright/runtime/json.ts'
import { inUnit } from '@channelwright/server/db/unit.ts'
import { engineActor } from '@channelwright/server/flows/engine-actor.ts'
import { createRecord } from '@channelwright/server/records/write-record.ts'
import { describe, expect, test } from 'vitest'
import { findBrokenRows } from '../support/flow-rows-invariants.ts'
import { step, word } from '../support/flow-sketch.ts'
import { callAs } from '../support/members.ts'
import { ask, code, flow, useStartsWorld, when } from '../support/starts-world.ts'

// Cases that stand still: what an administrator tries again is done, once, and nothing else is begun anew.

const flows = () => [
  flow('many', when('M-'), [
    step('n_each', 'for_each', { over: { object: 'order', where: code('P-') }, flow: 'part', limit: 2 }),
  ]),
  flow('part', { type: 'flow' }, [ask('n_ask')]),
  flow('chosen', when('A-'), [
    ask('n_ask'),
    step('n_give', 'action', { effect: 'set_fields', with: { note: 'given', partner_ref: { var: 'code' } } }),
  ]),
  flow('undoer', when('U-'), [taking('n_take'), ask('n_ask')]),
  flow('given', when('G-'), [
    step('n_event', 'wait', {
      for: { event: 'paid', values: { amount: { '+': [{ '??': [{ var: 'amount' }, 0] }, 5] } } },
      undo: true,
    }),
    step('n_assign', 'assign', {
      candidates: 'org',
      into: 'org',
      rules: [
        {
          title: word('For it'),
          where: { '==': [{ var: 'name' }, 'Chosen'] },
          by: 'least_recent',
        },
      ],
      undo: true,
    }),
    ask('n_ask'),
  ]),
  flow('within', when('W-'), [step('n_sub', 'subflow', { flow: 'inner' }), ask('n_ask')]),
  flow('inner', { type: 'flow' }, [taking('n_take')]),
]

const taking = (id: string) =>
  step(id, 'action', {
    effect: 'set_fields',
    with: { note: 'by the flow', partner_ref: { var: 'code' } },
    undo: true,
  })

const world = useStartsWorld('incidents', flows)
const { key, settle, table, sql, order, read, runsOf, statesOf, act, finishTask } = world

const broken = async () => (await findBrokenRows(world.server.services, key)).broken

/** Somebody corrects a record, and no flow hears of it. */
async function correct(id: string, field: string, value: string): Promise<void> {
  const { table: name } = world.served.tables.get('order')!
  const text = `UPDATE "${world.workspace.schema}"."${name}" SET "${field}" = $2 WHERE id = $1`
  await world.server.services.owner.query(text, [id, value])
}

describe('what stands still and is tried again', () => {
  test('too many parts: one of them goes, and the others are begun', async () => {
    const parts = [await order({ code: 'P-1' }), await order({ code: 'P-2' }), await order({ code: 'P-3' })]
    const id = await order({ code: 'M-1' })
    const [run] = await runsOf(id)
    expect(run!.status).toBe('incident')
    // As many as before: it stops once more.
    await act(run!.id, 'retry', { reason: 'not corrected yet' })
    expect(await statesOf(id)).toEqual(['many incident'])
    await correct(parts[2]!, 'code', 'Q-3')
    await act(run!.id, 'retry', { reason: 'one less' })
    expect(await statesOf(parts[0]!)).toEqual(['part running'])
    expect(await statesOf(parts[2]!)).toEqual([])
    expect(await broken()).toEqual([])
    await finishTask(parts[0]!, 'n_ask')
    await finishTask(parts[1]!, 'n_ask')
    expect(await statesOf(id)).toEqual(['many approved'])
  })

  test('an action writes what the record says by then', async () => {
    await order({ code: 'taken', partner_ref: 'A-1' })
    const id = await order({ code: 'A-1' })
    await finishTask(id, 'n_ask')
    expect(await statesOf(id)).toEqual(['chosen incident'])
    const [run] = await runsOf(id)
    await correct(id, 'code', 'A-2')
    await act(run!.id, 'retry', { reason: 'corrected' })
    expect(await statesOf(id)).toEqual(['chosen approved'])
    expect(await read(id)).toMatchObject({ partner_ref: 'A-2', note: 'given' })
    expect(await broken()).toEqual([])
  })
})

describe('what is taken back', () => {
  const api = (method: 'GET' | 'POST', path: string, body?: JsonObject) =>
    callAs(world.server.url, world.chief)(
      method,
      `/api/v1/${key}/${path}`,
      body === undefined ? {} : { body },
    )
  const stuck = async () => {
    const { body } = await api('GET', 'flow-runs?state=stuck')
    return (body as { runs: { id: string; incident: { code: string } | null }[] }).runs
  }
  const stepOf = async (run: string, node: string) =>
    (
      await sql<{ id: string }>(`SELECT id FROM ${table('activation')} WHERE run = $1 AND node = $2`, [
        run,
        node,
      ])
    )[0]!.id
  /** A case whose taking back fails, for what was there before has been given to another record since. */
  const begin = async (name: string) => {
    const id = await order({ code: name, note: 'mine', partner_ref: `${name} before` })
    expect((await read(id)).partner_ref).toBe(name)
    const other = await order({ code: 'Z', partner_ref: `${name} before` })
    const [run] = await runsOf(id)
    await act(run!.id, 'withdraw')
    return { id, other, run: run!.id }
  }

  test.each(['retry', 'skip'])('and fails is seen though the case has ended: %s', async (how) => {
    const { id, other, run } = await begin(`U-${how}`)
    expect((await runsOf(id))[0]!.status).toBe('withdrawn')
    expect(await stuck()).toMatchObject([{ id: run, incident: { code: 'FLOW_EFFECT_FAILED' } }])
    const { body } = await api('GET', `runs/${run}`)
    const offered = (body as { commands: { name: string }[] }).commands.map(({ name }) => name)
    expect(offered).toEqual(expect.arrayContaining(['retry', 'skip']))
    if (how === 'retry') {
      await correct(other, 'partner_ref', 'something else')
      await act(run, 'retry', { reason: 'made room' })
      expect(await read(id)).toMatchObject({ note: 'mine', partner_ref: `U-${how} before` })
    } else {
      await act(run, 'skip', { activation: await stepOf(run, 'n_take'), reason: 'stays' })
      expect(await read(id)).toMatchObject({ note: 'by the flow', partner_ref: `U-${how}` })
    }
    expect(await stuck()).toEqual([])
    expect(await broken()).toEqual([])
  })

  test.each(['retry', 'skip'])(
    'and fails within an ended case stops both, and both go on by a %s there',
    async (how) => {
      const { id, other, run } = await begin(`W-${how}`)
      const inner = (await runsOf(id)).find(({ flow: name }) => name === 'inner')!.id
      expect((await stuck()).map((one) => one.id).sort()).toEqual([run, inner].sort())
      if (how === 'retry') {
        // Nothing is corrected yet: both stand still once more.
        await act(inner, 'retry', { reason: 'too early' })
        expect((await stuck()).map((one) => one.id).sort()).toEqual([run, inner].sort())
        await correct(other, 'partner_ref', 'gone')
        await act(inner, 'retry', { reason: 'made room' })
        expect(await read(id)).toMatchObject({ note: 'mine', partner_ref: `W-${how} before` })
      } else await act(inner, 'skip', { activation: await stepOf(inner, 'n_take'), reason: 'stays' })
      expect(await stuck()).toEqual([])
      expect(await broken()).toEqual([])
    },
  )

  test('of a step that waits and of one that assigns: the record, and no more than they wrote', async () => {
    const { served, server } = world
    const actor = engineActor(server.services, served, world.chief.user)
    const chosen = await inUnit(server.services, served, actor, (unit) =>
      createRecord(unit, 'org', { name: 'Chosen' }, { by: 'seed' }),
    )
    const id = await order({ code: 'G-1', amount: '1.00' })
    const raised = await callAs(server.url, world.outside)('POST', `/api/v1/${key}/flow-events`, {
      body: { id: 'bank-1', event: 'paid', record: id },
    })
    expect(raised.status, raised.text).toBeLessThan(300)
    await settle()
    expect(await read(id)).toMatchObject({ amount: '6.00', org: chosen.id })
    // Somebody counts more on top.
    await correct(id, 'amount', '106.00')
    await act((await runsOf(id))[0]!.id, 'withdraw')
    expect(await read(id)).toMatchObject({ amount: '101.00', org: world.org })
    expect(await broken()).toEqual([])
  })

  test('and never ran leaves what people wrote', async () => {
    await order({ code: 'Y', partner_ref: 'U-never' })
    const id = await order({ code: 'U-never', note: 'mine' })
    const [run] = await runsOf(id)
    expect(run!.status).toBe('incident')
    await act(run!.id, 'skip', { activation: await stepOf(run!.id, 'n_take'), reason: 'taken already' })
    await correct(id, 'note', 'corrected by a person')
    await act(run!.id, 'withdraw')
    expect((await read(id)).note).toBe('corrected by a person')
  })
})
