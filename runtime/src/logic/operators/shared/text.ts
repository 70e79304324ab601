/** Code points, as Postgres counts characters; not UTF-16 units. */
export function countCharacters(text: string): number {
  let count = text.length
  for (let i = 1; i < text.length; i++) {
    const code = text.charCodeAt(i)
    // The second half of a pair, behind its first.
    if (code >= 0xdc00 && code < 0xe000 && (text.charCodeAt(i - 1) & 0xfc00) === 0xd800) count -= 1
  }
  return count
}

/**
 * Letters whose cases correspond one to one, in ranges that no later Unicode changes: what databases and browsers
 * disagree on (ß, ı, ſ, µ) stays as it is.
 */
function casePairs(): [upper: string, lower: string] {
  let upper = ''
  let lower = ''
  const ranges = [
    [0x41, 0x5a],
    [0xc0, 0x17f],
    [0x370, 0x3ff],
    [0x400, 0x52f],
    [0xff21, 0xff3a],
  ] as const
  for (const [from, to] of ranges) {
    for (let code = from; code <= to; code++) {
      const big = String.fromCharCode(code)
      const small = big.toLowerCase()
      if (small !== big && small.length === 1 && small.toUpperCase() === big) {
        upper += big
        lower += small
      }
    }
  }
  return [upper, lower]
}

export const [upperLetters, lowerLetters] = casePairs()

function translator(from: string, to: string): (text: string) => string {
  const map = new Map([...from].map((letter, i) => [letter, to[i]!]))
  return (text) => {
    let changed = ''
    for (const letter of text) changed += map.get(letter) ?? letter
    return changed
  }
}

export const toLower = translator(upperLetters, lowerLetters)
export const toUpper = translator(lowerLetters, upperLetters)

/** By code points, unlike the order of JavaScript, which compares halves of pairs. */
export function compareCharacters(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)]
    if (x === y) continue
    // Halves of pairs stand for characters above all others.
    const [high, low] = [x >= 0xd800 && x < 0xe000, y >= 0xd800 && y < 0xe000]
    return high === low ? x - y : high ? 1 : -1
  }
  return a.length - b.length
}
