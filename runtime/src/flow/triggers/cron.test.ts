import { describe, expect, test } from 'vitest'
import { lastTime, nextTime, readCron } from './cron.ts'

const next = (cron: string, after: string, zone = 'Asia/Shanghai') => {
  const times = readCron(cron)
  return times && nextTime(times, after, zone)?.slice(0, 16)
}

describe('the next time of a schedule', () => {
  test('is on the wall of the zone', () => {
    expect(next('0 9 * * *', '2026-03-02T00:30:00Z')).toBe('2026-03-02T01:00')
    expect(next('0 9 * * *', '2026-03-02T01:00:00Z')).toBe('2026-03-03T01:00')
  })
  test('goes by days of the week, lists, ranges and steps', () => {
    expect(next('30 8 * * 1', '2026-03-03T00:00:00Z')).toBe('2026-03-09T00:30')
    expect(next('*/15 9-17 * * 1-5', '2026-03-06T09:50:00Z')).toBe('2026-03-09T01:00')
    expect(next('0 0 1,15 * *', '2026-03-02T00:00:00Z')).toBe('2026-03-14T16:00')
    expect(next('0 12 * * 7', '2026-03-02T00:00:00Z')).toBe('2026-03-08T04:00')
  })
  test('with both kinds of day takes either', () => {
    expect(next('0 12 13 * 1', '2026-03-09T05:00:00Z')).toBe('2026-03-13T04:00')
  })
  test('comes once where the clock jumps, forward and back', () => {
    expect(next('30 2 * * *', '2026-03-28T23:00:00Z', 'Europe/Berlin')).toBe('2026-03-29T01:00')
    expect(next('30 2 * * *', '2026-10-24T23:00:00Z', 'Europe/Berlin')).toBe('2026-10-25T00:30')
    expect(next('30 2 * * *', '2026-10-25T00:30:00Z', 'Europe/Berlin')).toBe('2026-10-26T01:30')
  })
  test('without hours comes in both hours that the clock shows twice, and in none that it skips', () => {
    const berlin = (after: string) => next('*/30 * * * *', after, 'Europe/Berlin')
    expect(berlin('2026-10-25T00:30:00Z')).toBe('2026-10-25T01:00')
    expect(berlin('2026-10-25T01:00:00Z')).toBe('2026-10-25T01:30')
    expect(berlin('2026-10-25T01:30:00Z')).toBe('2026-10-25T02:00')
    expect(berlin('2026-03-29T00:30:00Z')).toBe('2026-03-29T01:00')
    expect(berlin('2026-03-29T01:00:00Z')).toBe('2026-03-29T01:30')
  })
  test('finds the last time that was missed', () => {
    const last = (cron: string, upTo: string, zone = 'Asia/Shanghai') =>
      lastTime(readCron(cron)!, upTo, zone)?.slice(0, 16)
    expect(last('0 9 * * *', '2026-03-02T01:00:00Z')).toBe('2026-03-02T01:00')
    expect(last('0 9 * * *', '2026-03-02T00:59:59Z')).toBe('2026-03-01T01:00')
    expect(last('*/5 * * * *', '2026-03-02T00:59:59Z')).toBe('2026-03-02T00:55')
    expect(last('30 2 * * *', '2026-03-29T01:00:00Z', 'Europe/Berlin')).toBe('2026-03-29T01:00')
    expect(last('0 0 31 2 *', '2026-03-02T00:00:00Z')).toBeUndefined()
  })
  test('reaches leap days, and knows what never comes', () => {
    expect(next('0 0 29 2 *', '2026-03-01T00:00:00Z', 'UTC')).toBe('2028-02-29T00:00')
    expect(next('0 0 31 2 *', '2026-03-01T00:00:00Z', 'UTC')).toBeUndefined()
  })
  test('is none of a text that is no schedule', () => {
    for (const text of ['', '* * * *', '60 * * * *', '* 24 * * *', '5-1 * * * *', '*/0 * * * *', 'a b c d e'])
      expect(readCron(text), text).toBeNull()
  })
})
