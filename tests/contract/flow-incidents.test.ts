import { describe, expect, test } from 'vitest'
import { findBrokenRows } from '../support/flow-rows-invariants.ts'
import { ask, code, flow, step, useStartsWorld, when } from '../support/starts-world.ts'

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
]

const world = useStartsWorld('incidents', flows)
const { key, order, read, runsOf, statesOf, act, finishTask } = world

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
