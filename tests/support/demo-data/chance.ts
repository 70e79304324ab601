/** The day that all days of the demo data are counted from; loading moves them to today. */
export const base = '2026-11-01'

// mulberry32: small, and the same on every machine.
let state = 20261101
export function random(): number {
  state = (state + 0x6d2b79f5) | 0
  let t = Math.imul(state ^ (state >>> 15), 1 | state)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296
}
export const whole = (from: number, to: number) => from + Math.floor(random() * (to - from + 1))
export const pick = <T>(list: readonly T[]): T => list[whole(0, list.length - 1)] as T
export const chance = (share: number) => random() < share
export const digits = (count: number) => Array.from({ length: count }, () => whole(0, 9)).join('')
export const day = (offset: number) =>
  new Date(Date.parse(`${base}T00:00:00Z`) + offset * 86_400_000).toISOString().slice(0, 10)
export const at = (offset: number, hour = whole(1, 9)) =>
  `${day(offset)}T${String(hour).padStart(2, '0')}:${String(whole(0, 59)).padStart(2, '0')}:00.000Z`

const codeAlphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY'
/** A unified social credit code with its check character (GB 32100). */
export function creditCode(kind: '91' | '12', area: string): string {
  const body = `${kind}${area}${Array.from({ length: 9 }, (_, i) => (i < 2 && kind === '91' ? pick([...'MA1']) : codeAlphabet[whole(0, 30)])).join('')}`
  let sum = 0
  let weight = 1
  for (const char of body) {
    sum += codeAlphabet.indexOf(char) * weight
    weight = (weight * 3) % 31
  }
  return body + codeAlphabet[(31 - (sum % 31)) % 31]
}
