import { describe, expect, test } from 'vitest'
import { describeEvent } from '../sentences.ts'
import { FlowWorld, people } from './world.ts'

const node = (id: string, approvers: readonly object[], more: object = {}) => ({
  id,
  type: 'approval',
  approvers,
  ...more,
})
const waiting = (timeouts: readonly object[], more: object = {}) =>
  new FlowWorld({
    nodes: [node('a1', people('a'), { timeouts, ...more })],
    settings: { withdraw: 'until_end' },
  })

describe('a task waits too long', () => {
  test('reminded as often as the step says, then it climbs', () => {
    const world = waiting([
      { after: 1, unit: 'hour', do: 'remind', max: 2 },
      { after: 3, unit: 'hour', do: 'escalate' },
    ])
    world.superiors.a = ['sue']
    world.start()
    expect(world.task('a').dueAt).toBe('2026-05-04T04:00:00.000Z')
    world.fire().fire()
    expect(world.waits).toEqual(['a1: a'])
    world.fire()
    expect(world.waits).toEqual(['a1: sue'])
    expect(world.log[0]).toBe('a1 a expired escalated')
    expect(world.does('sue', 'approve').status).toBe('approved')
  })

  test('climbs past the applicant and past those who are asked already, to an administrator at last', () => {
    const world = waiting([{ after: 1, unit: 'hour', do: 'escalate' }])
    world.superiors.a = ['ann']
    expect(world.start().fire().waits).toEqual(['a1: adm'])
  })

  test.each([['escalate'], ['transfer']])('a voice that two have climbs once: %s', (how) => {
    const world = waiting([{ after: 1, unit: 'hour', do: how, max: 2 }])
    world.delegate('a', 'd', '2026-01-01', null, 'also')
    world.superiors.a = ['sue', 'tom']
    world.superiors.sue = ['tom']
    expect(world.start().waits).toEqual(['a1: a', 'a1: d'])
    world.fire().fire()
    expect(world.waits).toEqual(['a1: sue'])
    // And once more, as often as the step says.
    world.fire()
    expect(world.waits).toEqual(['a1: tom'])
    expect(world.does('tom', 'approve').status).toBe('approved')
  })

  test('so does the voice of nobody, for whom all administrators are asked', () => {
    const world = waiting([{ after: 1, unit: 'hour', do: 'escalate' }])
    world.gone.add('a')
    world.admins = ['adm', 'ada']
    world.superiors.adm = ['sue']
    world.superiors.ada = ['tom']
    expect(world.start().fire().fire().waits).toEqual(['a1: sue'])
  })

  test('two who were added together have a voice each', () => {
    const world = waiting([{ after: 1, unit: 'hour', do: 'escalate' }]).start()
    world.superiors.x = ['sue']
    world.superiors.y = ['tom']
    world.does('a', 'add_signers', { people: ['x', 'y'], place: 'before', order: 'all' })
    expect(world.fire().fire().waits).toEqual(['a1: sue', 'a1: tom'])
  })

  test('whoever was asked from the task that falls away belongs to the other', () => {
    const world = waiting([{ after: 1, unit: 'hour', do: 'escalate' }])
    world.delegate('a', 'd', '2026-01-01', null, 'also')
    world.superiors.a = ['sue']
    world.start().does('d', 'add_signers', { people: ['x'], place: 'parallel' })
    world.fire().fire()
    expect(world.waits).toEqual(['a1: sue', 'a1: x'])
  })

  test('passes to a role, refuses, goes back', () => {
    const passed = waiting([{ after: 1, unit: 'hour', do: 'transfer', to: { kind: 'role', role: 'duty' } }])
    passed.roles.duty = ['dee']
    expect(passed.start().fire().waits).toEqual(['a1: dee'])
    const refused = waiting([{ after: 1, unit: 'hour', do: 'reject' }])
      .start()
      .fire()
    expect([refused.status, refused.tasks[0]?.decidedBy]).toEqual(['rejected', null])
    const back = waiting([{ after: 1, unit: 'hour', do: 'return', to: 'start' }])
      .start()
      .fire()
    expect([back.status, back.waits]).toEqual(['returned', ['start: ann']])
  })

  test('where money moves time approves nothing: an administrator looks', () => {
    const nodes = [node('a1', people('a'), { timeouts: [{ after: 1, unit: 'hour', do: 'approve' }] })]
    const world = new FlowWorld({ nodes, money: true }).start().fire()
    expect([world.status, world.waits]).toEqual(['incident', ['a1: a']])
  })

  test('the clock stands still while the task waits for others', () => {
    const world = waiting([{ after: 4, unit: 'hour', do: 'escalate' }]).start()
    world.wait(1).does('a', 'delegate', { to: 'x' })
    const [, ofX] = world.run?.timers ?? []
    expect(world.run?.timers[0]?.left).toBe(3 * 3_600_000)
    expect(ofX?.left).toBeNull()
    world.wait(2).does('x', 'approve')
    expect(world.timers.map(({ dueAt }) => dueAt)).toEqual(['2026-05-04T07:00:00.000Z'])
  })
})

