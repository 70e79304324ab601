import type { Clock } from '@channelwright/runtime/ports.ts'

/** A clock that stands still until it is told to move. */
export interface FakeClock extends Clock {
  /** Jumps to an instant (ISO 8601). */
  set(instant: string): void
  /** Moves on; days are 24 hours. */
  advance(by: { days?: number; hours?: number; minutes?: number; seconds?: number }): void
}

export function createFakeClock(start = '2026-03-02T01:00:00.000Z'): FakeClock {
  let at = Date.parse(start)
  return {
    virtual: true,
    now: () => new Date(at).toISOString(),
    set(instant) {
      at = Date.parse(instant)
    },
    advance({ days = 0, hours = 0, minutes = 0, seconds = 0 }) {
      at += (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000
    },
  }
}
