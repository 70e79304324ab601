import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../json.ts'
import { offersFor } from '../judge.ts'
import { valuesMeant } from '../plan-anew.ts'
import { planPuttingBack } from '../put-back.ts'
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

/** Whether the person is offered to take their last decision back. */
function mayTakeBack(world: FlowWorld, person: string): boolean {
  const view = { flow: world.flow, run: world.run!, person, admin: false, now: world.now }
  return offersFor(view, world.task(person)).some(
    ({ kind, denied }) => kind.name === 'take_back' && denied === null,
  )
}

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

  test('a step whose cases stood still goes on by itself once one of them is mended, and what comes before it', () => {
    const world = around().do({ type: 'withdraw', by: 'ann' })
    done(world, 'two:undo0')
    world.do({ type: 'effect_failed', key: find(world, 'sub:undo0'), reason })
    const { id: activation } = world.run!.activations.find(({ node }) => node === 'sub')!
    world.do({ type: 'part_mended', activation })
    expect(world.run!.activations.every(({ incident }) => incident === null)).toBe(true)
    done(world, 'sub:undo0')
    expect(waits(world)).toEqual(['one:undo0', 'withdraw:5'])
    // Heard once more, it is no news.
    world.do({ type: 'part_mended', activation })
    expect(waits(world)).toEqual(['one:undo0', 'withdraw:5'])
  })

  test('a case that is sent back takes the ended case back as well, and begins it anew', () => {
    const world = around().does('A', 'send_back', { to: 'start' })
    world.finishEffects()
    expect(world.effects.filter(({ type }) => type === 'take_back_children')).toHaveLength(1)
    world.does('ann', 'submit')
    done(world, 'one:0', wrote('one', null, 8))
    expect(waits(world)).toEqual(['sub:0'])
  })

  test('what the case has written anew meanwhile stays, and goes with the write that it is of then', () => {
    const world = around().does('A', 'send_back', { to: 'start' })
    done(world, 'two:undo0')
    world.does('ann', 'submit')
    // The same again: the record says it already.
    done(world, 'one:0', wrote('one', 'one', 4))
    done(world, 'sub:undo0')
    expect(world.effects.at(-1)).toMatchObject({ type: 'put_back', payload: { rev: 2 } })
    const { payload } = world.effects.at(-1)!
    const { values, kept } = planPuttingBack(payload, { note: 'one' }, new Set())
    expect(values).toEqual({})
    done(world, 'one:undo0', { object: 'thing', record: 'rec', kept: kept.map((one) => ({ ...one })) })
    world.do({ type: 'withdraw', by: 'ann' })
    done(world, 'sub:undo0')
    const last = world.effects.findLast(({ type }) => type === 'put_back')!
    expect(planPuttingBack(last.payload, { note: 'one' }, new Set()).values).toEqual({ note: null })
  })

  test('what it wrote anew and took back again before its turn came goes back', () => {
    const world = around().does('A', 'send_back', { to: 'start' })
    done(world, 'two:undo0')
    world.does('ann', 'submit')
    done(world, 'one:0', wrote('one', 'one', 4))
    world.do({ type: 'withdraw', by: 'ann' })
    world.finishEffects()
    let stands: JsonObject = { note: 'one' }
    for (const { type, key, payload } of world.effects)
      if (type === 'put_back' && key.endsWith(':one:undo0'))
        stands = { ...stands, ...planPuttingBack(payload, stands, new Set()).values }
    expect(stands).toEqual({ note: null })
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

describe('what an assignment gave', () => {
  const giving = (more: object = {}, nobody = 'end_no') =>
    new FlowWorld({
      nodes: [
        { id: 'a', type: 'approval', approvers: people('A') },
        {
          id: 'g',
          type: 'assign',
          candidates: 'partner',
          into: 'partner',
          rules: [{ title: reason, by: 'least_recent' }],
          undo: true,
          ...more,
        },
        { id: 'b', type: 'approval', approvers: people('B') },
      ],
      edges: [
        'start a',
        'a approved g',
        'a rejected end_no',
        'g assigned b',
        `g unassigned ${nobody}`,
        'b approved end_ok',
        'b rejected end_no',
      ],
      settings,
    }).start()
  const asking = { ask: { contacts: { field: 'u' }, within: { after: 24, unit: 'hour' }, reserve: true } }
  const gave = (before: string | null, after: string, rev: number) => ({
    before: { partner: before },
    after: { partner: after },
    rev,
  })
  const offered = (candidate: string) => ({ offers: [{ candidate, people: [candidate.toLowerCase()] }] })

  test('is taken back when the case goes back behind it, and it is given to somebody else', () => {
    const world = giving().does('A', 'approve')
    done(world, 'offer0', offered('P1'))
    done(world, 'give', gave('P0', 'P1', 2))
    world.does('B', 'send_back', { to: 'a' })
    expect(waits(world)).toEqual(['g:undo0'])
    expect(world.effects.at(-1)).toMatchObject({
      type: 'put_back',
      payload: { fields: { partner: { before: 'P0', after: 'P1' } }, rev: 2 },
    })
    world.finishEffects().does('A', 'approve')
    expect(world.effects.at(-1)?.payload.past).toEqual(['P1'])
    // A second time as well, whoever had it in between.
    done(world, 'offer0', offered('P2'))
    done(world, 'give', gave('P0', 'P2', 4))
    world.does('B', 'send_back', { to: 'a' }).finishEffects().does('A', 'approve')
    expect(world.effects.at(-1)?.payload.past).toEqual(['P1', 'P2'])
  })

  test('and who was named while they were asked, in one write to what was there before', () => {
    const world = giving(asking).does('A', 'approve')
    done(world, 'offer0', { ...offered('P1'), ...gave(null, 'P1', 2) })
    world.does('p1', 'decide', { decision: 'decline', comment: 'no' })
    done(world, 'offer1', { ...offered('P2'), ...gave('P1', 'P2', 3) })
    // Broken off before anybody accepted: the record names somebody who never got it.
    world.do({ type: 'withdraw', by: 'ann' })
    expect(waits(world)).toEqual(['g:undo1', 'withdraw:3'])
    expect(world.effects[0]).toMatchObject({
      payload: { fields: { partner: { before: null, after: 'P2' } } },
    })
  })

  test('and who was there before they were asked, where nobody took it', () => {
    const world = giving({ ...asking, recycles: 1 }, 'b')
    world.does('A', 'approve')
    done(world, 'offer0', { ...offered('P1'), ...gave('P0', 'P1', 2) })
    world.does('p1', 'decide', { decision: 'decline', comment: 'no' })
    done(world, 'offer1', { ...offered('P2'), ...gave('P1', 'P2', 3) })
    world.does('p2', 'decide', { decision: 'decline', comment: 'no' })
    done(world, 'clear', { before: { partner: 'P2' }, after: { partner: null }, rev: 4 })
    expect(world.waits).toEqual(['b: B'])
    world.do({ type: 'withdraw', by: 'ann' })
    expect(world.effects.find(({ key }) => key.endsWith(':undo1'))?.payload.fields).toEqual({
      partner: { before: 'P0', after: null },
    })
  })

  test.each([
    ['accept', 'give'],
    ['decline', 'offer1'],
  ])('what was answered is not taken back once it was carried out: %s', (decision, key) => {
    const world = giving(asking).does('A', 'approve')
    // The approval before it may still be thought over: nobody has answered.
    done(world, 'offer0', { ...offered('P1'), ...gave(null, 'P1', 2) })
    expect(mayTakeBack(world, 'A')).toBe(true)
    world.does('p1', 'decide', { decision, comment: 'x' })
    expect(world.refusal(world.say('p1', 'take_back'))).toBe('FLOW_TAKE_BACK_LATE')
    expect(mayTakeBack(world, 'p1')).toBe(false)
    done(world, key, decision === 'accept' ? gave('P1', 'P1', 3) : offered('P2'))
    expect(world.refusal(world.say('p1', 'take_back'))).toBe('FLOW_TAKE_BACK_LATE')
    expect(mayTakeBack(world, 'p1')).toBe(false)
  })

  test('after it came back, the effects of an answer speak of whoever gave it', () => {
    const on = { silent: [{ effect: 'set_fields', with: { note: 'x' } }] }
    const world = giving({ ask: { ...asking.ask, on } }).does('A', 'approve')
    done(world, 'offer0', { ...offered('P1'), ...gave(null, 'P1', 2) })
    world.does('p1', 'decide', { decision: 'accept' })
    done(world, 'give', gave('P1', 'P1', 3))
    world.does('B', 'send_back', { to: 'a' }).finishEffects().does('A', 'approve')
    done(world, 'offer0', { ...offered('P2'), ...gave(null, 'P2', 5) })
    world.fire()
    const silent = world.effects.find(({ key }) => key.endsWith(':silent0.0'))!
    expect(valuesMeant(world.flow, world.run!, silent)).toEqual({ partner: 'P2' })
  })

  test('stays where its settings do not say so', () => {
    const world = giving({ undo: false }).does('A', 'approve')
    done(world, 'offer0', offered('P1'))
    done(world, 'give', gave('P0', 'P1', 2))
    world.does('B', 'send_back', { to: 'a' })
    expect(waits(world)).toEqual([])
  })
})

test.each([true, undefined])('what an event brought is taken back where the step says so: %s', (undo) => {
  const world = new FlowWorld({
    nodes: [
      {
        id: 'w',
        type: 'wait',
        for: { event: 'paid', values: { note: 'paid' } },
        timeout: { after: 9, unit: 'day' },
        ...(undo && { undo }),
      },
      { id: 'a', type: 'approval', approvers: people('A') },
    ],
    edges: ['start w', 'w happened a', 'w timed_out end_no', 'a approved end_ok', 'a rejected end_no'],
    settings,
  }).start()
  const activation = world.run!.activations.at(-1)!.id
  world.do({ type: 'signal', activation, name: 'paid', data: {}, id: 'bank-1' })
  done(world, 'heard', wrote('paid', 'open', 2))
  world.does('A', 'send_back', { to: 'start' })
  expect(waits(world)).toEqual(undo ? ['w:undo0'] : [])
  if (undo)
    expect(world.effects.at(-1)?.payload).toEqual({
      fields: { note: { before: 'open', after: 'paid' } },
      rev: 2,
    })
})
