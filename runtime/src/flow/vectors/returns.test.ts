import { describe, expect, test } from 'vitest'
import { previewReturn } from '../send-back.ts'
import { FlowWorld, people } from './world.ts'

const node = (id: string, approvers: readonly object[], more: object = {}) => ({
  id,
  type: 'approval',
  approvers,
  ...more,
})
const three = [
  node('a1', people('a')),
  node('a2', people('b')),
  node('a3', people('c', 'd'), { pass: 'all', returnTo: { resume: 'ask' } }),
]

describe('vector 11: the third step sends back to the first', () => {
  const begin = () => new FlowWorld({ nodes: three }).start().does('a', 'approve').does('b', 'approve')

  test('replay: all are entered anew and asked again', () => {
    const world = begin().does('c', 'send_back', { to: 'a1', resume: 'replay', comment: 'amount?' })
    expect(world.log).toContain('a3 c returned')
    expect(world.log).toContain('a3 d cancelled returned')
    world.does('a', 'approve').does('b', 'approve').does('c', 'approve').does('d', 'approve')
    expect(world.path).toEqual(['start', 'a1', 'a2', '(a3)', 'a1', 'a2', 'a3', 'end_ok'])
    expect(world.run?.activations.slice(4).map(({ cause }) => cause)).toEqual([
      'return',
      'return',
      'return',
      'forward',
    ])
    expect(world.run?.returns).toBe(1)
  })

  test('replay: nobody is left out because they approved before', () => {
    const nodes = [node('a1', people('a')), node('a2', people('a')), node('a3', people('c'))]
    const world = new FlowWorld({ nodes }).start().does('a', 'approve')
    expect(world.waits).toEqual(['a3: c'])
    world.does('c', 'send_back', { to: 'a1' }).does('a', 'approve')
    expect(world.waits).toEqual(['a2: a'])
  })

  test('direct: after the first straight to the third, with the same people', () => {
    const world = begin().does('c', 'send_back', { to: 'a1', resume: 'direct' })
    world.does('a', 'approve')
    expect(world.waits).toEqual(['a3: c', 'a3: d'])
    expect(world.run?.activations.at(-1)?.cause).toBe('direct')
  })

  test('direct: for one who has left meanwhile whoever is above them', () => {
    const world = begin().does('c', 'send_back', { to: 'a1', resume: 'direct' })
    world.gone.add('d')
    world.superiors.d = ['sue']
    expect(world.does('a', 'approve').waits).toEqual(['a3: c', 'a3: sue'])
  })

  const leavings = (world: FlowWorld) =>
    world.events.filter(({ type }) => type === 'person_left').map(({ data }) => [data.user, data.assignee])

  test('direct: who takes the place of one who has left is told', () => {
    const world = begin().does('c', 'send_back', { to: 'a1', resume: 'direct' })
    world.gone.add('d')
    expect(world.does('a', 'approve').waits).toEqual(['a3: adm', 'a3: c'])
    expect(leavings(world)).toEqual([['d', 'adm']])
  })

  test('direct: a seat for which nobody is there stops for an administrator, and is filled once somebody is', () => {
    const world = begin().does('c', 'send_back', { to: 'a1', resume: 'direct' })
    world.gone.add('d')
    world.admins = []
    world.does('a', 'approve')
    expect([world.status, world.waits]).toEqual(['incident', []])
    expect(leavings(world)).toEqual([['d', null]])
    world.superiors.d = ['sue']
    world.do({ type: 'retry', by: 'adm', reason: 'a superior was named' })
    expect([world.status, world.waits]).toEqual(['running', ['a3: c', 'a3: sue']])
  })

  describe('direct: one after the other', () => {
    const inTurn = (...users: string[]) => {
      const more = { order: 'sequential', pass: 'all', returnTo: { resume: 'ask' } }
      const nodes = [node('a1', people('a')), node('a3', people(...users), more)]
      return new FlowWorld({ nodes }).start().does('a', 'approve')
    }

    test('who has left before it was their turn is passed over, and that is told', () => {
      const world = inTurn('c', 'd', 'e').does('c', 'send_back', { to: 'a1', resume: 'direct' })
      world.gone.add('d')
      world.superiors.d = ['sue']
      expect(world.does('a', 'approve').waits).toEqual(['a3: c'])
      expect(world.does('c', 'approve').waits).toEqual(['a3: e'])
      expect(leavings(world)).toEqual([['d', null]])
      expect(world.does('e', 'approve').status).toBe('approved')
    })

    test('and the last of them does not fall away', () => {
      const world = inTurn('c', 'd').does('c', 'send_back', { to: 'a1', resume: 'direct' })
      world.gone.add('d')
      world.superiors.d = ['sue']
      world.does('a', 'approve').does('c', 'approve')
      expect(world.waits).toEqual(['a3: adm'])
      expect(world.events.some(({ type }) => type === 'nobody_found')).toBe(true)
      // Vacant before, it is vacant again.
      world.does('adm', 'send_back', { to: 'a1', resume: 'direct' }).does('a', 'approve')
      expect(world.does('c', 'approve').waits).toEqual(['a3: adm'])
    })

    test('whoever was asked before they left is followed by whoever is above them', () => {
      const world = inTurn('c', 'd', 'e').does('c', 'approve')
      world.does('d', 'send_back', { to: 'a1', resume: 'direct' })
      world.gone.add('c').add('d')
      world.superiors.c = ['sue']
      world.superiors.d = ['sue', 'tom']
      expect(world.does('a', 'approve').waits).toEqual(['a3: sue'])
      expect(world.does('sue', 'approve').waits).toEqual(['a3: tom'])
    })
  })

  test('direct: everything again when something has changed that the second could see', () => {
    const world = begin().does('c', 'send_back', { to: 'start', resume: 'direct' })
    expect([world.status, world.waits]).toEqual(['returned', ['start: ann']])
    world.version = 2
    world.changed = ['amount']
    expect(world.does('ann', 'submit').waits).toEqual(['a1: a'])
    expect(world.run?.round).toBe(2)
  })

  test('direct: straight back when nothing of it was for their eyes', () => {
    const hidden = { fields: { amount: 'hidden' } }
    const nodes = three.map((one) => ({ ...one, ...hidden }))
    const world = new FlowWorld({ nodes }).start().does('a', 'approve').does('b', 'approve')
    world.does('c', 'send_back', { to: 'start', resume: 'direct' })
    world.version = 2
    world.changed = ['amount']
    expect(world.does('ann', 'submit').waits).toEqual(['a3: c', 'a3: d'])
  })

  test('how often is bounded', () => {
    const world = new FlowWorld({ nodes: [node('a1', people('a'))], settings: { returnCap: 1 } }).start()
    world.does('a', 'send_back', { to: 'start' }).does('ann', 'submit')
    expect(world.refusal(world.say('a', 'send_back', { to: 'start' }))).toBe('FLOW_RETURN_CAP')
  })

  test('only to steps that were done and lie on every way', () => {
    const world = begin()
    expect(world.refusal(world.say('c', 'send_back', { to: 'end_ok' }))).toBe('FLOW_RETURN_TARGET')
    expect(world.refusal(world.say('c', 'send_back', { to: 'a3' }))).toBe('FLOW_RETURN_TARGET')
    expect(world.refusal(world.say('c', 'send_back', { to: 'nowhere' }))).toBe('FLOW_RETURN_TARGET')
  })
})

