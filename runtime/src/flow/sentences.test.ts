import { describe, expect, test } from 'vitest'
import type { FlowDefinition } from '../definition/flow.ts'
import type { JsonObject } from '../json.ts'
import { nobody } from './people.ts'
import type { FlowEvent } from './run.ts'
import { describeEvent } from './sentences.ts'

const word = (text: string) => ({ en: text, zh: text })
const names = new Map([['anna', 'Anna']])

function flowBegunBy(type: string): FlowDefinition {
  return {
    kind: 'flow/1',
    key: 'demo',
    'x-id': 'fl_demo',
    title: word('Demo'),
    object: 'thing',
    trigger: { type },
    nodes: [
      { 'x-id': 'n_each', type: 'for_each', title: word('Each'), over: { lines: 'parts' }, flow: 'part' },
      { 'x-id': 'n_sub', type: 'subflow', title: word('Sub'), flow: 'part' },
    ],
    edges: [],
  } as unknown as FlowDefinition
}

function say(type: string, event: Partial<FlowEvent> & Pick<FlowEvent, 'type'>) {
  const whole = { at: '2026-01-01T00:00:00Z', by: null, node: null, task: null, data: {}, ...event }
  return describeEvent(whole, flowBegunBy(type), (user) => names.get(user))
}

describe('the beginning of a case', () => {
  test.each([
    ['record', 'anna', {}, 'Anna submitted it', 'Anna提交'],
    ['button', 'anna', {}, 'Anna submitted it', 'Anna提交'],
    // Somebody whose name the reader may not know is still somebody.
    ['record', 'berta', {}, 'Somebody submitted it', '相关人员提交'],
    ['record', nobody, {}, 'It began by itself', '系统发起'],
    ['schedule', nobody, {}, 'The schedule began it', '系统按计划发起'],
    ['schedule', 'anna', {}, 'The schedule began it for Anna', '系统按计划为Anna发起'],
    ['webhook', 'berta', {}, 'A message of another system began it', '外部系统消息发起'],
    ['flow', 'anna', {}, 'Another flow began it for Anna', '其他流程为Anna发起'],
    ['record', 'anna', { trigger: 'flow' }, 'Another flow began it for Anna', '其他流程为Anna发起'],
  ] as const)('%s by %s %o: %s', (trigger, by, data, en, zh) => {
    expect(say(trigger, { type: 'started', by, data: data as JsonObject })).toEqual({ en, zh })
  })
})

describe('the parts of a step', () => {
  test('are counted when they are found, and told by their ends alone', () => {
    const done = (result: JsonObject) =>
      say('record', { type: 'effect_done', node: 'n_each', data: { result } })
    expect(done({ ids: ['a', 'b'] })).toEqual({ en: 'Parts found: 2', zh: '找到 2 项' })
    expect(done({ run: 'r' })).toBeNull()
  })
})

describe('the end of what a step had started', () => {
  test.each([
    [{ outcome: 'lost', status: 'ended', title: { en: 'Lost', zh: '丢单' } }, 'Lost', '丢单'],
    [{ outcome: 'rejected', status: 'rejected' }, 'rejected', '已驳回'],
    [{ outcome: null, status: 'withdrawn', title: null }, 'taken back', '已撤回'],
    [{ outcome: null, status: 'terminated', title: null }, 'terminated', '已终止'],
    // As it was written before it said more.
    [{ outcome: 'lost' }, 'lost', 'lost'],
  ])('%o', (data, en, zh) => {
    const of = (node: string) => say('record', { type: 'child_ended', node, data })
    expect(of('n_each')).toEqual({ en: `One part ended: ${en}`, zh: `一项处理结束:${zh}` })
    expect(of('n_sub')).toEqual({ en: `The subflow ended: ${en}`, zh: `子流程结束:${zh}` })
  })

  test('is told without it where nothing is known of it', () => {
    const said = say('record', { type: 'child_ended', node: 'n_each', data: { outcome: null } })
    expect(said?.en).toBe('The subflow of "Each" ended')
  })
})
