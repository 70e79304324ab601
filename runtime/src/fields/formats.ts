import { compareDecimals } from '../logic/decimal.ts'
import { isDecimal } from './decimal-text.ts'

/** A named form of strings, as ajv wants it; `compare` serves `formatMinimum` and its kin. */
export interface StringFormat {
  validate(text: string): boolean
  compare?(a: string, b: string): number | undefined
}

const compareText = (a: string, b: string) => (a > b ? 1 : a < b ? -1 : 0)
const datePattern = /^(\d{4})-(\d{2})-(\d{2})$/
const timePattern =
  /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?(Z|[+-](?:0\d|1[0-4]):[0-5]\d)$/

/** A day of the calendar between the years 0001 and 9999. */
export function isDate(text: string): boolean {
  const match = datePattern.exec(text)
  if (!match) return false
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])]
  if (year < 1 || month < 1 || month > 12 || day < 1) return false
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  return day <= [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]!
}

/** No lone surrogates (Postgres and UTF-8 cannot hold them) and no control characters but those allowed. */
function isCleanText(text: string, controls: RegExp): boolean {
  return !/[\uD800-\uDFFF]/u.test(text) && !controls.test(text)
}

/**
 * Every string format of the platform. `line` and `block` are plain text of one and of many lines: they refuse what
 * cannot be stored or shown.
 */
export const formats: Readonly<Record<string, StringFormat>> = {
  decimal: {
    validate: isDecimal,
    // ajv also compares texts that it has found to be no decimals.
    compare: (a, b) => (isDecimal(a) && isDecimal(b) ? compareDecimals(a, b) : undefined),
  },
  date: { validate: isDate, compare: compareText },
  'date-time': {
    validate: (text) => {
      const match = timePattern.exec(text)
      return match !== null && isDate(match[1]!)
    },
    compare: (a, b) => compareText(new Date(a).toISOString(), new Date(b).toISOString()),
  },
  email: {
    validate: (text) =>
      text.length <= 254 &&
      /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)+$/.test(
        text,
      ) &&
      !text.includes('..'),
  },
  // Web addresses only: `javascript:` and its kin must never become a link.
  uri: {
    validate: (text) =>
      text.length <= 2048 &&
      /^https?:\/\/[^\s/?#<>"\\^`{|}]+[^\s<>"\\^`{|}]*$/i.test(text) &&
      isCleanText(text, /\p{Cc}/u),
  },
  uuid: { validate: (text) => /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text) },
  phone: {
    validate: (text) =>
      text.length <= 32 &&
      /^[+(]?[0-9][0-9 ().-]*(?:(?:x|ext\.?|转) ?[0-9]{1,6})?$/i.test(text) &&
      (text.match(/[0-9]/g)?.length ?? 0) >= 5,
  },
  line: { validate: (text) => isCleanText(text, /\p{Cc}/u) },
  block: { validate: (text) => isCleanText(text, /[^\P{Cc}\n\r\t]/u) },
}
