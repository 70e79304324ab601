/**
 * Reading exact decimals as people type them. Everything here is text: no amount ever becomes a JavaScript number,
 * so forty digits survive as well as four.
 */

const fullWidth = /[\uff10-\uff19\uff0e\uff0c\uff0b\uff0d\uff08\uff09\uff05]/g

/**
 * The exact decimal that a person meant: `¥1,234.50`, `1 234.50`, `(300)`, `-5`, `1，000` with full-width
 * characters, `12%`. Undefined for empty input; null when the text is no number.
 */
export function readDecimalEntry(text: string): string | null | undefined {
  let rest = text
    .replace(fullWidth, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
    .replace(/[\u2212\u2013]/g, '-')
    .replace(/[\s\u00a0\u202f_']/g, '')
  if (rest === '') return undefined
  let negative = false
  const bracketed = /^\((.*)\)$/.exec(rest)
  if (bracketed) {
    negative = true
    rest = bracketed[1] ?? ''
  }
  rest = rest
    .replace(/^([+-]?)(?:\u00a5|\uffe5|\$|€|£|[A-Z]{2,3}\$?)/i, '$1')
    .replace(/(?:元|圆|%|[A-Z]{3})$/i, '')
  const match = /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(dropGroups(rest) ?? '?')
  if (!match) return null
  const [, sign, whole = '', fraction = ''] = match
  if (whole === '' && fraction === '') return null
  if (sign === '-') negative = !negative
  const digits = whole.replace(/^0+(?=\d)/, '') || '0'
  const plain = fraction === '' ? digits : `${digits}.${fraction}`
  return negative && /[1-9]/.test(plain) ? `-${plain}` : plain
}

/** `1,234,567.89` → `1234567.89`; null when commas stand where no group ends. */
function dropGroups(text: string): string | null {
  if (!text.includes(',')) return text
  return /^[+-]?\d{1,3}(,\d{3})+(\.\d*)?$/.test(text) || /^[+-]?\d{1,4}(,\d{4})+(\.\d*)?$/.test(text)
    ? text.replaceAll(',', '')
    : null
}

/** Moves the decimal point to the left: `shiftDecimalLeft('5', 2)` is `0.05`; the way back from a percentage. */
export function shiftDecimalLeft(text: string, places: number): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text)
  if (!match) return text
  const [, sign = '', whole = '', fraction = ''] = match
  const digits = whole.padStart(places + 1, '0')
  const right = (digits.slice(digits.length - places) + fraction).replace(/0+$/, '')
  const left = digits.slice(0, digits.length - places).replace(/^0+(?=\d)/, '')
  return `${sign}${left}${right === '' ? '' : `.${right}`}`
}
