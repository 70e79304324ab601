import { numberLimits, type PlainField } from '../../compile-var.ts'
import type { IrNode } from '../../ir.ts'
import { limits } from '../../limits.ts'
import type { Units } from '../../scaled.ts'
import type { Frame, RuleValue, Thunk } from '../../value.ts'

// A field beside a literal is what nearly all tests are. Each is one closure here: reading, checking and comparing
// cost less together than a call from one closure to another.

/** `<`, `<=`, `>`, `>=` of a number in a field and whole units at the same scale. */
export function compareField(
  symbol: '<' | '<=' | '>' | '>=',
  field: PlainField,
  node: IrNode,
  constant: number,
): Thunk {
  // Units are whole: at most c is below c + 1.
  const bound = symbol === '<' || symbol === '>=' ? constant : constant + 1
  const below = symbol === '<' || symbol === '<='
  const { key, slow, memo } = field
  const { power, limit } = numberLimits(node)
  const number = (raw: unknown): Units => {
    if (typeof raw === 'number') {
      const units = Math.round(raw * power)
      if (units < limit && units > -limit && units / power === raw) return units + 0
    }
    return slow(raw) as Units
  }
  if (memo !== null) {
    const read = (frame: Frame): Units => {
      const value = number(frame.data[key])
      frame.memo[memo] = value
      return value
    }
    return below
      ? (frame) => ((frame.memo[memo] as Units | undefined) ?? read(frame)) < bound
      : (frame) => ((frame.memo[memo] as Units | undefined) ?? read(frame)) >= bound
  }
  return below
    ? (frame) => {
        const raw = frame.data[key]
        if (typeof raw === 'number') {
          const units = Math.round(raw * power)
          if (units < limit && units > -limit && units / power === raw) return units < bound
        }
        return (slow(raw) as Units) < bound
      }
    : (frame) => {
        const raw = frame.data[key]
        if (typeof raw === 'number') {
          const units = Math.round(raw * power)
          if (units < limit && units > -limit && units / power === raw) return units >= bound
        }
        return (slow(raw) as Units) >= bound
      }
}

/** Plain ASCII: no other form of it is longer or shorter. */
function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) >= 0x80) return false
  return true
}

/** `==` and `!=` of a field and a literal of its kind; null where the quick way does not hold. */
export function equalField(
  field: PlainField,
  node: IrNode,
  constant: RuleValue,
  positive: boolean,
): Thunk | null {
  const { key, slow } = field
  if (typeof constant === 'boolean' && node.type.t === 'bool') {
    return (frame) => {
      const raw = frame.data[key]
      return (typeof raw === 'boolean' ? raw === constant : slow(raw) === constant) === positive
    }
  }
  if (typeof constant !== 'string' || node.type.t !== 'str') return null
  const { length } = constant
  if (!isAscii(constant)) {
    return (frame) => {
      const raw = frame.data[key]
      return (raw === constant || slow(raw) === constant) === positive
    }
  }
  return (frame) => {
    const raw = frame.data[key]
    if (raw === constant) return positive
    // Texts of the same length might still be another form of it.
    if (typeof raw === 'string' && raw.length !== length && raw.length <= limits.text) return !positive
    return (slow(raw) === constant) === positive
  }
}

/** `in` of a text field and a list of literals. */
export function fieldAmong(field: PlainField, node: IrNode, entries: ReadonlySet<unknown>): Thunk | null {
  if (node.type.t !== 'str') return null
  const { key, slow } = field
  const few = [...entries]
  if (few.length > 4) {
    return (frame) => {
      const raw = frame.data[key]
      return entries.has(raw) ? typeof raw === 'string' : entries.has(slow(raw))
    }
  }
  const [a, b, c, d] = few
  return (frame) => {
    const raw = frame.data[key]
    if (typeof raw === 'string' && (raw === a || raw === b || raw === c || raw === d)) return true
    return entries.has(slow(raw))
  }
}
