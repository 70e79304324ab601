import { describe, expect, test } from 'vitest'
import { FlowWorld, people } from './world.ts'

const step = (id: string, approvers: readonly object[], more: object = {}) => ({
  id,
  type: 'approval',
  approvers,
  pass: 'all',
  ...more,
})

describe('levels are those of the organisation', () => {
  const asks = (entry: object, ...gone: string[]) => {
    const world = new FlowWorld({ nodes: [step('a1', [entry])] })
    world.superiors.ann = ['s1', ['s2', 't2'], 's3']
    world.heads.ann = ['h1', 'h1', [], 'h4']
    for (const user of gone) world.gone.add(user)
    return world.start().waits.map((one) => one.slice('a1: '.length))
  }
  const level = (at: number) => ({ kind: 'supervisor', level: at })
  const until = (untilLevel: number) => ({ kind: 'supervisor_chain', untilLevel })
  const up = (at: number) => ({ kind: 'dept_head', up: at })

  test('with several at one level', () => {
    expect(asks(level(2))).toEqual(['s2', 't2'])
    expect(asks(level(3))).toEqual(['s3'])
    expect(asks(until(2))).toEqual(['s1', 's2', 't2'])
    expect(asks(level(4))).toEqual(['adm'])
  })

  test('whoever has left below or beside does not move them', () => {
    expect(asks(level(2), 's1')).toEqual(['s2', 't2'])
    expect(asks(level(2), 's2')).toEqual(['t2'])
    expect(asks(level(3), 's1', 's2')).toEqual(['s3'])
    expect(asks(until(2), 's1')).toEqual(['s2', 't2'])
    expect(asks(until(2), 't2')).toEqual(['s1', 's2'])
  })

  test('where nobody is left at one, the nearest above stands in', () => {
    expect(asks(level(1), 's1')).toEqual(['s2', 't2'])
    expect(asks(level(2), 's2', 't2')).toEqual(['s3'])
    expect(asks(until(2), 's2', 't2')).toEqual(['s1', 's3'])
    expect(asks(level(3), 's3')).toEqual(['adm'])
  })

  test('a department is a level, whoever leads it and whether anybody does', () => {
    expect(asks(up(1))).toEqual(['h1'])
    expect(asks(up(3))).toEqual(['h4'])
    expect(asks(up(2))).toEqual(['h4'])
    expect(asks(up(0), 'h1')).toEqual(['h4'])
    expect(asks(up(4))).toEqual(['adm'])
  })

  test('a chain ends with the first who has the role', () => {
    const world = new FlowWorld({ nodes: [step('a1', [{ ...until(3), untilRole: 'director' }])] })
    world.superiors.ann = ['s1', 's2', 's3']
    world.roles.director = ['s2']
    world.gone.add('s1')
    expect(world.start().waits).toEqual(['a1: s2'])
  })
})

describe('whoever decided before', () => {
  const previous = step('a3', [{ kind: 'supervisor', of: 'previous' }])
  const actor = step('a3', [{ kind: 'node_actor', node: 'a1' }])
  const begin = (last: ReturnType<typeof step>, users: readonly string[] = ['a']) => {
    const nodes = [step('a1', people(...users)), step('a2', people('b')), last]
    const world = new FlowWorld({ nodes, settings: { dedupe: 'none' } }).start()
    for (const user of ['a', 'b', 'c', 'x']) world.superiors[user] = [`boss of ${user}`]
    return world
  }

  test('is not who was only heard: not by delegation, not as an adviser', () => {
    const delegated = (world: FlowWorld, by: string) =>
      world.does(by, 'delegate', { to: 'x' }).does('x', 'approve').does(by, 'approve')
    expect(delegated(begin(previous).does('a', 'approve'), 'b').waits).toEqual(['a3: boss of b'])
    expect(delegated(begin(actor), 'a').does('b', 'approve').waits).toEqual(['a3: a'])
    const adviser = { people: ['x'], place: 'after', opinionOnly: true }
    const world = begin(previous).does('a', 'approve').does('b', 'add_signers', adviser).does('b', 'approve')
    expect(world.does('x', 'approve').waits).toEqual(['a3: boss of b'])
  })

  test('is not whose decision was taken back', () => {
    const world = begin(actor, ['a', 'c']).does('a', 'approve').does('a', 'take_back')
    world.does('a', 'transfer', { to: 'x' }).does('x', 'approve').does('c', 'approve').does('b', 'approve')
    expect(world.waits).toEqual(['a3: c', 'a3: x'])
  })

  test('is who decided last, whoever was asked last', () => {
    const world = begin(previous, ['a']).does('a', 'approve')
    world
      .does('b', 'add_signers', { people: ['c'], place: 'parallel' })
      .wait(1)
      .does('c', 'approve')
    expect(world.wait(1).does('b', 'approve').waits).toEqual(['a3: boss of b'])
  })

  test('is not who sent the case back', () => {
    const nodes = [step('a1', people('a')), { ...previous, id: 'a2' }, step('a3', people('c'))]
    const world = new FlowWorld({ nodes }).start()
    for (const user of ['a', 'c']) world.superiors[user] = [`boss of ${user}`]
    world.superiors['boss of a'] = ['top']
    world.does('a', 'approve').does('boss of a', 'approve').does('c', 'send_back', { to: 'a2' })
    expect(world.waits).toEqual(['a2: top'])
  })

  test('does not let a person pass by an approval that they took back', () => {
    const nodes = [step('a1', people('a', 'c')), step('a2', people('a'))]
    const world = new FlowWorld({ nodes }).start().does('a', 'approve').does('a', 'take_back')
    world.does('a', 'transfer', { to: 'x' }).does('x', 'approve').does('c', 'approve')
    expect(world.waits).toEqual(['a2: a'])
  })
})
