import { describe, expect, test } from 'vitest'
import { offersFor } from '../judge.ts'
import { FlowWorld, people } from './world.ts'

const node = (id: string, approvers: readonly object[], more: object = {}) => ({
  id,
  type: 'approval',
  approvers,
  ...more,
})
const two = () => new FlowWorld({ nodes: [node('a1', people('a', 'b'), { pass: 'all' })] }).start()

describe('passing on', () => {
  test('keeps seat, weight and due time, and counts as one vote', () => {
    const timeouts = [{ after: 5, unit: 'hour', do: 'escalate' }]
    const world = new FlowWorld({ nodes: [node('a1', people('a'), { timeouts })] }).start()
    const { dueAt } = world.task('a')
    world.wait(2).does('a', 'transfer', { to: 'c' })
    expect(world.waits).toEqual(['a1: c'])
    expect([world.task('c').dueAt, world.timers.map(({ dueAt: at }) => at)]).toEqual([dueAt, [dueAt]])
    expect(world.does('c', 'approve').status).toBe('approved')
  })

  test('not to oneself, not to somebody asked already, not to somebody who has left, five times at most', () => {
    const world = two()
    world.gone.add('x')
    expect(world.refusal(world.say('a', 'transfer', { to: 'a' }))).toBe('FLOW_PERSON_SELF')
    expect(world.refusal(world.say('a', 'transfer', { to: 'b' }))).toBe('FLOW_PERSON_ASKED')
    expect(world.refusal(world.say('a', 'transfer', { to: 'x' }))).toBe('FLOW_PERSON_INACTIVE')
    const chain = ['a', 'c', 'd', 'e', 'f', 'g']
    for (const [index, to] of chain.slice(1).entries()) world.does(chain[index] ?? '', 'transfer', { to })
    expect(world.refusal(world.say('g', 'transfer', { to: 'h' }))).toBe('FLOW_TRANSFER_CHAIN')
  })

  test('not where the step does not offer it', () => {
    const world = new FlowWorld({ nodes: [node('a1', people('a'), { actions: ['return'] })] }).start()
    expect(world.refusal(world.say('a', 'transfer', { to: 'c' }))).toBe('FLOW_ACTION_OFF')
    expect(world.refusal(world.say('a', 'add_signers', { people: ['c'], place: 'before' }))).toBe(
      'FLOW_ACTION_OFF',
    )
  })
})

describe('asking for an opinion', () => {
  test('the task waits, comes back whatever was said, and still must be decided', () => {
    const world = new FlowWorld({ nodes: [node('a1', people('a'))] })
      .start()
      .does('a', 'delegate', { to: 'x' })
    expect(world.waits).toEqual(['a1: x'])
    expect(world.refusal(world.say('a', 'approve'))).toBe('FLOW_TASK_WAITING')
    world.does('x', 'reject')
    expect(world.waits).toEqual(['a1: a'])
    expect(world.does('a', 'approve').status).toBe('approved')
    expect(world.refusal(world.say('x', 'send_back', { to: 'start' }))).toBe('FLOW_TASK_DECIDED')
  })
})

