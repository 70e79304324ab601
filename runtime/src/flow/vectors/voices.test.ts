import { describe, expect, test } from 'vitest'
import { FlowWorld } from './world.ts'

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
