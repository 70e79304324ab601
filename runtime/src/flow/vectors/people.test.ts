import { describe, expect, test } from 'vitest'
import { checkApproval } from '../../nodes/approval/check.ts'
import { FlowWorld, people, sketchFlow } from './world.ts'

const node = (id: string, approvers: readonly object[], more: object = {}) => ({
  id,
  type: 'approval',
  approvers,
  ...more,
})

describe('vector 7: the applicant among those who decide', () => {
  test('skip: the others decide', () => {
    const world = new FlowWorld({
      nodes: [node('a1', people('ann', 'b'), { pass: 'all', selfApproval: 'skip' })],
    }).start()
    expect(world.waits).toEqual(['a1: b'])
    expect(world.does('b', 'approve').status).toBe('approved')
  })

  test('skip, alone, where money moves: refused when published, and nobody passes it when it runs', () => {
    const sketch = { money: true, nodes: [node('a1', [{ kind: 'applicant' }], { selfApproval: 'skip' })] }
    const flow = sketchFlow(sketch)
    const empty = { objects: new Map(), forms: new Map(), grants: new Map() } as never
    const found = checkApproval(flow.nodes[1] as never, flow, empty, '/nodes/1')
    expect(found.map(({ code }) => code)).toContain('FLOW_MONEY_SELF')
    const world = new FlowWorld(sketch).start()
    expect(world.waits).toEqual(['a1: adm'])
    expect(world.events.map(({ type }) => type)).toContain('nobody_found')
  })

  test('superior, the default: whoever is above them, climbing past themselves', () => {
    const world = new FlowWorld({ nodes: [node('a1', [{ kind: 'applicant' }])] })
    world.superiors.ann = ['sue', 'tom']
    expect(world.start().waits).toEqual(['a1: sue'])
  })

  test('superior: with nobody above, administrators are asked and never the applicant', () => {
    const world = new FlowWorld({ nodes: [node('a1', [{ kind: 'applicant' }])] })
    world.admins = ['ann', 'adm']
    expect(world.start().waits).toEqual(['a1: adm'])
  })

  test('head of department, ask, forbid', () => {
    const begin = (selfApproval: string) => {
      const world = new FlowWorld({ nodes: [node('a1', people('ann', 'b'), { pass: 'all', selfApproval })] })
      world.heads.ann = ['hed']
      return world.start().waits
    }
    expect(begin('dept_head')).toEqual(['a1: b', 'a1: hed'])
    expect(begin('ask')).toEqual(['a1: ann', 'a1: b'])
    expect(begin('forbid')).toEqual(['a1: b'])
  })

  test('nobody hands the applicant their own case afterwards either', () => {
    const world = new FlowWorld({ nodes: [node('a1', people('b'))] }).start()
    expect(world.refusal(world.say('b', 'transfer', { to: 'ann' }))).toBe('FLOW_PERSON_BARRED')
    expect(world.refusal(world.say('b', 'add_signers', { people: ['ann'], place: 'parallel' }))).toBe(
      'FLOW_PERSON_BARRED',
    )
  })
})

describe('vector 8: a superior who has delegated to the applicant', () => {
  const begin = () => {
    const world = new FlowWorld({ nodes: [node('a1', [{ kind: 'supervisor' }])] })
    world.superiors.ann = ['sue', 'tom']
    return world.delegate('sue', 'ann', '2026-05-01', null)
  }

  test('keeps the task: the window is void here', () => {
    expect(begin().start().waits).toEqual(['a1: sue'])
  })

  test('and when they are gone the next level gets it', () => {
    const world = begin()
    world.gone.add('sue')
    expect(world.start().waits).toEqual(['a1: tom'])
  })
})

describe('vector 9: the same person right after themselves', () => {
  test('is not asked again, with the earlier task as the reason', () => {
    const world = new FlowWorld({ nodes: [node('a1', people('a')), node('a2', people('a'))] }).start()
    const earlier = world.task('a')
    world.does('a', 'approve')
    expect(world.status).toBe('approved')
    const second = world.tasks[1]
    expect([second?.state, second?.reason, second?.from, second?.decidedBy]).toEqual([
      'auto_approved',
      'dedupe',
      earlier.id,
      null,
    ])
  })

  test('is asked where there is something to fill in, to say or to sign', () => {
    for (const more of [
      { fields: { amount: 'rw' } },
      { require: { comment: ['approve'] } },
      { require: { signature: ['approve'] } },
      { pass: { count: 1 } },
    ]) {
      const world = new FlowWorld({ nodes: [node('a1', people('a')), node('a2', people('a'), more)] })
      world.start().does('a', 'approve')
      expect(world.waits).toEqual(['a2: a'])
    }
  })

  test('is asked when an action has changed the record in between', () => {
    const world = new FlowWorld({
      nodes: [
        node('a1', people('a')),
        { id: 'x', type: 'action', effect: 'set_fields', with: { state: 'seen' } },
        node('a2', people('a')),
      ],
      edges: [
        'start a1',
        'a1 approved x',
        'x a2',
        'a2 approved end_ok',
        'a1 rejected end_no',
        'a2 rejected end_no',
      ],
    })
    world.start().does('a', 'approve')
    world.version = 2
    world.finishEffects()
    expect(world.waits).toEqual(['a2: a'])
  })

  test('is asked when the earlier approval was nobody’s', () => {
    const world = new FlowWorld({
      nodes: [node('a1', people('a')), node('a2', people('a')), node('a3', people('a'))],
    })
    world.start().does('a', 'approve')
    expect(world.waits).toEqual(['a3: a'])
  })
})

