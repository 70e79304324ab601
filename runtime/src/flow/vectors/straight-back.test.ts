import { describe, expect, test } from 'vitest'
import { FlowWorld, type NodeSketch, people, type Sketch } from './world.ts'

const step = (id: string, users: readonly string[], more: object = {}): NodeSketch => ({
  id,
  type: 'approval',
  approvers: people(...users),
  ...more,
})
const hidden = { fields: { amount: 'hidden' } }
const asking = { returnTo: { resume: 'ask' } }
const act = (more: object) => ({ id: 'x', type: 'action', effect: 'set_fields', ...more })

/** Has `by` send the case back to the start and the applicant change the amount. */
function changed(world: FlowWorld, by: string, to = 'start'): FlowWorld {
  world.does(by, 'send_back', { to, resume: 'direct' }).finishEffects()
  world.version += 1
  world.changed = ['amount']
  return world
}
const start = (sketch: Sketch) => new FlowWorld(sketch).start().finishEffects()

describe('straight back after a change', () => {
  test('what the case has not come to yet does not count: the same people are asked', () => {
    const world = new FlowWorld({
      nodes: [
        { id: 'a1', type: 'approval', approvers: [{ kind: 'role', role: 'manager' }], ...asking },
        step('a2', ['f']),
      ],
    })
    world.roles.manager = ['a']
    changed(world.start(), 'a')
    world.roles.manager = ['x']
    expect(world.does('ann', 'submit').waits).toEqual(['a1: a'])
    expect(world.run?.activations.at(-1)?.cause).toBe('direct')
  })

  test('nor does the way that it did not take', () => {
    const sketch = (rule: object) => ({
      nodes: [
        { id: 'c', type: 'condition' },
        step('b1', ['b'], { onReject: { do: 'end' } }),
        step('b2', ['c'], { onReject: { do: 'end' }, ...hidden }),
        { id: 'm', type: 'merge' },
        step('a3', ['z'], { onReject: { do: 'end' }, ...asking }),
      ],
      edges: ['start c', 'c b1', 'c b2', 'b1 approved m', 'b2 approved m', 'm a3', 'a3 approved end_ok'],
      rule,
    })
    const begin = (rule: object) => {
      const world = new FlowWorld(sketch(rule))
      const [, first, second] = world.flow.edges as unknown as Record<string, unknown>[]
      Object.assign(first ?? {}, { when: rule, 'x-order': 'a' })
      Object.assign(second ?? {}, { default: true, 'x-order': 'b' })
      return changed(world.start().does('c', 'approve'), 'z').does('ann', 'submit')
    }
    expect(begin({ '==': [{ var: 'state' }, 'big'] }).waits).toEqual(['a3: z'])
    // Which way it goes hangs on what has changed.
    expect(begin({ '>': [{ var: 'amount' }, 100] }).waits).toEqual(['b2: c'])
    expect(begin({ '>': [{ var: ['amount', 0] }, 100] }).waits).toEqual(['b2: c'])
  })

  test('what was skipped was nobody’s decision, what was decided is done again', () => {
    const nodes = [step('a1', ['a']), step('a2', ['b'], asking)]
    const skipped = start({ nodes })
    const first = skipped.run?.activations.at(-1)?.id ?? ''
    skipped.do({ type: 'skip', by: 'adm', activation: first, reason: 'away' })
    expect(changed(skipped, 'b').does('ann', 'submit').waits).toEqual(['a2: b'])
    const decided = start({ nodes }).does('a', 'approve')
    expect(changed(decided, 'b').does('ann', 'submit').waits).toEqual(['a1: a'])
  })

  test('what was decided on the way here counts, however often the case came straight back since', () => {
    const world = start({ nodes: [step('a1', ['a']), step('a2', ['b'], asking)] }).does('a', 'approve')
    world.does('b', 'send_back', { to: 'start', resume: 'direct' }).does('ann', 'submit')
    expect(world.waits).toEqual(['a2: b'])
    expect(changed(world, 'b').does('ann', 'submit').waits).toEqual(['a1: a'])
  })

  test('a step that reckons with what has changed is done again', () => {
    const sketch = (value: object | number) => ({
      nodes: [act({ with: { total: value } }), step('a1', ['a'], asking)],
    })
    expect(changed(start(sketch(5)), 'a').does('ann', 'submit').waits).toEqual(['a1: a'])
    const world = changed(start(sketch({ '*': [{ var: 'amount' }, 2] })), 'a').does('ann', 'submit')
    expect(world.run?.activations.at(-1)?.node).toBe('x')
    expect(world.finishEffects().waits).toEqual(['a1: a'])
  })
})

describe('straight back without a change', () => {
  test('what was taken back is done again', () => {
    const nodes = [act({ with: { state: 'held' }, undo: true }), step('a1', ['a'], asking)]
    const world = start({ nodes }).does('a', 'send_back', { to: 'start', resume: 'direct' })
    world.changed = ['state']
    world.finishEffects().does('ann', 'submit')
    expect(world.run?.activations.at(-1)?.node).toBe('x')
  })

  test('only by the way out by which the case went on before: a refusal is one', () => {
    const world = start({ nodes: [step('a1', ['a']), step('a2', ['b'], asking)] }).does('a', 'approve')
    world.does('b', 'send_back', { to: 'a1', resume: 'direct' })
    expect(world.does('a', 'reject').status).toBe('rejected')
  })
})
