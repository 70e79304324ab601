import { expect, test } from 'vitest'
import { delay } from '../../src/nodes/delay/node.ts'
import type { Locale } from '../../src/text.ts'
import { formatMoment, sayMoments } from './moments.ts'

const said = (data: Record<string, string | number>, locale: Locale) => {
  const at = '2026-03-09T01:00:00.000Z'
  const event = { type: 'signalled', at, by: null, node: 'n', task: null, data } as const
  return sayMoments(delay.trace(event, locale) ?? '', (due) => formatMoment(due, locale, 'Asia/Shanghai'))
}

test('a delay says how long it is and when it ends, in the language and the zone of the reader', () => {
  const due = '2026-03-11T17:30:00.000Z'
  const day = { en: formatMoment(due, 'en', 'Asia/Shanghai'), zh: formatMoment(due, 'zh', 'Asia/Shanghai') }
  expect(day.en).toContain('01:30')
  expect(said({ due, after: 2, unit: 'workday' }, 'en')).toBe(`Waits for 2 workdays, until ${day.en}`)
  expect(said({ due, after: 1, unit: 'hour' }, 'en')).toBe(`Waits for 1 hour, until ${day.en}`)
  expect(said({ due, after: 2, unit: 'workday' }, 'zh')).toBe(`等待 2 个工作日,至 ${day.zh}`)
  expect(said({ due }, 'en')).toBe(`Waits until ${day.en}`)
})
