import type { ByteRange } from './store.ts'

/**
 * The one part that a `Range` header asks for; null: all of it (no header, one that is not understood, or several parts:
 * a server may answer these with the whole). `beyond`: nothing of the file lies in it.
 */
export function readRange(header: string | undefined, length: number): ByteRange | 'beyond' | null {
  const match = /^bytes=\s*(\d*)-(\d*)\s*$/.exec(header ?? '')
  if (!match || (match[1] === '' && match[2] === '')) return null
  const [first, last] = [match[1]!, match[2]!]
  if (first === '') {
    const tail = Math.min(Number(last), length)
    return tail === 0 ? 'beyond' : { from: length - tail, to: length - 1 }
  }
  const from = Number(first)
  const to = last === '' ? length - 1 : Math.min(Number(last), length - 1)
  if (last !== '' && Number(last) < from) return null
  return from >= length ? 'beyond' : { from, to }
}