describe('adding people', () => {
  const one = (more: object = {}) => new FlowWorld({ nodes: [node('a1', people('a'), more)] }).start()

  test('before: they decide first, then the one who asked', () => {
    const world = one().does('a', 'add_signers', { people: ['c', 'd'], place: 'before' })
    expect(world.waits).toEqual(['a1: c', 'a1: d'])
    world.does('c', 'approve').does('d', 'approve')
    expect(world.waits).toEqual(['a1: a'])
    expect(world.does('a', 'approve').status).toBe('approved')
  })

  test('before, in order: one at a time', () => {
    const world = one().does('a', 'add_signers', { people: ['c', 'd'], place: 'before', order: 'sequential' })
    expect(world.waits).toEqual(['a1: c'])
    expect(world.does('c', 'approve').waits).toEqual(['a1: d'])
    expect(world.does('d', 'approve').waits).toEqual(['a1: a'])
  })

  test('before, any: the first spares the others', () => {
    const world = one().does('a', 'add_signers', { people: ['c', 'd'], place: 'before', order: 'any' })
    expect(world.does('d', 'approve').waits).toEqual(['a1: a'])
    expect(world.log).toContain('a1 c cancelled decided')
  })

  test('before: their refusal is a refusal of the one who asked', () => {
    const world = one()
      .does('a', 'add_signers', { people: ['c', 'd'], place: 'before' })
      .does('c', 'reject')
    expect(world.status).toBe('rejected')
    expect(world.log).toContain('a1 a auto_rejected signer_rejected')
    expect(world.log).toContain('a1 d cancelled decided')
  })

  test('before, for an opinion only: their refusal decides nothing', () => {
    const said = { people: ['c'], place: 'before', opinionOnly: true }
    const world = one().does('a', 'add_signers', said).does('c', 'reject')
    expect(world.waits).toEqual(['a1: a'])
  })

  test('after: they are asked once the one who added them has approved, and their refusal refuses', () => {
    const world = one().does('a', 'add_signers', { people: ['c'], place: 'after' })
    expect(world.waits).toEqual(['a1: a'])
    expect(world.does('a', 'approve').waits).toEqual(['a1: c'])
    expect(world.does('c', 'reject').status).toBe('rejected')
  })

  test('after: not asked at all when the one who added them refuses', () => {
    const world = two()
      .does('a', 'add_signers', { people: ['c'], place: 'after' })
      .does('a', 'reject')
    expect([world.status, world.log.at(-1)]).toEqual(['rejected', 'a1 c cancelled parent_closed'])
  })

  test('they may add others in turn, to a depth', () => {
    const world = one().does('a', 'add_signers', { people: ['c'], place: 'before' })
    world.does('c', 'add_signers', { people: ['d'], place: 'before' })
    world.does('d', 'add_signers', { people: ['e'], place: 'after' })
    expect(world.waits).toEqual(['a1: d'])
    expect(world.does('d', 'approve').waits).toEqual(['a1: e'])
    expect(world.does('e', 'approve').waits).toEqual(['a1: c'])
    expect(world.does('c', 'approve').waits).toEqual(['a1: a'])
    const deep = one()
    const row = ['a', 'b1', 'c1', 'd1', 'e1', 'f1', 'g1']
    for (const [index, who] of row.slice(1).entries()) {
      const command = deep.say(row[index] ?? '', 'add_signers', { people: [who], place: 'before' })
      if (index < 5) deep.do(command)
      else expect(deep.refusal(command)).toBe('FLOW_TOO_DEEP')
    }
  })

  test('a task that is passed on takes along those who hang on it', () => {
    const world = one().does('a', 'add_signers', { people: ['c'], place: 'after' })
    world.does('a', 'transfer', { to: 'b' }).does('b', 'approve')
    expect(world.waits).toEqual(['a1: c'])
    expect(world.does('c', 'approve').status).toBe('approved')
  })

  test('removing the last who was asked before gives the task back', () => {
    const world = one().does('a', 'add_signers', { people: ['c'], place: 'before' })
    const { id: task, rev: taskRev } = world.task('c')
    world.do({ type: 'remove_signer', task, taskRev, by: 'a' })
    expect(world.waits).toEqual(['a1: a'])
  })

  test('those whom the step itself asked can not be removed', () => {
    const world = two()
    world.admin = true
    const { id: task, rev: taskRev } = world.task('b')
    expect(world.refusal({ type: 'remove_signer', task, taskRev, by: 'adm' })).toBe('FLOW_NOT_ADDED')
  })
})

