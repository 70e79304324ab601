import { describe, expect, test } from 'vitest'
import { type MappedNode, mapNodes } from '../migration.ts'
import { FlowWorld, type NodeSketch, people, sketchFlow } from './world.ts'

// Cases that are moved to another release of their flow while they are open.

const move = { type: 'migrate', release: 8, by: 'adm', reason: 'The old way was wrong' } as const
const node = (id: string, approvers: object[], more: object = {}): NodeSketch => ({
  id,
  type: 'approval',
  approvers,
  ...more,
})
const oneStep = (settings: object = {}) => ({ nodes: [node('a1', people('a'), settings)] })
const times = (after: number) => ({ timeouts: [{ after, unit: 'hour', do: 'remind' }] })

function moved(before: ReturnType<typeof oneStep>, after: ReturnType<typeof oneStep>): FlowWorld {
  const world = new FlowWorld(before)
  world.releases.set(8, sketchFlow(after))
  return world.start()
}

describe('moving a case', () => {
  test('keeps whoever is asked, and asks others only when that is wanted', () => {
    const world = moved(oneStep(), { nodes: [node('a1', people('b')), node('a2', people('c'))] })
    expect(world.do(move).waits).toEqual(['a1: a'])
    expect(world.does('a', 'approve').waits).toEqual(['a2: c'])
    const other = moved(oneStep(), { nodes: [node('a1', people('b')), node('a2', people('c'))] })
    expect(other.do({ ...move, people: 'resolve' }).waits).toEqual(['a1: b'])
    expect(other.run?.tasks.map(({ state, reason }) => [state, reason])).toContainEqual([
      'cancelled',
      'migrated',
    ])
  })

  test('is refused to where it is, and without the release', () => {
    const world = moved(oneStep(), oneStep())
    world.do(move)
    world.releases.set(8, world.flow)
    expect(world.refusal(move)).toBe('FLOW_MIGRATE_SAME')
  })

  test('keeps a screen good where the step is the same, and ends it where it is not', () => {
    const same = moved(oneStep(), { nodes: [node('a1', people('a')), node('a2', people('b'))] })
    const seen = same.say('a', 'approve')
    expect(same.do(move).refusal(seen)).toBe('done')
    const changed = moved(oneStep(), oneStep({ require: { comment: ['approve'] } }))
    const old = changed.say('a', 'approve')
    expect(changed.do(move).refusal(old)).toBe('FLOW_TASK_STALE')
  })

  test('brings other limits of time, counted from now; the same ones run on', () => {
    const world = moved(oneStep(times(1)), oneStep(times(5)))
    world.now = '2026-05-04T01:30:00.000Z'
    const running = (one: FlowWorld) =>
      one.run?.timers.filter(({ state }) => state === 'open').map(({ dueAt }) => dueAt)
    expect(running(world.do(move))).toEqual(['2026-05-04T06:30:00.000Z'])
    const same = moved(oneStep(times(1)), { nodes: [...oneStep(times(1)).nodes, node('a2', people('b'))] })
    same.now = '2026-05-04T01:30:00.000Z'
    expect(running(same.do(move))).toEqual(['2026-05-04T02:00:00.000Z'])
  })

  test('leaves the clocks of a suspended case stopped', () => {
    const world = moved(oneStep(times(1)), oneStep(times(5)))
    world.do({ type: 'suspend', by: 'adm', reason: 'wait' }).do(move)
    const open = () => world.run?.timers.filter(({ state }) => state === 'open') ?? []
    expect(open().map(({ left }) => left)).toEqual([5 * 3_600_000])
    world.now = '2026-05-05T01:00:00.000Z'
    world.do({ type: 'resume', by: 'adm', reason: 'on' })
    expect(open().map(({ dueAt, left }) => [dueAt, left])).toEqual([['2026-05-05T06:00:00.000Z', null]])
  })

  test('never lets a decision be taken back at a step that is gone', () => {
    const world = new FlowWorld({ nodes: [node('a1', people('a')), node('a2', people('b'))] })
    world.releases.set(8, sketchFlow({ nodes: [node('a2', people('b'))] }))
    world.start().does('a', 'approve')
    const decided = world.run?.tasks.find(({ decidedBy }) => decidedBy === 'a')
    world.do(move)
    expect(
      world.refusal({ type: 'take_back', by: 'a', task: decided?.id ?? '', taskRev: decided?.rev ?? 0 }),
    ).toBe('FLOW_TAKE_BACK_NOTHING')
    expect(world.does('b', 'approve').status).toBe('approved')
  })
})

describe('branches', () => {
  const gates: NodeSketch[] = [
    { id: 'p', type: 'parallel' },
    { id: 'j', type: 'join' },
  ]
  const split = (...branches: string[]) => ({
    nodes: [...gates, ...branches.map((id) => node(id, people(id)))],
    edges: [
      'start p',
      ...branches.flatMap((id) => [`p ${id}`, `${id} approved j`, `${id} rejected end_no`]),
      'j end_ok',
    ],
  })
  const onlyJoined = (...branches: string[]) => {
    const { nodes, edges } = split(...branches)
    return {
      nodes: nodes.map((one) => (one.type === 'approval' ? { ...one, onReject: { do: 'end' } } : one)),
      edges: edges.filter((line) => !line.includes('rejected')),
    }
  }

  test('a case inside a split moves where the split is the same', () => {
    const world = new FlowWorld(onlyJoined('x', 'y'))
    const { nodes, edges } = onlyJoined('x', 'y')
    world.releases.set(
      8,
      sketchFlow({
        nodes: [...nodes, node('z', people('z'), { onReject: { do: 'end' } })],
        edges: [...edges.slice(0, -1), 'j z', 'z end_ok'],
      }),
    )
    world.start().does('x', 'approve').do(move).does('y', 'approve')
    expect(world.waits).toEqual(['z: z'])
  })

  test('a join would wait for ever for a branch that was never let loose: that is refused', () => {
    const world = new FlowWorld(onlyJoined('x', 'y'))
    world.releases.set(8, sketchFlow(onlyJoined('x', 'y', 'z')))
    expect(world.start().refusal(move)).toBe('FLOW_MIGRATE_BRANCH')
  })

  test('a step outside a split does not move into one', () => {
    const world = new FlowWorld({ nodes: [node('x', people('x'), { onReject: { do: 'end' } })] })
    world.releases.set(8, sketchFlow(onlyJoined('x', 'y')))
    expect(world.start().refusal(move)).toBe('FLOW_MIGRATE_BRANCH')
  })
})

test('a mapping is proposed by x-id, among nodes of the same type', () => {
  const from = sketchFlow({ nodes: [node('a1', people('a')), node('a2', people('b'))] })
  const to = sketchFlow({ nodes: [node('a2', people('b')), node('b1', people('c'))] })
  const found = mapNodes(from, to, {})
  const at = (id: string): MappedNode | undefined => found.find((one) => one.id === id)
  expect([at('a1')?.to, at('a2')?.to]).toEqual([null, 'a2'])
  expect(at('a1')?.choices.map(({ id }) => id)).toEqual(['a2', 'b1'])
  expect(mapNodes(from, to, { a1: 'b1' }).find(({ id }) => id === 'a1')?.to).toBe('b1')
})
