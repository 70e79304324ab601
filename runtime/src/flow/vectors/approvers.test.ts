import { describe, expect, test } from 'vitest'
import { FlowWorld } from './world.ts'

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