const split = {
  nodes: [
    node('a1', people('a')),
    { id: 'p', type: 'parallel' },
    node('p1', people('b'), { onReject: { do: 'end' } }),
    { id: 'x2', type: 'action', effect: 'set_fields', with: { state: 'seen' } },
    node('p2', people('c'), {
      onReject: { do: 'end' },
      timeouts: [{ after: 2, unit: 'hour', do: 'remind' }],
    }),
    { id: 'j', type: 'join' },
    node('a9', people('z')),
  ],
  edges: [
    'start a1',
    'a1 approved p',
    'a1 rejected end_no',
    'p p1',
    'p x2',
    'x2 p2',
    'p1 approved j',
    'p2 approved j',
    'j a9',
    'a9 approved end_ok',
    'a9 rejected end_no',
  ],
}

describe('vector 12: back from inside a branch to before its split', () => {
  test('the other branch loses tasks and timers in that command; what it has done is told beforehand', () => {
    const world = new FlowWorld(split).start().does('a', 'approve').finishEffects()
    expect(world.waits).toEqual(['p1: b', 'p2: c'])
    expect(world.timers.length).toBe(1)
    const told = previewReturn(world.flow, world.run!, 'a1')
    expect(told.done.map(({ node: id }) => id)).toEqual(['x2'])
    expect(told.tasks.map(({ assignee }) => assignee)).toEqual(['b', 'c'])
    world.does('b', 'send_back', { to: 'a1' })
    expect(world.waits).toEqual(['a1: a'])
    expect(world.log).toContain('p2 c cancelled returned')
    expect(world.timers).toEqual([])
  })

  test('queued effects of the other branch are broken off', () => {
    const world = new FlowWorld(split).start().does('a', 'approve')
    expect(world.effects.length).toBe(1)
    world.does('b', 'send_back', { to: 'a1' })
    expect(world.effects).toEqual([])
  })

  test('from one branch never into the other, and never straight back across the split', () => {
    const world = new FlowWorld(split).start().does('a', 'approve').finishEffects()
    expect(world.refusal(world.say('b', 'send_back', { to: 'p2' }))).toBe('FLOW_RETURN_TARGET')
    const nodes = split.nodes.map((one) => (one.id === 'p1' ? { ...one, returnTo: { resume: 'ask' } } : one))
    const asking = new FlowWorld({ ...split, nodes }).start().does('a', 'approve').finishEffects()
    expect(asking.refusal(asking.say('b', 'send_back', { to: 'a1', resume: 'direct' }))).toBe(
      'FLOW_RETURN_DIRECT',
    )
  })
})

