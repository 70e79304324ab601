import { describe, expect, test } from 'vitest'
import { describeEvent } from '../sentences.ts'
import { FlowWorld, people } from './world.ts'

const node = (id: string, approvers: readonly object[], more: object = {}) => ({
  id,
  type: 'approval',
  approvers,
  ...more,
})
const world = (more: object = {}) =>
  new FlowWorld({ nodes: [node('a1', people('a')), node('a2', people('b'), more)] })
    .start()
    .does('a', 'approve')
const copied = ({ events }: FlowWorld) =>
  events.flatMap(({ type, by, node: at, data }) =>
    type === 'copied' ? [{ by, at, people: data.people }] : [],
  )

describe('whoever decides copies the case to others', () => {
  test('with an approval, a refusal and a return alike; the story says who did and to whom', () => {
    for (const [answer, more] of [
      ['approve', {}],
      ['reject', {}],
      ['send_back', { to: 'a1' }],
    ] as const) {
      const seen = world().does('b', answer, { ...more, cc: ['x', 'y'] })
      expect(copied(seen), answer).toEqual([{ by: 'b', at: 'a2', people: ['x', 'y'] }])
    }
    const told = world().does('b', 'approve', { cc: ['x', 'y'] })
    const event = told.events.find(({ type }) => type === 'copied')
    expect(event && describeEvent(event, told.flow, (user) => user.toUpperCase())).toEqual({
      en: 'B copied it to X, Y at "a2"',
      zh: 'B在“a2”抄送X、Y',
    })
  })

  test('a task that is done, too', () => {
    const task = { id: 't1', type: 'task', approvers: people('c') }
    const seen = new FlowWorld({ nodes: [task] }).start().does('c', 'done', { cc: ['x'] })
    expect(copied(seen)).toEqual([{ by: 'c', at: 't1', people: ['x'] }])
  })

  test('says nothing of those who see it anyway', () => {
    expect(copied(world().does('b', 'approve', { cc: ['ann', 'b'] }))).toEqual([])
    expect(copied(world().does('b', 'approve', { cc: ['ann', 'x'] }))).toMatchObject([{ people: ['x'] }])
  })

  test('not where the step does not offer it, not to who has left, not with an opinion', () => {
    const cc = { cc: ['x'] }
    expect(world({ actions: ['return'] }).refusal(world().say('b', 'approve', cc))).toBe('FLOW_ACTION_OFF')
    expect(world({ actions: ['return'] }).refusal(world().say('b', 'approve', { cc: [] }))).toBe('done')
    expect(copied(world({ actions: ['copy'] }).does('b', 'approve', cc))).toHaveLength(1)
    const left = world()
    left.gone.add('x')
    expect(left.refusal(left.say('b', 'approve', cc))).toBe('FLOW_PERSON_INACTIVE')
    const heard = world().does('b', 'delegate', { to: 'e' })
    expect(heard.refusal(heard.say('e', 'approve', cc))).toBe('FLOW_OPINION_ONLY')
  })
})
