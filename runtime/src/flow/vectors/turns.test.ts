import { describe, expect, test } from 'vitest'
import { FlowWorld, people } from './world.ts'

const begin = (users: readonly string[], more: object = {}) =>
  new FlowWorld({
    nodes: [
      {
        id: 'a1',
        type: 'approval',
        approvers: people(...users),
        pass: 'all',
        order: 'sequential',
        timeouts: [{ after: 4, unit: 'hour', do: 'escalate' }],
        ...more,
      },
      { id: 'a2', type: 'approval', approvers: people('z') },
    ],
  }).start()

describe('taking a decision back in turn', () => {
  test('whoever comes next waits until it is made again', () => {
    const world = begin(['a', 'b', 'c']).does('a', 'approve').does('a', 'take_back')
    expect(world.waits).toEqual(['a1: a'])
    expect(world.refusal(world.say('b', 'approve'))).toBe('FLOW_TASK_WAITING')
    expect(world.does('a', 'approve').waits).toEqual(['a1: b'])
    world.does('b', 'approve').does('c', 'approve')
    expect(world.waits).toEqual(['a2: z'])
  })

  test('their clock stands still meanwhile', () => {
    const world = begin(['a', 'b']).does('a', 'approve').wait(1).does('a', 'take_back').wait(2)
    expect(world.timers.map(({ dueAt }) => dueAt.slice(11, 16))).toEqual(['06:00'])
    world.does('a', 'approve')
    expect(world.timers.map(({ dueAt }) => dueAt.slice(11, 16))).toEqual(['07:00'])
    expect(world.task('b').dueAt?.slice(11, 16)).toBe('07:00')
  })

  test('whoever it was passed on to meanwhile keeps it, and those they asked first are heard', () => {
    const world = begin(['a', 'b']).does('a', 'approve').does('b', 'transfer', { to: 'x' })
    world.does('x', 'add_signers', { people: ['y'], place: 'before' }).does('a', 'take_back')
    expect(world.waits).toEqual(['a1: a', 'a1: y'])
    expect(world.does('y', 'approve').waits).toEqual(['a1: a'])
    expect(world.does('a', 'approve').waits).toEqual(['a1: x'])
    expect(world.does('x', 'approve').waits).toEqual(['a2: z'])
  })

  test('a refusal of those whom the next had asked first counts in its turn', () => {
    const world = begin(['a', 'b']).does('a', 'approve')
    world.does('b', 'add_signers', { people: ['y'], place: 'before' }).does('a', 'take_back')
    expect(world.does('y', 'reject').waits).toEqual(['a1: a'])
    expect(world.does('a', 'approve').status).toBe('rejected')
  })

  test('whoever leaves while they wait is followed by another who waits', () => {
    const world = begin(['a', 'b']).does('a', 'approve').does('a', 'take_back')
    world.gone.add('b')
    world.superiors.b = ['sue']
    world.do({ type: 'person_left', user: 'b' })
    expect(world.waits).toEqual(['a1: a'])
    expect(world.does('a', 'approve').waits).toEqual(['a1: sue'])
  })

  test('not once the next, or somebody they asked, has decided', () => {
    const world = begin(['a', 'b', 'c']).does('a', 'approve').does('b', 'approve')
    expect(world.refusal(world.say('a', 'take_back'))).toBe('FLOW_TAKE_BACK_LATE')
    expect(world.does('b', 'take_back').waits).toEqual(['a1: b'])
    expect(world.does('a', 'take_back').waits).toEqual(['a1: a'])
    const asked = begin(['a', 'b']).does('a', 'approve')
    asked.does('b', 'add_signers', { people: ['y'], place: 'before' }).does('y', 'approve')
    expect(asked.refusal(asked.say('a', 'take_back'))).toBe('FLOW_TAKE_BACK_LATE')
    const over = begin(['a', 'b']).does('a', 'approve').does('b', 'approve')
    expect(over.refusal(over.say('a', 'take_back'))).toBe('FLOW_TAKE_BACK_LATE')
    expect(over.does('b', 'take_back').waits).toEqual(['a1: b'])
  })

  test('those whom somebody adds beside themselves share their turn', () => {
    const world = begin(['a', 'b']).does('a', 'add_signers', { people: ['p'], place: 'parallel' })
    expect(world.does('a', 'approve').does('a', 'take_back').waits).toEqual(['a1: a', 'a1: p'])
    expect(world.does('p', 'approve').does('a', 'approve').waits).toEqual(['a1: b'])
    expect(world.does('p', 'take_back').waits).toEqual(['a1: p'])
    expect(world.does('p', 'approve').waits).toEqual(['a1: b'])
    expect(world.does('b', 'approve').waits).toEqual(['a2: z'])
  })
})
