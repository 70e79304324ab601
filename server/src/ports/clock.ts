import type { Clock } from '@channelwright/runtime/ports.ts'

/** The machine's clock. */
export const systemClock: Clock = { now: () => new Date().toISOString() }
