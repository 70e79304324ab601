import { describe, expect, test } from 'vitest'
import { FlowWorld, type NodeSketch, people } from './world.ts'

const act = { id: 'x', type: 'action', effect: 'set_fields', with: { values: { amount: 1 } } }
const limits = {
  timeouts: [
    { after: 1, unit: 'hour', do: 'remind' },
    { after: 2, unit: 'hour', do: 'reject' },
  ],
}
const limited = { id: 'a1', type: 'approval', approvers: people('a'), ...limits }
const suspend = { type: 'suspend', by: 'adm', reason: 'x' } as const
const resume = { type: 'resume', by: 'adm', reason: 'x' } as const

/** What goes on by itself during the hour for which the case is suspended, and is looked at after it. */
function goesOn(nodes: readonly NodeSketch[], edges: readonly string[] = []) {
  const world = new FlowWorld({ nodes, ...(edges.length === 0 ? {} : { edges }) })
  world.start().do(suspend).finishEffects()
  expect(world.timers).toEqual([])
  return world.wait(1).do(resume)
}
const dues = (world: FlowWorld) => world.timers.map(({ kind, dueAt }) => `${kind} ${dueAt.slice(11, 16)}`)

describe('what a suspended case comes to by itself', () => {
  test('a task has its limits of time, from when the case goes on', () => {
    const world = goesOn([act, limited])
    expect(dues(world)).toEqual(['timeout 03:00', 'timeout 04:00'])
    expect(world.task('a').dueAt).toBe('2026-05-04T04:00:00.000Z')
    expect(world.fire().fire().status).toBe('rejected')
  })

  test('it has them once, however often the case is suspended', () => {
    const world = goesOn([act, limited]).do(suspend).wait(1).do(resume)
    expect(dues(world)).toEqual(['timeout 04:00', 'timeout 05:00'])
    expect(world.task('a').dueAt).toBe('2026-05-04T05:00:00.000Z')
    world.fire().do(suspend).wait(1).do(resume)
    expect(dues(world)).toEqual(['timeout 06:00'])
  })

  test('a task that waits for others has them when it comes to its turn', () => {
    const two = { ...limited, approvers: people('a', 'b'), pass: 'all', order: 'sequential' }
    const world = goesOn([act, two]).does('a', 'approve')
    expect(dues(world)).toEqual(['timeout 03:00', 'timeout 04:00'])
    expect(world.waits).toEqual(['a1: b'])
  })

  test('a delay, and the limit of a wait, count from when the case goes on', () => {
    const delay = { id: 'd', type: 'delay', until: { after: 3, unit: 'hour' } }
    expect(dues(goesOn([act, delay]))).toEqual(['delay 05:00'])
    const wait = { id: 'w', type: 'wait', for: { event: 'paid' }, timeout: { after: 3, unit: 'hour' } }
    const edges = ['start x', 'x w', 'w happened end_ok', 'w timed_out end_no']
    const world = goesOn([act, wait], edges)
    expect(dues(world)).toEqual(['wait 05:00'])
    expect(world.fire().status).toBe('rejected')
  })

  test('whoever takes a task over meanwhile has the limits as well', () => {
    const world = new FlowWorld({ nodes: [act, limited] }).start().do(suspend).finishEffects()
    const { id: task, rev: taskRev } = world.task('a')
    world.do({ type: 'reassign', task, taskRev, by: 'adm', to: 'b', reason: 'ill' }).wait(1).do(resume)
    expect(world.waits).toEqual(['a1: b'])
    expect(dues(world)).toEqual(['timeout 03:00', 'timeout 04:00'])
  })
})
