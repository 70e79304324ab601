import { describe, expect, test } from 'vitest'
import { FlowWorld, people } from './world.ts'

const weighed = (seats: Readonly<Record<string, number>>, more: object = {}) => ({
  id: 'a2',
  type: 'approval',
  approvers: Object.entries(seats).map(([user, weight]) => ({ kind: 'user', user, weight })),
  pass: { weight: { need: 51 } },
  returnTo: { resume: 'ask' },
  ...more,
})
const first = { id: 'a1', type: 'approval', approvers: [{ kind: 'user', user: 'z' }] }

describe('a seat keeps its weight', () => {
  const begin = (more: object = {}) =>
    new FlowWorld({ nodes: [first, weighed({ a: 50, b: 30, c: 20 }, more)] }).start().does('z', 'approve')
  const back = (world: FlowWorld) => world.does('c', 'send_back', { to: 'a1', resume: 'direct' })
  const weights = (world: FlowWorld) =>
    world.tasks
      .filter(({ state, node }) => state === 'pending' && node === 'a2')
      .map(({ assignee, weight }) => `${assignee} ${weight}`)
      .sort()

  test('straight back: 80 of the 51 that are needed pass, 50 do not', () => {
    const world = back(begin()).does('z', 'approve')
    expect(weights(world)).toEqual(['a 50', 'b 30', 'c 20'])
    expect(world.does('a', 'approve').status).toBe('running')
    expect(world.does('b', 'approve').status).toBe('approved')
  })

  test('straight back, in turn, and straight back again', () => {
    const world = new FlowWorld({ nodes: [first, weighed({ c: 20, a: 50, b: 30 }, { order: 'sequential' })] })
    world.start().does('z', 'approve')
    back(back(world).does('z', 'approve')).does('z', 'approve').does('c', 'approve')
    expect(weights(world)).toEqual(['a 50'])
    expect(world.does('a', 'approve').status).toBe('approved')
  })

  test('straight back, for whoever has left: their stand-in, who is above them, an administrator', () => {
    const world = back(begin())
    for (const user of ['a', 'b', 'c']) world.gone.add(user)
    world.superiors.a = ['c', 'b', 'sue']
    world.delegate('b', 'dan', '2026-01-01', null)
    expect(weights(world.does('z', 'approve'))).toEqual(['adm 20', 'dan 30', 'sue 50'])
  })

  test('straight back, nobody who has a seat already takes that of another', () => {
    const world = back(begin())
    world.gone.add('a')
    world.superiors.a = ['b', 'sue']
    expect(weights(world.does('z', 'approve'))).toEqual(['b 30', 'c 20', 'sue 50'])
  })

  test('whoever holds it: passed on, by a window, after its end, asked anew, of somebody who left', () => {
    const world = begin().does('a', 'transfer', { to: 'x' })
    world.delegate('y', 'dan', '2026-01-01', null)
    const held = () => weights(world).find((one) => one.endsWith(' 50'))
    expect(held()).toBe('x 50')
    world.does('x', 'transfer', { to: 'y' })
    expect(held()).toBe('dan 50')
    world.windows.pop()
    world.do({ type: 'delegation_ended', delegation: 'window y-dan' })
    expect(held()).toBe('y 50')
    world.gone.add('y')
    world.superiors.y = ['sue']
    world.do({ type: 'person_left', user: 'y' })
    expect(held()).toBe('sue 50')
    world.does('sue', 'approve').does('sue', 'take_back')
    expect(held()).toBe('sue 50')
    world.does('sue', 'approve').does('c', 'approve')
    expect(world.status).toBe('approved')
  })
})

