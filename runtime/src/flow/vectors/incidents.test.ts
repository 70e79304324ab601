import { describe, expect, test } from 'vitest'
import type { Activation } from '../run.ts'
import { FlowWorld, people } from './world.ts'

const reason = { en: 'x', zh: 'x' }

function each(more: object = {}): FlowWorld {
  const over = { object: 'thing', where: true }
  return new FlowWorld({ nodes: [{ id: 'f', type: 'for_each', over, flow: 'other', ...more }] }).start()
}

function step(world: FlowWorld, node: string): Activation {
  const found = world.run?.activations.findLast((one) => one.node === node)
  if (found === undefined) throw new Error(`${node} was not reached`)
  return found
}

/** The effect whose key ends so. */
function key(world: FlowWorld, end: string): string {
  const found = world.effects.findLast((effect) => effect.key.endsWith(`:${end}`))
  if (found === undefined) throw new Error(`nobody asked for ${end}`)
  return found.key
}

function done(world: FlowWorld, end: string, result = {}): FlowWorld {
  return world.do({ type: 'effect_done', key: key(world, end), result })
}

function fails(world: FlowWorld, end: string): FlowWorld {
  return world.do({ type: 'effect_failed', key: key(world, end), reason })
}

function ends(world: FlowWorld, item: string): FlowWorld {
  const { id: activation } = step(world, 'f')
  return world.do({
    type: 'child_ended',
    activation,
    run: `child ${item}`,
    status: 'approved',
    outcome: 'approved',
    item,
  })
}

const again = { type: 'retry', by: 'adm', reason: 'x' } as const

