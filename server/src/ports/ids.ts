import { createHash, randomUUID } from 'node:crypto'
import type { Ids } from '@channelwright/runtime/ports.ts'

/**
 * UUIDs of version 7: milliseconds, then a counter of 12 bits that keeps the order within one millisecond, then
 * 62 random bits. Ids of one process always grow, so they sort as they were made.
 */
export function createIds(milliseconds: () => number = Date.now): Ids {
  let last = 0
  let counter = 0
  return {
    next() {
      const now = milliseconds()
      if (now > last) {
        last = now
        counter = 0
      } else if (++counter > 0xfff) {
        last += 1
        counter = 0
      }
      const time = last.toString(16).padStart(12, '0')
      const order = counter.toString(16).padStart(3, '0')
      // The random end of an id of version 4, for which Node keeps bytes in store.
      return `${time.slice(0, 8)}-${time.slice(8)}-7${order}-${randomUUID().slice(19)}`
    },
  }
}

/** The same words, the same UUID (version 8: made by rules of one's own). */
export function uuidOf(words: string): string {
  const hex = createHash('sha256').update(words).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