describe('a branch is refused', () => {
  const begin = (onBranchReject?: string) => {
    const nodes = split.nodes.map((one) =>
      one.id === 'p' && onBranchReject ? { ...one, onBranchReject } : one,
    )
    return new FlowWorld({ ...split, nodes }).start().does('a', 'approve').finishEffects()
  }

  test('the others are cancelled and the case is refused, unless the split says otherwise', () => {
    const world = begin().does('b', 'reject')
    expect([world.status, world.log.at(-1)]).toEqual(['rejected', 'p2 c cancelled branch_cancelled'])
  })

  test('wait for all: the others are heard, then it is refused', () => {
    const world = begin('wait_all').does('b', 'reject')
    expect(world.waits).toEqual(['p2: c'])
    expect(world.does('c', 'approve').status).toBe('rejected')
  })

  test('ignore: the others go on without it', () => {
    const world = begin('ignore').does('b', 'reject').does('c', 'approve')
    expect(world.waits).toEqual(['a9: z'])
  })
})

describe('a refusal that sends back', () => {
  test('goes where the step says', () => {
    const nodes = [node('a1', people('a'), { onReject: { do: 'return', to: 'start' } })]
    const world = new FlowWorld({ nodes }).start().does('a', 'reject')
    expect([world.status, world.waits]).toEqual(['returned', ['start: ann']])
    expect(world.does('ann', 'submit').waits).toEqual(['a1: a'])
  })

  test('too often, it stops for an administrator to look at', () => {
    const nodes = [node('a1', people('a'), { onReject: { do: 'return', to: 'start' } })]
    const world = new FlowWorld({ nodes, settings: { returnCap: 0 } }).start().does('a', 'reject')
    expect(world.status).toBe('incident')
  })
})

describe('withdrawing', () => {
  test('to a draft: the applicant submits it again in a new round', () => {
    const world = new FlowWorld({ nodes: three, settings: { afterWithdraw: 'draft' } }).start()
    world.do({ type: 'withdraw', by: 'ann' })
    expect([world.status, world.waits]).toEqual(['returned', ['start: ann']])
    world.does('ann', 'submit')
    expect([world.run?.round, world.waits]).toEqual([2, ['a1: a']])
  })

  test('until the end, or never', () => {
    const late = new FlowWorld({ nodes: three, settings: { withdraw: 'until_end' } }).start()
    late.does('a', 'approve').do({ type: 'withdraw', by: 'ann' })
    expect(late.status).toBe('withdrawn')
    const never = new FlowWorld({ nodes: three, settings: { withdraw: 'never' } }).start()
    expect(never.refusal({ type: 'withdraw', by: 'ann' })).toBe('FLOW_WITHDRAW_NEVER')
  })
})

