import { describe, expect, test } from 'vitest'
import { neededOf } from '../../nodes/approval/votes.ts'
import { FlowWorld, people } from './world.ts'

const node = (more: object) => ({ id: 'a1', type: 'approval', ...more })

describe('vector 1: one of several', () => {
  test('reject all: one refusal leaves the node open, the last one refuses it', () => {
    const world = new FlowWorld({
      nodes: [node({ approvers: people('a', 'b'), pass: 'any', reject: 'all' })],
    })
    world.start().does('a', 'reject')
    expect(world.waits).toEqual(['a1: b'])
    expect(world.does('b', 'reject').status).toBe('rejected')
  })

  test('reject any: the first refusal ends it and the others are cancelled', () => {
    const world = new FlowWorld({
      nodes: [node({ approvers: people('a', 'b'), pass: 'any', reject: 'any' })],
    })
    expect(world.start().does('a', 'reject').status).toBe('rejected')
    expect(world.log).toEqual(['a1 a rejected', 'a1 b cancelled decided'])
  })
})

describe('vector 2: two thirds of three', () => {
  const ratio = { approvers: people('a', 'b', 'c'), pass: { ratio: { num: 2, den: 3 } } }

  test('one for and one against is open; a second against leaves too few', () => {
    const world = new FlowWorld({ nodes: [node(ratio)] }).start()
    world.does('a', 'approve').does('b', 'reject')
    expect(world.waits).toEqual(['a1: c'])
    expect(world.does('c', 'reject').status).toBe('rejected')
  })

  test('a second for passes it', () => {
    const world = new FlowWorld({ nodes: [node(ratio)] }).start()
    world.does('a', 'approve').does('b', 'reject').does('c', 'approve')
    expect(world.status).toBe('approved')
  })
})

describe('vector 3: parts are kept as fractions and rounded up', () => {
  test('23 of 100 of ten is three, a third of three is one', () => {
    expect(neededOf({ ratio: { num: 23, den: 100 } }, 10)).toBe(3)
    expect(neededOf({ ratio: { num: 1, den: 3 } }, 3)).toBe(1)
    expect(neededOf({ ratio: { num: 34, den: 100 } }, 3)).toBe(2)
  })

  test('a third of three passes with one voice', () => {
    const pass = { ratio: { num: 1, den: 3 } }
    const world = new FlowWorld({ nodes: [node({ approvers: people('a', 'b', 'c'), pass })] }).start()
    expect(world.does('b', 'approve').status).toBe('approved')
  })
})

test('vector 4: half of two is one, not more than half', () => {
  const pass = { ratio: { num: 1, den: 2 } }
  const world = new FlowWorld({ nodes: [node({ approvers: people('a', 'b'), pass })] }).start()
  expect(world.does('a', 'approve').status).toBe('approved')
})

test('vector 5: weights 50, 30 and 20 with 51 needed', () => {
  const approvers = [
    { kind: 'user', user: 'a', weight: 50 },
    { kind: 'user', user: 'b', weight: 30 },
    { kind: 'user', user: 'c', weight: 20 },
  ]
  const world = new FlowWorld({ nodes: [node({ approvers, pass: { weight: { need: 51 } } })] }).start()
  world.does('b', 'approve').does('c', 'approve')
  expect(world.waits).toEqual(['a1: a'])
  expect(world.does('a', 'reject').status).toBe('rejected')
})

test('vector 5, early: without the 50 of A the rest can not reach 51', () => {
  const approvers = [
    { kind: 'user', user: 'a', weight: 50 },
    { kind: 'user', user: 'b', weight: 30 },
    { kind: 'user', user: 'c', weight: 20 },
  ]
  const world = new FlowWorld({ nodes: [node({ approvers, pass: { weight: { need: 51 } } })] }).start()
  expect(world.does('a', 'reject').status).toBe('rejected')
  expect(world.log).toContain('a1 c cancelled decided')
})

test('vector 6: somebody added raises what is needed, and removing them lets the node pass in that command', () => {
  const world = new FlowWorld({
    nodes: [node({ approvers: people('a', 'b', 'c'), pass: { ratio: { num: 2, den: 3 } } })],
  }).start()
  world.does('a', 'add_signers', { people: ['d'], place: 'parallel' })
  world.does('b', 'approve').does('c', 'approve')
  expect(world.waits).toEqual(['a1: a', 'a1: d'])
  const { id: task, rev: taskRev } = world.task('d')
  expect(world.refusal({ type: 'remove_signer', task, taskRev, by: 'b' })).toBe('FLOW_NOT_ADDER')
  world.do({ type: 'remove_signer', task, taskRev, by: 'a' })
  expect(world.status).toBe('approved')
})

test('with one person every rule is that person’s word', () => {
  for (const pass of ['any', 'all', { count: 3 }, { ratio: { num: 2, den: 3 } }, { weight: { need: 9 } }])
    for (const [what, status] of [
      ['approve', 'approved'],
      ['reject', 'rejected'],
    ] as const) {
      const world = new FlowWorld({ nodes: [node({ approvers: people('a'), pass })] }).start()
      expect(world.does('a', what).status).toBe(status)
    }
})

test('heard to the end: nobody’s vote is cut off, and one refusal of any outweighs', () => {
  const said = { approvers: people('a', 'b', 'c'), pass: 'any', reject: 'any', wait: 'all' }
  const world = new FlowWorld({ nodes: [node(said)] }).start().does('a', 'approve').does('b', 'reject')
  expect(world.waits).toEqual(['a1: c'])
  expect(world.does('c', 'approve').status).toBe('rejected')
})

test('one after the other: the next is asked in the command of the one before', () => {
  const world = new FlowWorld({
    nodes: [node({ approvers: people('a', 'b'), pass: 'all', order: 'sequential' })],
  })
  world.start()
  expect(world.waits).toEqual(['a1: a'])
  world.does('a', 'approve')
  expect(world.waits).toEqual(['a1: b'])
  expect(world.does('b', 'approve').status).toBe('approved')
})
