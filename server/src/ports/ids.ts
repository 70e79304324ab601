import { randomBytes } from 'node:crypto'
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
      const bytes = randomBytes(16)
      bytes.writeUIntBE(last, 0, 6)
      bytes.writeUInt16BE(0x7000 | counter, 6)
      bytes[8] = 0x80 | (bytes[8]! & 0x3f)
      const hex = bytes.toString('hex')
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
    },
  }
}
