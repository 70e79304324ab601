import type { Json } from '../json.ts'
import { formatInstant, isDate, normaliseInstant } from './calendar.ts'
import { parseDecimal } from './decimal.ts'
import { limits } from './limits.ts'
import { scaleOf } from './rule-type.ts'
import { formatUnits, powerOfTen, rescaleUnits, shiftUnits, type Units } from './scaled.ts'
import { digitsOf } from './scope.ts'
import type { RuleType } from './types.ts'
import type { PeriodValue, RuleValue } from './value.ts'

/** From JSON to a value of the type; undefined when it is none. null and undefined never reach it. */
export type Reader = (raw: unknown) => RuleValue | undefined

/** Reads numbers (by their shortest text) and decimal texts as units at `scale`; more places than that are refused. */
function numberReader(scale: number, digits: number): Reader {
  const power = 10 ** Math.min(scale, 22)
  const bound = powerOfTen(digits + scale)
  const limit: Units = bound <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(bound) : bound
  const within = (units: Units) => (units < limit && units > -limit ? units : undefined)
  return (raw) => {
    if (typeof raw === 'number') {
      if (Number.isInteger(raw)) {
        // Past 15 digits a JSON number may already have lost some.
        if (raw > 1e15 || raw < -1e15) return undefined
        return within(shiftUnits(raw + 0, scale))
      }
      // The nearest double of units/10^scale is the number itself exactly when its shortest text is that decimal.
      const units = Math.round(raw * power)
      return Math.abs(units) <= 1e15 && units / power === raw ? within(units + 0) : undefined
    }
    if (typeof raw === 'string') {
      const units = parseUnits(raw, scale)
      return units === null ? undefined : within(units)
    }
    return undefined
  }
}

/** Units at `scale` of a decimal text, or null. The loop serves what nearly all amounts are: up to 15 digits. */
function parseUnits(text: string, scale: number): Units | null {
  const { length } = text
  if (length === 0 || length > 16 || scale > 14) return parseLongUnits(text, scale)
  const negative = text.charCodeAt(0) === 45
  let units = 0
  let places = -1
  for (let i = negative ? 1 : 0; i < length; i++) {
    const code = text.charCodeAt(i)
    if (code >= 48 && code <= 57) {
      units = units * 10 + code - 48
      if (places >= 0) places += 1
    } else if (code === 46 && places < 0 && i > (negative ? 1 : 0)) {
      places = 0
    } else {
      return null
    }
  }
  if (places === 0 || (negative && length === 1)) return null
  if (places < 0) places = 0
  if (units > 1e15) return parseLongUnits(text, scale)
  const signed = negative ? 0 - units : units
  return places <= scale ? shiftUnits(signed, scale - places) : parseLongUnits(text, scale)
}

function parseLongUnits(text: string, scale: number): Units | null {
  if (text.length > 64) return null
  const decimal = parseDecimal(text)
  if (!decimal) return null
  if (decimal.scale <= scale) return shiftUnits(decimal.units, scale - decimal.scale)
  // Zeros past the scale change nothing; anything else would be lost.
  const cut = rescaleUnits(decimal.units, decimal.scale, scale, 'down')
  return shiftUnits(cut, decimal.scale - scale) === decimal.units ? cut : null
}

function readText(raw: unknown): string | undefined {
  // A character is two units at most.
  if (typeof raw !== 'string' || raw.length > limits.read * 2) return undefined
  for (let i = 0; i < raw.length; i++) {
    if (raw.charCodeAt(i) >= 0x300) return raw.normalize('NFC')
  }
  return raw
}

function readPeriod(raw: unknown): PeriodValue | undefined {
  if (typeof raw !== 'object' || raw === null) return undefined
  const { from, to = null } = raw as { from?: unknown; to?: unknown }
  if (typeof from !== 'string' || !isDate(from)) return undefined
  if (to === null) return { from, to }
  return typeof to === 'string' && isDate(to) && from < to ? { from, to } : undefined
}

/** How values of the type are read. */
export function readerOf(type: RuleType): Reader {
  switch (type.t) {
    case 'bool':
      return (raw) => (typeof raw === 'boolean' ? raw : undefined)
    case 'int':
    case 'dec':
      return numberReader(scaleOf(type), digitsOf(type))
    case 'str':
      return readText
    case 'date':
      return (raw) => (typeof raw === 'string' && isDate(raw) ? raw : undefined)
    case 'instant':
      return (raw) => (typeof raw === 'string' ? (normaliseInstant(raw) ?? undefined) : undefined)
    case 'period':
      return readPeriod
    case 'ref':
    case 'user':
      return (raw) => {
        if (typeof raw === 'string') return raw
        // A reference whose record came with it.
        const id =
          typeof raw === 'object' && raw !== null && Object.hasOwn(raw, 'id')
            ? (raw as { id: unknown }).id
            : null
        return typeof id === 'string' ? id : undefined
      }
    case 'list':
      return listReader(type.of)
    case 'obj':
      return (raw) =>
        typeof raw === 'object' && raw !== null && !Array.isArray(raw)
          ? (raw as { [key: string]: unknown })
          : undefined
    case 'null':
      return () => undefined
  }
}

function listReader(of: RuleType): Reader {
  const read = readerOf(of)
  return (raw) => {
    if (!Array.isArray(raw) || raw.length > limits.list) return undefined
    const items: RuleValue[] = []
    for (const entry of raw) {
      const item = entry === null ? (of.nullable ? null : undefined) : read(entry)
      if (item === undefined) return undefined
      items.push(item)
    }
    return items
  }
}

/** Back to JSON: ints as numbers while they are safe, decimals as text with the digits of their scale. */
export function writeValue(value: RuleValue, type: RuleType): Json {
  if (value === null || typeof value === 'boolean') return value
  if (typeof value === 'number' || typeof value === 'bigint') {
    if (type.t === 'dec') return formatUnits(value, type.scale)
    return typeof value === 'number' ? value : value.toString()
  }
  if (typeof value === 'string') return type.t === 'instant' ? formatInstant(value) : value
  if (type.t === 'list' && Array.isArray(value)) return value.map((item) => writeValue(item, type.of))
  return value as Json
}
