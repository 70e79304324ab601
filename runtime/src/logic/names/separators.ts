/**
 * Characters of names that carry nothing: spaces, punctuation, symbols, private use. As ranges of code points rather
 * than as Unicode classes, so that the browser and every version of Postgres agree on them.
 */
const ranges: readonly (readonly [number, number])[] = [
  [0x01, 0x2f],
  [0x3a, 0x40],
  [0x5b, 0x60],
  [0x7b, 0xa9],
  [0xab, 0xb4],
  [0xb6, 0xb9],
  [0xbb, 0xbf],
  [0xd7, 0xd7],
  [0xf7, 0xf7],
  [0x300, 0x36f],
  [0x2000, 0x2070],
  [0x2074, 0x207e],
  [0x20a0, 0x20cf],
  [0x2190, 0x2bff],
  [0x2e00, 0x2e2e],
  [0x2e30, 0x2e7f],
  [0x3000, 0x3004],
  [0x3008, 0x3020],
  [0x3030, 0x3030],
  [0x303d, 0x303f],
  [0x30a0, 0x30a0],
  [0x30fb, 0x30fb],
  [0xe000, 0xf8ff],
  [0xfe00, 0xfe6f],
  [0xff00, 0xff0f],
  [0xff1a, 0xff20],
  [0xff3b, 0xff40],
  [0xff5b, 0xff65],
  [0xffe0, 0xfffd],
  [0x1f000, 0x1faff],
]
const dot = 0x2e

/** The inside of a bracket expression; `write` spells one code point. Without the dot where it joins letters. */
function bracket(write: (code: number) => string, withDot: boolean): string {
  const cut = withDot
    ? ranges
    : ranges.flatMap(([from, to]): (readonly [number, number])[] =>
        from <= dot && dot <= to
          ? [
              [from, dot - 1],
              [dot + 1, to],
            ]
          : [[from, to]],
      )
  return cut.map(([from, to]) => (from === to ? write(from) : `${write(from)}-${write(to)}`)).join('')
}

const hex = (code: number, width: number) => code.toString(16).padStart(width, '0')
const inRegExp = (code: number) => `\\u{${hex(code, 4)}}`
const inPostgres = (code: number) => (code > 0xffff ? `\\U${hex(code, 8)}` : `\\u${hex(code, 4)}`)

/** One or more separators, everywhere; and those between words, where a dot joins letters (`Co.`, `S.A.`). */
export const separators = new RegExp(`[${bracket(inRegExp, true)}]+`, 'gu')
export const wordEnds = new RegExp(`[${bracket(inRegExp, false)}]+`, 'u')

/** The same as patterns of Postgres. */
export const separatorsSql = `[${bracket(inPostgres, true)}]+`
export const wordEndsSql = `[${bracket(inPostgres, false)}]+`
