import { expect, test } from 'vitest'
import type { FlowEvent } from '../../flow/run.ts'
import { describeEvent } from '../../flow/sentences.ts'
import { sketchFlow } from '../../flow/vectors/world.ts'

const flow = sketchFlow({
  nodes: [{ id: 'give', type: 'assign' }],
  edges: ['start give', 'give assigned end_ok'],
})

function told(key: string, result = {}): string | undefined {
  const at = '2026-03-02T01:00:00.000Z'
  const data = { key: `r:a:give:${key}`, result }
  const event: FlowEvent = { type: 'effect_done', at, by: null, node: 'give', task: null, data }
  return describeEvent(event, flow, () => undefined)?.zh
}

test('the story of an assignment says what happened, once, and not that something was carried out', () => {
  const offers = [{ candidate: 'p1', people: ['ann'] }]
  expect([
    told('offer0', { offers }),
    told('offered0.0'),
    told('offered0.1'),
    told('silent0.0'),
    told('silent0.1'),
    told('offer1', { offers }),
    told('offered1.0'),
    told('declined1.0.0'),
    told('offer2', { offers: [] }),
    told('clear'),
    told('give'),
  ]).toEqual([
    '已选出 1 个分派对象',
    '已发出,等待对方接受',
    undefined,
    '逾时未答复,已收回',
    undefined,
    '已另选 1 个分派对象',
    '已发出,等待对方接受',
    '对方谢绝,已收回',
    '未找到可分派对象',
    '已收回,暂无承接',
    '已完成分派',
  ])
})