describe('taking a decision back', () => {
  test('while the step is open: the vote comes anew', () => {
    const world = two().does('a', 'approve').does('a', 'take_back')
    expect(world.waits).toEqual(['a1: a', 'a1: b'])
    expect(world.does('a', 'reject').status).toBe('rejected')
  })

  test('after it: until somebody has decided at what follows', () => {
    const begin = () =>
      new FlowWorld({ nodes: [node('a1', people('a', 'c')), node('a2', people('b'))] })
        .start()
        .does('a', 'approve')
    const world = begin().does('a', 'take_back')
    expect(world.waits).toEqual(['a1: a', 'a1: c'])
    expect(world.log).toContain('a2 b cancelled taken_back')
    expect(world.does('c', 'approve').waits).toEqual(['a2: b'])
    const three = new FlowWorld({
      nodes: [node('a1', people('a')), node('a2', people('b')), node('a3', people('c'))],
    }).start()
    three.does('a', 'approve').does('b', 'approve')
    expect(three.refusal(three.say('a', 'take_back'))).toBe('FLOW_TAKE_BACK_LATE')
    expect(three.does('b', 'take_back').waits).toEqual(['a2: b'])
    expect(three.refusal(three.say('b', 'take_back'))).toBe('FLOW_TASK_NOT_YOURS')
  })

  test('twice: those who were not needed come anew once each', () => {
    const world = new FlowWorld({ nodes: [node('a1', people('a', 'c')), node('a2', people('b'))] }).start()
    world.does('a', 'approve').does('a', 'take_back').does('a', 'approve').does('a', 'take_back')
    expect(world.waits).toEqual(['a1: a', 'a1: c'])
  })

  test('never out of a branch whose join has gone on, whenever the other branch had come there', () => {
    const world = new FlowWorld({
      nodes: [
        { id: 's', type: 'parallel' },
        node('p1', people('a'), { onReject: { do: 'end' } }),
        node('p2', people('b'), { onReject: { do: 'end' } }),
        { id: 'j', type: 'join' },
        node('n9', people('c'), { onReject: { do: 'end' } }),
      ],
      edges: ['start s', 's p1', 's p2', 'p1 approved j', 'p2 approved j', 'j n9', 'n9 approved end_ok'],
    }).start()
    world.does('a', 'approve').wait(1).does('b', 'approve')
    expect(world.refusal(world.say('b', 'take_back'))).toBe('FLOW_TAKE_BACK_LATE')
    expect(world.waits).toEqual(['n9: c'])
  })

  test('on one of several ways: what came behind their merge is broken off as well', () => {
    const world = new FlowWorld({
      nodes: [
        node('a0', people('z')),
        node('a1', people('a'), { onReject: { do: 'end' } }),
        node('b1', people('b'), { onReject: { do: 'end' } }),
        { id: 'm', type: 'merge' },
        node('a2', people('c'), { onReject: { do: 'end' } }),
      ],
      edges: [
        'start a0',
        'a0 approved a1',
        'a0 rejected b1',
        'a1 approved m',
        'b1 approved m',
        'm a2',
        'a2 approved end_ok',
      ],
    })
      .start()
      .does('z', 'approve')
    expect(world.does('a', 'approve').does('a', 'take_back').waits).toEqual(['a1: a'])
    expect(world.does('a', 'approve').waits).toEqual(['a2: c'])
    expect(world.does('c', 'approve').status).toBe('approved')
  })

  test('never once a case of another flow was begun', () => {
    const world = new FlowWorld({
      nodes: [node('a1', people('a')), { id: 'f', type: 'subflow', flow: 'other' }, node('a2', people('b'))],
    }).start()
    world.does('a', 'approve')
    expect(world.refusal(world.say('a', 'take_back'))).toBe('FLOW_TAKE_BACK_LATE')
  })

  test('never once an administrator has moved the case, save within a branch beside it', () => {
    const moved = new FlowWorld({
      nodes: [node('a1', people('a')), node('a2', people('b')), node('a3', people('c'))],
    }).start()
    moved.admin = true
    moved.does('a', 'approve').do({ type: 'jump', by: 'adm', node: 'a3', reason: 'quicker' })
    expect(moved.refusal(moved.say('a', 'take_back'))).toBe('FLOW_TAKE_BACK_LATE')
    const beside = new FlowWorld({
      nodes: [
        { id: 's', type: 'parallel' },
        node('p1', people('a'), { onReject: { do: 'end' } }),
        node('p2', people('d'), { onReject: { do: 'end' } }),
        node('q1', people('b'), { onReject: { do: 'end' } }),
        node('q2', people('c'), { onReject: { do: 'end' } }),
        { id: 'j', type: 'join' },
      ],
      edges: [
        'start s',
        's p1',
        's q1',
        'p1 approved p2',
        'q1 approved q2',
        'p2 approved j',
        'q2 approved j',
        'j end_ok',
      ],
    }).start()
    beside.admin = true
    beside.does('a', 'approve').do({ type: 'jump', by: 'adm', node: 'q2', reason: 'quicker' })
    expect(beside.does('a', 'take_back').waits).toEqual(['p1: a', 'q2: c'])
  })

  test('never once the case was withdrawn, sent back by itself or opened again', () => {
    const begin = (more: object, settings: object = {}) =>
      new FlowWorld({
        nodes: [node('a1', people('a')), node('a2', people('b'), more)],
        settings: { withdraw: 'until_end', ...settings },
      })
        .start()
        .does('a', 'approve')
    const refused = (world: FlowWorld) => {
      const { id: task, rev: taskRev } = world.tasks.find(({ state }) => state === 'approved')!
      const { waits } = world
      expect(world.refusal({ type: 'take_back', task, taskRev, by: 'a' })).toBe('FLOW_TAKE_BACK_LATE')
      expect(world.waits).toEqual(waits)
    }
    refused(begin({}, { afterWithdraw: 'draft' }).do({ type: 'withdraw', by: 'ann' }))
    refused(begin({ timeouts: [{ after: 1, unit: 'hour', do: 'return', to: 'start' }] }).fire())
    const withdrawn = begin({}).do({ type: 'withdraw', by: 'ann' })
    withdrawn.admin = true
    refused(withdrawn.do({ type: 'reopen', by: 'adm', node: 'a1', reason: 'new facts' }))
    const moved = begin({})
    moved.admin = true
    refused(moved.do({ type: 'jump', by: 'adm', node: 'a1', reason: 'once more' }))
  })

  test('after it was sent back and went straight on, and never once it was sent back again', () => {
    const world = new FlowWorld({
      nodes: [
        node('a1', people('a')),
        node('a2', people('b'), { returnTo: { resume: 'ask' } }),
        node('a3', people('c'), { returnTo: { resume: 'ask' } }),
      ],
    }).start()
    const first = world.task('a').id
    world.does('a', 'approve').does('b', 'approve').does('c', 'send_back', { to: 'a1', resume: 'direct' })
    expect(world.does('a', 'approve').waits).toEqual(['a3: c'])
    expect(world.does('a', 'take_back').waits).toEqual(['a1: a'])
    expect(world.does('a', 'approve').waits).toEqual(['a3: c'])
    expect(world.refusal({ type: 'take_back', task: first, taskRev: 2, by: 'a' })).toBe('FLOW_TAKE_BACK_LATE')
  })

  test('after it, where whoever followed has taken theirs back', () => {
    const world = new FlowWorld({
      nodes: [node('a1', people('a')), node('a2', people('b', 'c'), { pass: 'all', reject: 'all' })],
    }).start()
    const first = world.task('a')
    world.does('a', 'approve').does('b', 'approve').does('b', 'take_back')
    world.do({ type: 'take_back', task: first.id, taskRev: world.task('a').rev, by: 'a' })
    expect(world.waits).toEqual(['a1: a'])
  })
})

