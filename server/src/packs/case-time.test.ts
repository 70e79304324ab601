import { describe, expect, it } from 'vitest'
import { addDuration, createCaseClock, shiftDate } from './case-time.ts'

const zone = 'Asia/Shanghai'

describe('time in a case', () => {
  it('moves by calendar days and months, and exactly by hours', () => {
    expect(addDuration('2026-03-02T01:00:00.000Z', 'P90D', zone)).toBe('2026-05-31T01:00:00.000Z')
    expect(addDuration('2026-01-31T01:00:00.000Z', 'P1M', zone)).toBe('2026-02-28T01:00:00.000Z')
    expect(addDuration('2026-03-02T01:00:00.000Z', 'P1DT2H30M', zone)).toBe('2026-03-03T03:30:00.000Z')
    expect(addDuration('2026-03-02T01:00:00.000Z', 'P2W', zone)).toBe('2026-03-16T01:00:00.000Z')
  })

  it('keeps the wall time when clocks change', () => {
    // Berlin goes to summer time on 2026-03-29.
    expect(addDuration('2026-03-28T08:00:00.000Z', 'P1D', 'Europe/Berlin')).toBe('2026-03-29T07:00:00.000Z')
    expect(addDuration('2026-03-28T08:00:00.000Z', 'PT24H', 'Europe/Berlin')).toBe('2026-03-29T08:00:00.000Z')
  })

  it('moves dates and stops at the end of a shorter month', () => {
    expect(shiftDate('2026-03-02', '+30d')).toBe('2026-04-01')
    expect(shiftDate('2026-03-31', '-1m')).toBe('2026-02-28')
    expect(shiftDate('2024-02-29', '+1y')).toBe('2025-02-28')
    expect(() => shiftDate('2026-03-02', 'tomorrow')).toThrow(RangeError)
  })

  it('never goes back', () => {
    const clock = createCaseClock('2026-03-02T09:00:00+08:00')
    clock.moveTo('2026-03-01T00:00:00Z')
    expect(clock.now()).toBe('2026-03-02T01:00:00.000Z')
  })
})