describe('suspending', () => {
  test('nobody can act, clocks stand still with what remains, and go on from there', () => {
    const world = waiting([{ after: 4, unit: 'hour', do: 'escalate' }])
      .start()
      .wait(1)
    const [timer] = world.timers
    world.do({ type: 'suspend', by: 'adm', reason: 'holiday' })
    expect(world.status).toBe('suspended')
    expect(world.refusal(world.say('a', 'approve'))).toBe('FLOW_SUSPENDED')
    expect(world.refusal({ type: 'withdraw', by: 'ann' })).toBe('FLOW_SUSPENDED')
    world.wait(10).do({ type: 'timer', timer: timer?.id ?? '' })
    expect(world.log).toEqual(['a1 a pending'])
    world.do({ type: 'resume', by: 'adm', reason: 'back' })
    expect(world.timers.map(({ dueAt }) => dueAt)).toEqual(['2026-05-04T15:00:00.000Z'])
    expect(world.does('a', 'approve').status).toBe('approved')
  })

  test('what is suspended can be terminated', () => {
    const world = waiting([]).start().do({ type: 'suspend', by: 'adm', reason: 'x' })
    expect(world.do({ type: 'terminate', by: 'adm', reason: 'x' }).status).toBe('terminated')
  })
})

describe('reminding', () => {
  test('once in two hours, whoever is waited for', () => {
    const world = waiting([]).start().do({ type: 'remind', by: 'ann' })
    expect(world.events.findLast(({ type }) => type === 'reminded')?.data).toEqual({
      assignee: 'a',
      count: 1,
    })
    expect(world.refusal({ type: 'remind', by: 'ann' })).toBe('FLOW_REMINDED_LATELY')
    expect(world.wait(2).refusal({ type: 'remind', by: 'ann' })).toBe('done')
    const told = world.events
      .filter(({ type }) => type === 'reminded')
      .map((event) => describeEvent(event, world.flow, (user) => user)?.en)
    expect(told).toEqual(['ann reminded a of "a1"', 'ann reminded a of "a1" (reminder 2)'])
    expect(world.refusal({ type: 'remind', by: 'a' })).toBe('FLOW_NOT_APPLICANT')
  })
})

