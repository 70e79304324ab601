import { describe, expect, test } from 'vitest'
import { FlowWorld, people } from './world.ts'

const reason = { en: 'x', zh: 'x' }
const write = (id: string) => ({ id, type: 'action', effect: 'set_fields', with: { note: id }, undo: true })
const sub = { id: 'sub', type: 'subflow', flow: 'other' }
const settings = { withdraw: 'until_end', onWithdraw: { state: 'draft' } }

/** Node and seq of what is to be done. */
function waits(world: FlowWorld): readonly string[] {
  return world.waitsForEffects.map((key) => key.split(':').slice(2).join(':'))
}

function done(world: FlowWorld, end: string, result = {}): FlowWorld {
  return world.do({ type: 'effect_done', key: find(world, end), result })
}

function find(world: FlowWorld, end: string): string {
  const key = world.waitsForEffects.find((one) => one.endsWith(`:${end}`))
  if (key === undefined) throw new Error(`${end} is not to be done: ${waits(world).join(', ')}`)
  return key
}

const wrote = (note: string, before: string | null, rev: number) => ({
  before: { note: before },
  after: { note },
  rev,
})

/** One action, a case that another flow treated, another action; then somebody is asked. */
function around(): FlowWorld {
  const nodes = [write('one'), sub, write('two'), { id: 'a', type: 'approval', approvers: people('A') }]
  const world = new FlowWorld({ nodes, settings }).start()
  done(world, 'one:0', wrote('one', null, 2))
  done(world, 'sub:0')
  const { key: begun, activation, item } = world.openChildren[0]!
  const run = `run of ${begun}`
  world.do({ type: 'child_ended', activation, run, status: 'approved', outcome: 'approved', item })
  return done(world, 'two:0', wrote('two', 'other', 4))
}

describe('taking back', () => {
  test('what never ran has nothing to take back', () => {
    const nodes = [write('one'), { id: 'a', type: 'approval', approvers: people('A') }]
    const world = new FlowWorld({ nodes, settings: { withdraw: 'until_end' } }).start()
    world.do({ type: 'effect_failed', key: find(world, 'one:0'), reason })
    const activation = world.run!.activations.find(({ node }) => node === 'one')!.id
    world.do({ type: 'skip', by: 'adm', activation, reason: 'x' })
    expect(world.waits).toEqual(['a: A'])
    world.do({ type: 'withdraw', by: 'ann' })
    expect(world.effects).toEqual([])
  })

  test('goes backwards, through the cases that a step began, and ends with what the case writes', () => {
    const world = around().do({ type: 'withdraw', by: 'ann' })
    expect(waits(world)).toEqual(['two:undo0'])
    done(world, 'two:undo0')
    expect(waits(world)).toEqual(['sub:undo0'])
    expect(world.effects.at(-1)).toMatchObject({ type: 'take_back_children' })
    done(world, 'sub:undo0')
    expect(waits(world)).toEqual(['one:undo0', 'withdraw:5'])
    world.finishEffects()
    expect(world.status).toBe('withdrawn')
  })

  test('a case that is sent back takes the ended case back as well, and begins it anew', () => {
    const world = around().does('A', 'send_back', { to: 'start' })
    world.finishEffects()
    expect(world.effects.filter(({ type }) => type === 'take_back_children')).toHaveLength(1)
    world.does('ann', 'submit')
    done(world, 'one:0', wrote('one', null, 8))
    expect(waits(world)).toEqual(['sub:0'])
  })

  test('cases of a step that is broken off are taken back, those of its parts that have ended too', () => {
    const each = { id: 'each', type: 'for_each', over: { object: 'thing', where: true }, flow: 'other' }
    const world = new FlowWorld({ nodes: [each], settings: { withdraw: 'until_end' } }).start()
    done(world, 'find', { ids: ['r1', 'r2'] })
    done(world, 'r1')
    done(world, 'r2')
    const { key: begun, activation, item } = world.openChildren[0]!
    const run = `run of ${begun}`
    world.do({ type: 'child_ended', activation, run, status: 'approved', outcome: 'approved', item })
    world.do({ type: 'withdraw', by: 'ann' })
    expect(waits(world)).toEqual(['each:undo0'])
  })

  test.each(['retry', 'skip'])('one that fails is seen though the case has ended; %s', (command) => {
    const world = around().do({ type: 'withdraw', by: 'ann' })
    const key = find(world, 'two:undo0')
    world.do({ type: 'effect_failed', key, reason })
    expect(world.status).toBe('withdrawn')
    const step = world.run!.activations.find(({ node }) => node === 'two')!
    expect(step.incident?.code).toBe('FLOW_EFFECT_FAILED')
    expect(waits(world)).toEqual([])
    if (command === 'retry') {
      world.do({ type: 'retry', by: 'adm', reason: 'x' })
      done(world, 'two:undo0')
    } else world.do({ type: 'skip', by: 'adm', activation: step.id, reason: 'x' })
    expect(world.run!.activations.every(({ incident }) => incident === null)).toBe(true)
    expect(waits(world)).toEqual(['sub:undo0'])
    expect(world.refusal({ type: 'retry', by: 'adm', reason: 'x' })).toBe('FLOW_RUN_CLOSED')
    expect(world.refusal({ type: 'skip', by: 'adm', activation: step.id, reason: 'x' })).toBe(
      'FLOW_RUN_CLOSED',
    )
  })

  test('a case that has ended is taken back once, with the one that began it', () => {
    const nodes = [write('one')]
    const world = new FlowWorld({ nodes, settings }).start('ann', {
      parent: { run: 'p', activation: 'pa', item: null },
    })
    done(world, 'one:0', wrote('one', null, 2))
    expect(world.status).toBe('approved')
    world.do({ type: 'parent_left', back: false })
    expect(waits(world)).toEqual([])
    world.do({ type: 'parent_left', back: true })
    expect(world.status).toBe('approved')
    expect(waits(world)).toEqual(['one:undo0', 'withdraw:3'])
    world.finishEffects()
  })
})
