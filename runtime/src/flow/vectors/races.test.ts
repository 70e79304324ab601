import { describe, expect, test } from 'vitest'
import { FlowWorld, people, sketchFlow } from './world.ts'

const node = (id: string, approvers: readonly object[], more: object = {}) => ({
  id,
  type: 'approval',
  approvers,
  ...more,
})

describe('vector 13: withdrawal and the first approval together', () => {
  test('whoever is second is refused with how it stands', () => {
    const begin = () => new FlowWorld({ nodes: [node('a1', people('a')), node('a2', people('b'))] }).start()
    const approvedFirst = begin()
    const decision = approvedFirst.say('a', 'approve')
    approvedFirst.do(decision)
    expect(approvedFirst.refusal({ type: 'withdraw', by: 'ann' })).toBe('FLOW_WITHDRAW_LATE')
    const withdrawnFirst = begin()
    const late = withdrawnFirst.say('a', 'approve')
    withdrawnFirst.do({ type: 'withdraw', by: 'ann' })
    expect(withdrawnFirst.refusal(late)).toBe('FLOW_TASK_DECIDED')
    expect(withdrawnFirst.status).toBe('withdrawn')
  })

  test('what the flow approved by itself does not stand in the way', () => {
    const nodes = [node('a1', [{ kind: 'applicant' }], { selfApproval: 'skip' }), node('a2', people('b'))]
    const world = new FlowWorld({ nodes }).start()
    world.do({ type: 'withdraw', by: 'ann' })
    expect(world.status).toBe('withdrawn')
  })
})

test('vector 14: the last two approvals before a join enter what follows once', () => {
  const sketch = {
    nodes: [
      { id: 'p', type: 'parallel' },
      node('p1', people('a'), { onReject: { do: 'end' } }),
      node('p2', people('b'), { onReject: { do: 'end' } }),
      { id: 'j', type: 'join' },
      node('a9', people('z')),
    ],
    edges: [
      'start p',
      'p p1',
      'p p2',
      'p1 approved j',
      'p2 approved j',
      'j a9',
      'a9 approved end_ok',
      'a9 rejected end_no',
    ],
  }
  for (const [first, second] of [
    ['a', 'b'],
    ['b', 'a'],
  ] as const) {
    const world = new FlowWorld(sketch).start()
    // Both were on their screens at the same instant; the lock on the run puts them in a row.
    const commands = [world.say(first, 'approve'), world.say(second, 'approve')]
    for (const command of commands) world.do(command)
    expect(world.path.filter((id) => id === 'a9')).toEqual(['a9'])
    expect(world.waits).toEqual(['a9: z'])
    for (const command of commands) expect(world.refusal(command)).toBe('FLOW_TASK_DECIDED')
  }
})

describe('vector 17: a timeout while the approver’s command is on its way', () => {
  const begin = () =>
    new FlowWorld({
      nodes: [node('a1', people('a'), { timeouts: [{ after: 1, unit: 'hour', do: 'approve' }] })],
    }).start()

  test('the approver first: the timer does nothing, and that is written down', () => {
    const world = begin()
    const [timer] = world.timers
    world.wait(1).does('a', 'approve')
    world.do({ type: 'timer', timer: timer?.id ?? '' })
    expect(world.status).toBe('approved')
    expect(world.events.filter(({ type }) => type === 'timer_late').length).toBe(1)
    expect(world.log).toEqual(['a1 a approved'])
  })

  test('the timer first: the approver is told how it stands', () => {
    const world = begin()
    const late = world.say('a', 'approve')
    world.fire()
    expect(world.log).toEqual(['a1 a auto_approved timed_out'])
    expect(world.refusal(late)).toBe('FLOW_TASK_DECIDED')
  })

  test('fired twice, it does its work once; fired early, it is sent away', () => {
    const world = new FlowWorld({
      nodes: [node('a1', people('a'), { timeouts: [{ after: 1, unit: 'hour', do: 'remind', max: 3 }] })],
    }).start()
    const [timer] = world.timers
    expect(world.refusal({ type: 'timer', timer: timer?.id ?? '' })).toBe('FLOW_TIMER_EARLY')
    world.fire().do({ type: 'timer', timer: timer?.id ?? '' })
    expect(world.events.filter(({ type }) => type === 'timed_out').length).toBe(1)
    world.fire().fire()
    expect(world.timers).toEqual([])
  })
})

describe('vector 18: a new release while cases run', () => {
  const old = { nodes: [node('a1', people('a')), node('a2', people('b'))] }
  const without = sketchFlow({ nodes: [node('a2', people('b')), node('b1', people('c'))] })

  test('forty cases finish on the release they began on', () => {
    for (let count = 0; count < 40; count++) {
      const world = new FlowWorld(old).start()
      world.releases.set(8, without)
      world.does('a', 'approve').does('b', 'approve')
      expect([world.status, world.run?.release]).toEqual(['approved', 7])
    }
  })

  test('a case at a step that is gone is not moved, and the step is named', () => {
    const world = new FlowWorld(old).start()
    world.releases.set(8, without)
    const move = { type: 'migrate', release: 8, by: 'adm', reason: 'new rules' } as const
    expect(() => world.do(move)).toThrow('FLOW_MIGRATE_NODE')
    world.do({ ...move, mapping: { a1: 'b1' } })
    expect([world.run?.release, world.waits]).toEqual([8, ['b1: a']])
    expect(world.does('a', 'approve').status).toBe('approved')
  })
})

describe('two people at one task', () => {
  test('the screen that is older is refused', () => {
    const world = new FlowWorld({ nodes: [node('a1', people('a'))] }).start()
    const old = world.say('a', 'approve')
    world.does('a', 'delegate', { to: 'x' }).does('x', 'approve')
    expect(world.refusal(old)).toBe('FLOW_TASK_STALE')
    expect(world.does('a', 'approve').status).toBe('approved')
  })

  test('a decision on a record that has changed since is refused', () => {
    const world = new FlowWorld({ nodes: [node('a1', people('a'))] }).start()
    world.version = 2
    expect(world.refusal(world.say('a', 'approve', { seenVersion: 1 }))).toBe('FLOW_RECORD_CHANGED')
    expect(world.does('a', 'approve', { seenVersion: 2 }).status).toBe('approved')
  })
})