describe('trying again', () => {
  test('one part that could not be begun is begun; the others, ended or not, are kept', () => {
    const world = each()
    done(world, 'find', { ids: ['r1', 'r2', 'r3'] })
    done(world, 'r1')
    done(world, 'r2')
    fails(world, 'r3')
    ends(world, 'r1')
    expect(world.status).toBe('incident')
    world.do(again)
    expect(world.status).toBe('running')
    expect(world.waitsForEffects).toEqual([key(world, 'r3')])
    done(world, 'r3')
    ends(world, 'r2')
    ends(world, 'r3')
    expect(world.status).toBe('approved')
  })

  test('of two parts that could not be begun both are begun', () => {
    const world = each()
    done(world, 'find', { ids: ['r1', 'r2'] })
    fails(world, 'r1')
    fails(world, 'r2')
    world.do(again)
    expect(world.waitsForEffects).toHaveLength(2)
    done(world, 'r1')
    done(world, 'r2')
    expect(world.status).toBe('running')
  })

  test('one that is done does not hide that another has failed', () => {
    const world = each()
    done(world, 'find', { ids: ['r1', 'r2'] })
    fails(world, 'r1')
    done(world, 'r2')
    expect(world.status).toBe('incident')
    world.do(again)
    expect(world.waitsForEffects).toEqual([key(world, 'r1')])
  })

  test('too many parts are looked for anew', () => {
    const world = each({ limit: 2 })
    done(world, 'find', { ids: ['r1', 'r2', 'r3'] })
    expect(step(world, 'f').incident?.code).toBe('FLOW_TOO_MANY_PARTS')
    world.do(again)
    expect(world.waitsForEffects).toHaveLength(1)
    world.do({ type: 'effect_done', key: world.waitsForEffects[0]!, result: { ids: ['r1'] } })
    done(world, 'r1')
    ends(world, 'r1')
    expect(world.status).toBe('approved')
  })

  test('what a step was told while a rule failed is told again', () => {
    const world = each({ input: { x: 1 } })
    world.fails.add('1')
    done(world, 'find', { ids: ['r1', 'r2'] })
    expect(step(world, 'f').incident?.code).toBe('FLOW_RULE_FAILED')
    world.do(again)
    expect(world.status).toBe('incident')
    world.fails.clear()
    world.do(again)
    expect(world.waitsForEffects).toHaveLength(2)
    expect(world.status).toBe('running')
  })

  const assigning = (offered: object = {}) =>
    new FlowWorld({
      nodes: [
        {
          id: 's',
          type: 'assign',
          candidates: 'partner',
          into: 'partner',
          rules: [{ title: reason, by: 'least_recent' }],
          ask: {
            contacts: { field: 'u' },
            within: { after: 24, unit: 'hour' },
            on: { offered: [{ effect: 'set_fields', with: { note: 'x' }, ...offered }] },
          },
        },
      ],
      edges: ['start s', 's assigned end_ok', 's unassigned end_no'],
    }).start()

  test('an assignment keeps its candidates while what goes with the offer is tried again', () => {
    const world = assigning()
    done(world, 'offer0', { offers: [{ candidate: 'P1', people: ['p1'] }] })
    fails(world, 'offered0.0')
    expect(world.status).toBe('incident')
    world.do(again)
    expect(world.status).toBe('running')
    expect(world.waitsForEffects).toEqual([key(world, 'offered0.0')])
    expect(world.waits).toEqual(['s: p1'])
    done(world, 'offered0.0')
    world.does('p1', 'decide', { decision: 'accept' })
    done(world, 'give')
    expect(world.status).toBe('approved')
  })

  test('an effect that fails after its step was left is seen and tried again', () => {
    const world = assigning()
    done(world, 'offer0', { offers: [{ candidate: 'P1', people: ['p1'] }] })
    world.does('p1', 'decide', { decision: 'accept' })
    done(world, 'give')
    fails(world, 'offered0.0')
    expect(world.status).toBe('approved')
    expect(step(world, 's').incident?.code).toBe('FLOW_EFFECT_FAILED')
    world.do(again)
    expect(step(world, 's').incident).toBeNull()
    expect(world.waitsForEffects).toEqual([key(world, 'offered0.0')])
  })

  test('a subflow that could not be begun is begun, over what its rule leads to by then', () => {
    const world = new FlowWorld({ nodes: [{ id: 'sub', type: 'subflow', flow: 'other', record: null }] })
    world.start()
    fails(world, '0')
    world.flow = {
      ...world.flow,
      nodes: world.flow.nodes.map((node) => (node.type === 'subflow' ? { ...node, record: 'rec' } : node)),
    } as typeof world.flow
    world.do(again)
    expect(world.effects.at(-1)?.payload.record).toBe('rec')
    done(world, '0')
    expect(world.status).toBe('running')
  })

  test('where its settings say so the case goes on without what failed, and says so', () => {
    const hook = { type: 'action', effect: 'set_fields', with: { note: 'x' }, onFail: 'continue', undo: true }
    const world = new FlowWorld({
      nodes: [
        { id: 'h', ...hook },
        { id: 'a', type: 'approval', approvers: people('A') },
      ],
    }).start()
    fails(world, '0')
    expect([world.status, ...world.waits]).toEqual(['running', 'a: A'])
    expect(step(world, 'h').incident).toBeNull()
    expect(world.refusal(again)).toBe('FLOW_NOTHING_TO_RETRY')
    const told = world.events.find(({ type }) => type === 'effect_left')
    expect(told?.data).toMatchObject({ effect: 'set_fields', reason })
    // Nothing was done, so nothing is taken back.
    world.do({ type: 'withdraw', by: 'ann' })
    expect(world.waitsForEffects).toEqual([])
  })

  test('what takes it back is left by nobody', () => {
    const hook = { type: 'action', effect: 'set_fields', with: { note: 'x' }, onFail: 'continue', undo: true }
    const world = new FlowWorld({
      settings: { withdraw: 'until_end' },
      nodes: [
        { id: 'h', ...hook },
        { id: 'a', type: 'approval', approvers: people('A') },
      ],
    }).start()
    done(world, '0', { before: { note: 'y' }, after: { note: 'x' }, rev: 2 })
    world.do({ type: 'withdraw', by: 'ann' })
    fails(world, 'undo0')
    expect(step(world, 'h').incident?.code).toBe('FLOW_EFFECT_FAILED')
  })

  test('an assignment leaves what its settings let it leave on the way to an answer', () => {
    const world = assigning({ onFail: 'continue' })
    done(world, 'offer0', { offers: [{ candidate: 'P1', people: ['p1'] }] })
    fails(world, 'offered0.0')
    expect([world.status, step(world, 's').incident]).toEqual(['running', null])
    world.does('p1', 'decide', { decision: 'accept' })
    done(world, 'give')
    expect(world.status).toBe('approved')
  })

  test('nobody gets a second task, and nothing is written twice, by trying again', () => {
    const world = new FlowWorld({
      nodes: [
        { id: 'a', type: 'approval', approvers: people('A') },
        { id: 'c', type: 'action', effect: 'set_fields', with: { note: 'x' } },
      ],
    }).start()
    world.does('A', 'approve')
    fails(world, '0')
    world.do(again).do({ type: 'effect_done', key: key(world, '0'), result: {} })
    expect(world.status).toBe('approved')
    expect(world.log).toEqual(['a A approved'])
  })
})