describe('what a decision must bring', () => {
  test('words, a signature, a file', () => {
    const require = { comment: ['reject', 'return'], signature: ['approve'], attachments: ['reject'] }
    const world = new FlowWorld({ nodes: [node('a1', people('a'), { require })] }).start()
    expect(world.refusal(world.say('a', 'approve'))).toBe('FLOW_SIGNATURE_REQUIRED')
    expect(world.refusal(world.say('a', 'reject', { attachments: ['f'] }))).toBe('FLOW_COMMENT_REQUIRED')
    expect(world.refusal(world.say('a', 'reject', { comment: 'no' }))).toBe('FLOW_ATTACHMENT_REQUIRED')
    expect(world.refusal(world.say('a', 'send_back', { to: 'start', comment: ' ' }))).toBe(
      'FLOW_COMMENT_REQUIRED',
    )
    world.does('a', 'approve', { signature: 'a drawn line', attachments: ['f'] })
    expect(world.tasks[0]?.evidence).toEqual({ signature: 'a drawn line', attachments: ['f'] })
  })
})

describe('somebody who stands in beside the owner', () => {
  const beside = () => {
    const world = new FlowWorld({ nodes: [node('a1', people('a'))] })
    world.superiors.a = ['s']
    return world.delegate('a', 'b', '2026-01-01', null, 'also').start()
  }

  test('has the seat alone when the owner leaves: nobody else is asked', () => {
    const world = beside()
    world.gone.add('a')
    world.do({ type: 'person_left', user: 'a' })
    expect(world.waits).toEqual(['a1: b'])
    expect(world.does('b', 'approve').status).toBe('approved')
  })

  test('leaves it to the owner when they leave', () => {
    const world = beside()
    world.gone.add('b')
    world.do({ type: 'person_left', user: 'b' })
    expect(world.waits).toEqual(['a1: a'])
    expect(world.log).toEqual(['a1 a pending', 'a1 b cancelled deactivated'])
  })

  test('goes on with what the owner had asked of others', () => {
    const world = beside().does('a', 'delegate', { to: 'x' })
    world.gone.add('a')
    world.do({ type: 'person_left', user: 'a' })
    expect(world.waits).toEqual(['a1: b', 'a1: x'])
    world.does('x', 'approve')
    expect(world.does('b', 'approve').status).toBe('approved')
  })
})

