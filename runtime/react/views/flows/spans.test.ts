import { describe, expect, it } from 'vitest'
import { formatSpan, secondsBetween } from './spans.ts'

describe('lengths of time', () => {
  it('are told in their largest unit', () => {
    expect(formatSpan(5_400, 'en')).toBe('1.5 hours')
    expect(formatSpan(3 * 86_400, 'en')).toBe('3 days')
    expect(formatSpan(59, 'en')).toBe('59 seconds')
    expect(formatSpan(-7_200, 'zh')).toBe('2小时')
  })

  it('are negative once the time has passed', () => {
    expect(secondsBetween('2026-01-01T00:00:10Z', '2026-01-01T00:00:00Z')).toBe(-10)
  })
})