test('vector 10: with somebody else in between, adjacent asks and any does not', () => {
  for (const [dedupe, waits] of [
    ['adjacent', ['a3: a']],
    ['any', []],
    ['none', ['a3: a']],
  ] as const) {
    const nodes = [node('a1', people('a')), node('a2', people('b')), node('a3', people('a'))]
    const world = new FlowWorld({ nodes, settings: { dedupe } }).start()
    world.does('a', 'approve').does('b', 'approve')
    expect(world.waits).toEqual(waits)
  }
})

describe('behind a join', () => {
  const forked = (inside: readonly object[], ways: readonly string[], before: object[] = []) =>
    new FlowWorld({
      nodes: [
        ...before,
        { id: 'p', type: 'parallel' },
        ...inside,
        { id: 'j', type: 'join' },
        node('z', people('a', 'b'), { pass: 'all' }),
      ] as never,
      edges: [...ways, 'j z', 'z approved end_ok', 'z rejected end_no'],
    }).start()

  test('all who were the last of a branch are right before, whoever was first', () => {
    for (const [first, second] of [
      ['a', 'b'],
      ['b', 'a'],
    ] as const) {
      const world = forked(
        [
          node('x', people('a'), { onReject: { do: 'end' } }),
          node('y', people('b'), { onReject: { do: 'end' } }),
        ],
        ['start p', 'p x', 'p y', 'x j', 'y j'],
      )
      world.does(first, 'approve').does(second, 'approve')
      expect(world.status).toBe('approved')
      expect(world.log.slice(2)).toEqual(['z a auto_approved dedupe', 'z b auto_approved dedupe'])
    }
  })

  test('whoever decided earlier on a branch is not, nor who decided before a branch without people', () => {
    const end = { onReject: { do: 'end' } }
    const world = forked(
      [node('x1', people('a'), end), node('x2', people('c'), end), { id: 'm', type: 'merge' }],
      ['start q', 'q p', 'p x1', 'x1 x2', 'x2 j', 'p m', 'm j'],
      [node('q', people('b'), end)],
    )
    world.does('b', 'approve').does('a', 'approve').does('c', 'approve')
    expect(world.waits).toEqual(['z: a', 'z: b'])
  })

  test('where nobody was asked on any branch whoever decided before them is', () => {
    const world = forked(
      [
        { id: 'm', type: 'merge' },
        { id: 'n', type: 'merge' },
      ],
      ['start q', 'q p', 'p m', 'm j', 'p n', 'n j'],
      [node('q', people('b'), { onReject: { do: 'end' } })],
    )
    world.does('b', 'approve')
    expect(world.waits).toEqual(['z: a'])
  })
})

describe('vector 15: somebody stands in for a week', () => {
  const begin = (now: string, mode: 'replace' | 'also' = 'replace') => {
    const world = new FlowWorld({ nodes: [node('a1', people('a'))] })
    world.now = now
    return world
      .delegate('a', 'b', '2026-05-01', '2026-05-08', mode)
      .delegate('b', 'c', '2026-05-01', '2026-05-08', mode)
      .start()
  }

  test('a task of the day before stays where it is', () => {
    expect(begin('2026-04-30T01:00:00.000Z').waits).toEqual(['a1: a'])
  })

  test('one within the week is B’s, for A, and goes no further', () => {
    const world = begin('2026-05-03T01:00:00.000Z')
    expect(world.waits).toEqual(['a1: b'])
    expect(world.task('b').onBehalfOf).toBe('a')
    expect(world.refusal(world.say('b', 'approve', { by: 'a' }))).toBe('FLOW_TASK_NOT_YOURS')
    expect(world.does('b', 'approve').status).toBe('approved')
  })

  test('once it is over B can not act and A can', () => {
    const world = begin('2026-05-03T01:00:00.000Z')
    world.now = '2026-05-08T01:00:00.000Z'
    expect(world.refusal(world.say('b', 'approve'))).toBe('FLOW_DELEGATION_ENDED')
    world.do(world.say('b', 'approve', { by: 'a' }))
    expect([world.status, world.tasks[0]?.decidedBy]).toEqual(['approved', 'a'])
  })

  test('and told of its end, the task goes back', () => {
    const world = begin('2026-05-03T01:00:00.000Z')
    world.now = '2026-05-08T01:00:00.000Z'
    world.do({ type: 'delegation_ended', delegation: 'window a-b' })
    expect(world.waits).toEqual(['a1: a'])
    expect(world.log[0]).toBe('a1 b transferred delegation_ended')
  })

  test('also: whoever of the two is first, with one vote', () => {
    const world = begin('2026-05-03T01:00:00.000Z', 'also')
    expect(world.waits).toEqual(['a1: a', 'a1: b'])
    expect(world.does('a', 'approve').status).toBe('approved')
    expect(world.log).toEqual(['a1 a approved', 'a1 b cancelled decided'])
  })
})