describe('what administrators do', () => {
  const three = () =>
    new FlowWorld({
      nodes: [node('a1', people('a')), node('a2', people('b')), node('a3', people('c'))],
    }).start()

  test('jump and skip, with a reason', () => {
    const world = three().do({ type: 'jump', by: 'adm', node: 'a3', reason: 'urgent' })
    expect([world.waits, world.log[0]]).toEqual([['a3: c'], 'a1 a cancelled jumped'])
    const step = world.run?.activations.at(-1)?.id ?? ''
    world.do({ type: 'skip', by: 'adm', activation: step, reason: 'away' })
    expect([world.status, world.log.at(-1)]).toEqual(['approved', 'a3 c skipped skipped'])
  })

  test('no decision is skipped where money moves', () => {
    const world = new FlowWorld({ nodes: [node('a1', people('a'))], money: true }).start()
    const activation = world.run?.activations.at(-1)?.id ?? ''
    expect(world.refusal({ type: 'skip', by: 'adm', activation, reason: 'x' })).toBe('FLOW_SKIP_REFUSED')
  })

  test('where money moves a case is moved and opened again further back only', () => {
    const nodes = [node('a1', people('a')), node('a2', people('b')), node('a3', people('c'))]
    const world = new FlowWorld({ nodes, money: true }).start()
    const jump = { type: 'jump', by: 'adm', reason: 'urgent' } as const
    for (const goal of ['a2', 'end_ok'])
      expect(world.refusal({ ...jump, node: goal })).toBe('FLOW_MOVE_MONEY')
    world.does('a', 'approve').does('b', 'approve')
    expect(world.do({ ...jump, node: 'a1' }).waits).toEqual(['a1: a'])
    world.does('a', 'reject')
    const open = { type: 'reopen', by: 'adm', reason: 'new facts' } as const
    expect(world.refusal({ ...open, node: 'a2' })).toBe('FLOW_MOVE_MONEY')
    expect(world.do({ ...open, node: 'a1' }).waits).toEqual(['a1: a'])
  })

  test('a case that was refused is opened again at a step it had come to, in a new round', () => {
    const world = three().does('a', 'approve').does('b', 'reject')
    const open = { type: 'reopen', by: 'adm', reason: 'new facts' } as const
    expect(world.refusal({ ...open, node: 'a3' })).toBe('FLOW_NODE_UNKNOWN')
    world.do({ ...open, node: 'a2' })
    expect([world.status, world.run?.round, world.run?.endedAt, world.waits]).toEqual([
      'running',
      2,
      null,
      ['a2: b'],
    ])
    world.does('b', 'approve').does('c', 'approve')
    expect(world.refusal({ ...open, node: 'a2' })).toBe('FLOW_RUN_CLOSED')
  })

  test('a task is given to somebody else', () => {
    const world = three()
    const { id: task, rev: taskRev } = world.task('a')
    world.do({ type: 'reassign', task, taskRev, by: 'adm', to: 'x', reason: 'ill' })
    expect(world.waits).toEqual(['a1: x'])
  })

  test('into a branch only from within it', () => {
    const world = new FlowWorld({
      nodes: [
        node('a1', people('a')),
        { id: 'p', type: 'parallel' },
        node('p1', people('b'), { onReject: { do: 'end' } }),
        node('p2', people('c'), { onReject: { do: 'end' } }),
        { id: 'j', type: 'join' },
      ],
      edges: [
        'start a1',
        'a1 approved p',
        'a1 rejected end_no',
        'p p1',
        'p p2',
        'p1 approved j',
        'p2 approved j',
        'j end_ok',
      ],
    }).start()
    expect(world.refusal({ type: 'jump', by: 'adm', node: 'p1', reason: 'x' })).toBe('FLOW_JUMP_BRANCH')
    world.does('a', 'approve')
    world.do({ type: 'jump', by: 'adm', node: 'end_ok', reason: 'x' })
    expect(world.status).toBe('approved')
  })
})

test.each(['return', 'reject', 'approve'])('somebody who is only heard is not waited for: %s', (what) => {
  for (const money of [false, true]) {
    const timeouts = [{ after: 4, unit: 'hour', do: what }]
    const world = new FlowWorld({ nodes: [node('a1', people('a'), { timeouts })], money })
    world.start().does('a', 'delegate', { to: 'x' }).wait(4)
    const { id } = world.run!.timers.find(
      ({ task, state }) => state === 'open' && task === world.task('x').id,
    )!
    world.do({ type: 'timer', timer: id })
    expect(world.log).toEqual(['a1 a pending', 'a1 x expired timed_out'])
  }
})

describe('a case that was open for too long', () => {
  const open = (more: object) => {
    const settings = { expire: { after: 2, unit: 'day', end: 'end_ok', values: { state: 'late' } } }
    const sketch = { nodes: [{ id: 't', type: 'task', approvers: people('a') }], settings, ...more }
    const world = new FlowWorld(sketch).start().wait(48)
    const clock = world.run?.timers.find(({ kind }) => kind === 'expire')
    return world.do({ type: 'timer', timer: clock!.id })
  }
  const comes = ({ run, effects }: FlowWorld) => [run?.status, run?.outcome, effects.length]

  test('ends by the end that the flow names', () => {
    expect(comes(open({}))).toEqual(['expired', 'approved', 1])
  })

  test('is not approved by it where money moves, though a flow that was published before says so', () => {
    expect(comes(open({ money: true }))).toEqual(['expired', null, 0])
  })
})
