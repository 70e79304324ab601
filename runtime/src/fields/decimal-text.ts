/** How exact decimals are written and shown, text to text. What computes with them is `logic/decimal.ts`. */

const shape = /^(-?)(\d+)(?:\.(\d+))?$/

/** Whether the text is a plain decimal: optional minus, no leading zeros, no exponent, no plus, no bare point. */
export function isDecimal(text: string): boolean {
  return text.length <= 64 && /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(text)
}

/** The same number with exactly `scale` places; a text with more places than that comes back as it is. */
export function padDecimal(text: string, scale: number): string {
  const match = shape.exec(text)
  if (!match) return text
  const fraction = match[3] ?? ''
  if (fraction.length > scale) return text
  const sign = match[1] && /[1-9]/.test(match[2]! + fraction) ? '-' : ''
  return scale === 0 ? sign + match[2]! : `${sign}${match[2]}.${fraction.padEnd(scale, '0')}`
}

/** Moves the decimal point to the right: `shiftDecimal('0.05', 2)` is `5`. Trailing zeros after the point fall. */
export function shiftDecimal(text: string, places: number): string {
  const match = shape.exec(text)
  if (!match) return text
  const fraction = (match[3] ?? '').padEnd(places, '0')
  const whole = (match[2]! + fraction.slice(0, places)).replace(/^0+(?=\d)/, '')
  const rest = fraction.slice(places).replace(/0+$/, '')
  return `${match[1]}${whole}${rest ? `.${rest}` : ''}`
}

/** Thousands apart: `1234567.50` → `1,234,567.50`. Chinese and English readers both write it so. */
export function groupDecimal(text: string): string {
  const match = shape.exec(text)
  if (!match) return text
  const whole = match[2]!.replace(/\B(?=(?:\d{3})+$)/g, ',')
  return `${match[1]}${whole}${match[3] === undefined ? '' : `.${match[3]}`}`
}

const generated = new Set<string>()

/** The pattern of decimals that fit `numeric(precision, scale)`. */
export function decimalPattern(precision: number, scale: number): string {
  const whole = precision - scale
  const pattern = `^-?(0|[1-9][0-9]{0,${Math.max(whole - 1, 0)}})${scale > 0 ? `(\\.[0-9]{1,${scale}})?` : ''}$`
  generated.add(pattern)
  return pattern
}

/** Whether the platform wrote this pattern itself: such patterns run in linear time on any engine. */
export function isGeneratedPattern(pattern: string): boolean {
  return generated.has(pattern)
}

/** A pattern of our own making, run as it is: it is bounded, and needs no engine that guards against its author. */
export function compileGenerated(pattern: string): RegExp {
  return new RegExp(pattern, 'u')
}