describe('vector 19: somebody leaves', () => {
  test('what waits for them goes to whoever is above them, with seat and weight', () => {
    const approvers = [
      { kind: 'user', user: 'a', weight: 50 },
      { kind: 'user', user: 'b', weight: 30 },
    ]
    const world = new FlowWorld({
      nodes: [node('a1', approvers, { pass: { weight: { need: 51 } } })],
    }).start()
    world.superiors.a = ['sue']
    world.gone.add('a')
    world.do({ type: 'person_left', user: 'a' })
    expect(world.waits).toEqual(['a1: b', 'a1: sue'])
    const heir = world.task('sue')
    expect([heir.slot, heir.weight, heir.from]).toEqual([0, 50, world.tasks[0]?.id])
    expect(world.log[0]).toBe('a1 a transferred deactivated')
  })

  test('whoever stands in comes before superiors, administrators come last, and nobody is an incident', () => {
    const leave = (prepare: (world: FlowWorld) => void) => {
      const world = new FlowWorld({ nodes: [node('a1', people('a'))] }).start()
      prepare(world)
      world.gone.add('a')
      return world.do({ type: 'person_left', user: 'a' })
    }
    const both = (world: FlowWorld) => {
      world.superiors.a = ['sue']
      world.delegate('a', 'b', '2026-05-01', null)
    }
    expect(leave(both).waits).toEqual(['a1: b'])
    expect(leave(() => {}).waits).toEqual(['a1: adm'])
    const alone = leave((world) => {
      world.admins = []
    })
    expect(alone.status).toBe('incident')
    alone.admins = ['adm']
    alone.do({ type: 'retry', by: 'adm', reason: 'somebody is there again' })
    expect([alone.status, alone.waits]).toEqual(['running', ['a1: adm']])
  })

  const inOrder = { pass: 'all', order: 'sequential' }

  test('a later place in a list is passed over', () => {
    const world = new FlowWorld({ nodes: [node('a1', people('a', 'b', 'c'), inOrder)] }).start()
    world.gone.add('b')
    world.does('a', 'approve')
    expect(world.waits).toEqual(['a1: c'])
    expect(world.does('c', 'approve').status).toBe('approved')
  })

  test('the last place of a list falls to whoever the step names for nobody', () => {
    const world = new FlowWorld({ nodes: [node('a1', people('a', 'b'), inOrder)] }).start()
    world.gone.add('b')
    world.does('a', 'approve')
    expect(world.waits).toEqual(['a1: adm'])
    expect(world.does('adm', 'approve').status).toBe('approved')
  })
})

describe('vector 20: the applicant leaves', () => {
  test('the case goes on, and sent back to the start it goes to their superior with a note', () => {
    const world = new FlowWorld({ nodes: [node('a1', people('a'))] }).start()
    world.superiors.ann = ['sue']
    world.gone.add('ann')
    world.do({ type: 'person_left', user: 'ann' })
    expect(world.waits).toEqual(['a1: a'])
    world.does('a', 'send_back', { to: 'start' })
    expect([world.status, world.waits]).toEqual(['returned', ['start: sue']])
    const note = world.events.findLast(({ type }) => type === 'person_left')
    expect(note?.data).toEqual({ user: 'ann', assignee: 'sue' })
    world.does('sue', 'submit')
    expect(world.waits).toEqual(['a1: a'])
  })

  test('with nobody above them to an administrator, never to nobody', () => {
    const world = new FlowWorld({ nodes: [node('a1', people('a'))] }).start()
    world.gone.add('ann')
    expect(world.does('a', 'send_back', { to: 'start' }).waits).toEqual(['start: adm'])
  })
})