describe('where money moves one person has one voice at a step', () => {
  const begin = (users: readonly string[], more: object = {}) =>
    new FlowWorld({
      money: true,
      nodes: [{ id: 'a1', type: 'approval', approvers: people(...users), pass: 'all', ...more }],
    })
  const away = (world: FlowWorld, from: string, to: string, mode: 'replace' | 'also' = 'replace') =>
    world.delegate(from, to, '2026-01-01', null, mode)

  test('whoever stands in for two has the seat of the first', () => {
    const world = away(away(begin(['a', 'b', 'c']), 'a', 'd'), 'b', 'd')
    expect(world.start().waits).toEqual(['a1: b', 'a1: c', 'a1: d'])
    const both = away(away(begin(['a', 'b']), 'a', 'd', 'also'), 'b', 'd', 'also')
    expect(both.start().waits).toEqual(['a1: a', 'a1: b', 'a1: d'])
  })

  test('in turn: not even once the first has been decided', () => {
    const world = away(away(begin(['a', 'b'], { order: 'sequential' }), 'a', 'd'), 'b', 'd').start()
    expect(world.does('d', 'approve').waits).toEqual(['a1: b'])
  })

  test('whom somebody passes on to keeps it where the window leads to one who has a seat', () => {
    const world = away(begin(['a', 'b']), 'x', 'b')
      .start()
      .does('a', 'transfer', { to: 'x' })
    expect(world.waits).toEqual(['a1: b', 'a1: x'])
  })

  test('nor do windows of people who are added lead to one, or to each other', () => {
    const added = (...users: string[]) => {
      const world = away(away(away(begin(['a', 'b']), 'x', 'b'), 'y', 'd'), 'z', 'd').start()
      return world.does('a', 'add_signers', { people: users, place: 'parallel' }).waits
    }
    expect(added('x')).toEqual(['a1: a', 'a1: b', 'a1: x'])
    expect(added('y', 'z')).toEqual(['a1: a', 'a1: b', 'a1: d', 'a1: z'])
    expect(added('y', 'd')).toEqual(['a1: a', 'a1: b', 'a1: d', 'a1: y'])
  })

  test('nor who administers and has decided already, when nobody is left for the last of a list', () => {
    const world = begin(['adm', 'b'], { order: 'sequential' }).start()
    world.gone.add('b')
    world.does('adm', 'approve')
    expect([world.status, world.waits]).toEqual(['incident', []])
  })
})

describe('nobody is handed a second voice', () => {
  const begin = (users: readonly string[], more: object = {}) =>
    new FlowWorld({
      nodes: [{ id: 'a1', type: 'approval', approvers: people(...users), pass: 'all', ...more }],
    })
  const passes = (world: FlowWorld, by: string, to: string) =>
    world.refusal(world.say(by, 'transfer', { to }))

  test('who comes to their turn later is not asked before', () => {
    const world = begin(['a', 'b'], { order: 'sequential' }).start()
    expect(passes(world, 'a', 'b')).toBe('FLOW_PERSON_ASKED')
  })

  test('nor is whoever somebody acts for, or has acted for', () => {
    const world = begin(['a', 'b', 'c']).delegate('a', 'd', '2026-01-01', null).start()
    expect(passes(world, 'b', 'a')).toBe('FLOW_PERSON_ASKED')
    expect(passes(world.does('d', 'approve'), 'b', 'a')).toBe('FLOW_PERSON_ASKED')
    expect(passes(world, 'b', 'x')).toBe('done')
  })

  test('windows of those who are added lead to nobody who is left out or has left', () => {
    const world = begin(['a'], { exclude: people('out') })
    world.delegate('x', 'out', '2026-01-01', null).delegate('y', 'gone', '2026-01-01', null)
    world.gone.add('gone')
    world.start().does('a', 'add_signers', { people: ['x', 'y'], place: 'parallel' })
    expect(world.waits).toEqual(['a1: a', 'a1: x', 'a1: y'])
  })

  test('who stands in for two may speak for both, where no money moves', () => {
    const world = begin(['a', 'b'])
      .delegate('a', 'd', '2026-01-01', null)
      .delegate('b', 'd', '2026-01-01', null)
    expect(world.start().waits).toEqual(['a1: d', 'a1: d'])
  })
})