describe('what was done is taken back', () => {
  const action = { id: 'x', type: 'action', effect: 'set_fields', with: { state: 'held' }, undo: true }
  const sketch = {
    nodes: [node('a1', people('a')), action, node('a2', people('b'))],
    edges: [
      'start a1',
      'a1 approved x',
      'a1 rejected end_no',
      'x a2',
      'a2 approved end_ok',
      'a2 rejected end_no',
    ],
    settings: { withdraw: 'until_end' },
  }
  const undone = (world: FlowWorld) => world.effects.filter(({ key }) => key.includes(':undo'))

  test('when the case is withdrawn, once and under a key of its own', () => {
    const world = new FlowWorld(sketch).start().does('a', 'approve').finishEffects()
    world.do({ type: 'withdraw', by: 'ann' })
    expect(undone(world).map(({ type }) => type)).toEqual(['put_back'])
    expect(world.finishEffects().status).toBe('withdrawn')
  })

  test('when it is sent back to before it, and not a second time', () => {
    const world = new FlowWorld(sketch).start().does('a', 'approve').finishEffects()
    world.does('b', 'send_back', { to: 'a1' }).finishEffects()
    expect(undone(world).length).toBe(1)
    world.do({ type: 'withdraw', by: 'ann' })
    expect(undone(world).length).toBe(1)
  })

  test('not when it goes on', () => {
    const world = new FlowWorld(sketch).start().does('a', 'approve').finishEffects().does('b', 'approve')
    expect([world.status, undone(world)]).toEqual(['approved', []])
  })
})

test('a rule that fails does not keep a case from being taken back: the story names its field', () => {
  const rule = { share: true }
  const settings = { onWithdraw: { amount: rule, state: 'draft' } }
  const world = new FlowWorld({
    nodes: [{ id: 't', type: 'task', approvers: people('a') }],
    settings,
  }).start()
  world.fails.add(JSON.stringify(rule))
  world.do({ type: 'withdraw', by: 'ann' })
  expect(world.status).toBe('withdrawn')
  const { key: asked, payload } = world.effects.at(-1)!
  expect(payload).toEqual({ values: { state: 'draft' }, unreckoned: { amount: 'it fails' } })
  world.do({ type: 'effect_done', key: asked, result: { unreckoned: payload.unreckoned! } })
  expect(world.events.find(({ type }) => type === 'not_reckoned')?.data).toEqual({
    object: 'thing',
    record: 'rec',
    field: 'amount',
    reason: 'it fails',
  })
})

test.each([
  ['raise_event', { event: 'paid' }],
  ['end_flow', { flow: 'other', reason: 'no need' }],
  ['start_flow', { flow: 'other' }],
])('a decision stands once other cases have heard of it: %s', (effect, more) => {
  const world = new FlowWorld({
    nodes: [
      node('a1', people('a'), { onReject: { do: 'end' } }),
      { id: 'x', type: 'action', effect, with: more },
      node('a2', people('b'), { onReject: { do: 'end' } }),
    ],
    edges: ['start a1', 'a1 x', 'x done a2', 'a2 end_ok'],
  })
  world.start().does('a', 'approve').finishEffects()
  expect(world.waits).toEqual(['a2: b'])
  expect(world.refusal(world.say('a', 'take_back'))).toBe('FLOW_TAKE_BACK_LATE')
})

test('a step that waits has one clock, however often it is tried again', () => {
  const waiting = { id: 'n', type: 'wait', for: { event: 'x' }, timeout: { after: 5, unit: 'hour' } }
  const edges = ['start n', 'n happened end_ok', 'n timed_out end_no']
  const world = new FlowWorld({ nodes: [waiting], edges }).start()
  const run = world.run!
  // As a server wrote it that did not tell what stood still.
  const incident = { code: 'FLOW_RULE_FAILED', data: {} }
  const activations = run.activations.map((one) => (one.node === 'n' ? { ...one, incident } : one))
  world.run = { ...run, status: 'incident', activations }
  world.admin = true
  world.wait(2).do({ type: 'retry', by: 'adm', reason: 'again' })
  expect(world.run.timers.map(({ dueAt }) => dueAt)).toEqual([run.timers[0]?.dueAt])
})