describe('an opinion', () => {
  test('is asked of whoever stands in for the person, but not of whoever asks for it', () => {
    const ask = (to: string) => {
      const world = new FlowWorld({ nodes: [node('a1', people('a'))] })
      world.delegate('x', to, '2026-01-01', null)
      return world.start().does('a', 'delegate', { to: 'x' })
    }
    expect(ask('y').waits).toEqual(['a1: y'])
    expect(ask('y').task('y')).toMatchObject({ onBehalfOf: 'x', opinionOnly: true })
    expect(ask('a').waits).toEqual(['a1: x'])
  })
})

describe('people who were picked', () => {
  test('by whoever decided before, within the range', () => {
    const range = [{ kind: 'role', role: 'legal' }]
    const world = new FlowWorld({
      nodes: [node('a1', people('a')), node('a2', [{ kind: 'picked_by_previous', range, max: 2 }])],
    })
    world.roles.legal = ['l1', 'l2']
    world.start()
    const approve = (picks: Record<string, string[]> = {}) =>
      world.refusal(world.say('a', 'approve', { picks }))
    expect(approve()).toBe('FLOW_PICK_MISSING')
    expect(approve({ a2: [] })).toBe('FLOW_PICK_MISSING')
    expect(approve({ a2: ['l2', 'x'] })).toBe('FLOW_PICK_OUTSIDE')
    expect(approve({ a2: ['l1', 'l2', 'a'] })).toBe('FLOW_PICK_TOO_MANY')
    expect(approve({ a3: ['l1'] })).toBe('FLOW_PICK_UNASKED')
    world.does('a', 'approve', { picks: { a2: ['l2'] } })
    expect(world.waits).toEqual(['a2: l2'])
  })

  test('stay chosen when the case is begun anew, where they may still be', () => {
    const range = [{ kind: 'role', role: 'legal' }]
    const picked = (kind: string, more = {}) => [{ kind, range, ...more }]
    const picks = { a1: ['l1', 'l2'], a2: ['l2', 'gone'], a3: ['l2', 'x'], a4: ['l1'], old: ['l1'] }
    const begin = () => {
      const world = new FlowWorld({
        nodes: [
          node('a1', picked('picked_by_applicant', { max: 2 }), { pass: 'all' }),
          node('a2', picked('picked_by_previous')),
          node('a3', picked('picked_by_applicant', { min: 2 })),
          node('a4', people('a')),
        ],
      })
      world.roles.legal = ['l1', 'l2', 'gone']
      world.gone.add('gone')
      return world
    }
    expect(() => begin().start('ann', { picks })).toThrow('FLOW_PICK_UNASKED')
    const world = begin().start('ann', { picks, anew: true })
    expect(world.run?.picks).toEqual({ a1: ['l1', 'l2'], a2: ['l2'] })
    expect(world.waits).toEqual(['a1: l1', 'a1: l2'])
  })

  test('a chain of superiors up to a role', () => {
    const approvers = [{ kind: 'supervisor_chain', untilRole: 'director' }]
    const world = new FlowWorld({ nodes: [node('a1', approvers, { pass: 'all', order: 'sequential' })] })
    world.superiors.ann = ['s1', 's2', 's3']
    world.roles.director = ['s2']
    world.start().does('s1', 'approve').does('s2', 'approve')
    expect(world.status).toBe('approved')
  })

  test('left out, whoever names them', () => {
    const world = new FlowWorld({
      nodes: [node('a1', people('a', 'b'), { exclude: [{ kind: 'user', user: 'b' }], pass: 'all' })],
    }).start()
    expect(world.waits).toEqual(['a1: a'])
    expect(world.refusal(world.say('a', 'transfer', { to: 'b' }))).toBe('FLOW_PERSON_BARRED')
  })
})

test('buttons are shown by the rule that commands obey', () => {
  const world = two()
  const names = (person: string, admin = false) =>
    offersFor({ flow: world.flow, run: world.run!, person, admin, now: world.now }, null)
      .filter(({ denied }) => denied === null)
      .map(({ kind }) => kind.name)
  expect(names('ann')).toEqual(['withdraw', 'remind'])
  expect(names('a')).toEqual([])
  expect(names('adm', true)).toContain('terminate')
  const view = { flow: world.flow, run: world.run!, person: 'a', admin: false, now: world.now }
  const mine = offersFor(view, world.task('a')).filter(({ denied }) => denied === null)
  expect(mine.map(({ kind }) => kind.name)).toEqual([
    'decide',
    'send_back',
    'transfer',
    'delegate',
    'add_signers',
  ])
})
