import type { Json } from '../json.ts'
import type { Text } from '../text.ts'
import { isDate, normaliseInstant } from './calendar.ts'
import { decimalFromNumber, maxIntegerDigits, maxScale, parseDecimal } from './decimal.ts'
import type { IrNode, LiteralNode } from './ir.ts'
import { decimal, nothing } from './rule-type.ts'
import { absUnits, formatUnitsTrimmed } from './scaled.ts'
import type { RuleType } from './types.ts'
import type { RuleValue } from './value.ts'

/** Lone surrogates and the null character: no UTF-8 column of Postgres holds them. */
const unstorable = /[\0\p{Surrogate}]/u

/** Why a literal cannot be used, or null. */
export function literalProblem(value: Json | { dec: string }): Text | null {
  if (typeof value === 'string') {
    return !unstorable.test(value)
      ? null
      : { en: 'the text holds characters that cannot be stored', zh: '文本含有无法保存的字符' }
  }
  if (typeof value === 'number') {
    const found = decimalFromNumber(value)
    if (!found) return { en: 'the number has more than 15 digits', zh: '数字超过 15 位' }
    return sizeProblem(found)
  }
  if (typeof value === 'object' && value !== null && 'dec' in value && typeof value.dec === 'string') {
    const found = parseDecimal(value.dec)
    return found ? sizeProblem(found) : { en: 'it is not a decimal', zh: '不是十进制数' }
  }
  return null
}

function sizeProblem({ units, scale }: { units: number | bigint; scale: number }): Text | null {
  const digits = absUnits(units).toString().length - scale
  return digits > maxIntegerDigits || scale > maxScale
    ? { en: 'it has more than 20 digits before or after the point', zh: '小数点前或后超过 20 位' }
    : null
}

/** A literal already found good by `literalProblem`. */
export function literalNode(value: Json | { dec: string }, raw: Json, path: string): LiteralNode {
  const make = (type: RuleType, content: RuleValue, digits = 0): LiteralNode => ({
    kind: 'literal',
    type,
    value: content,
    path,
    raw,
    digits,
  })
  if (value === null) return make(nothing, null)
  if (typeof value === 'boolean') return make({ t: 'bool', nullable: false }, value)
  if (typeof value === 'string') {
    const text = value.normalize('NFC')
    return make({ t: 'str', nullable: false, enum: [text] }, text)
  }
  const number =
    typeof value === 'number'
      ? decimalFromNumber(value)
      : parseDecimal(String((value as { dec: string }).dec))
  if (!number) throw new RangeError('a literal must be checked before it is made a node')
  return make(
    decimal(number.scale),
    number.units,
    Math.max(0, absUnits(number.units).toString().length - number.scale),
  )
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/**
 * A text literal read as what is expected where it stands: a date, an instant, a reference, a user. Lists of literals
 * likewise. The node itself where nothing is to be read; null where the text is no such thing.
 */
export function convertLiteral(node: IrNode, target: RuleType): IrNode | null {
  if (node.kind === 'list' && target.t === 'list') {
    const items = node.items.map((item) => convertLiteral(item, target.of))
    const good = items.filter((item) => item !== null)
    if (good.length < items.length) return null
    const changed = good.some((item, i) => item !== node.items[i])
    return changed ? { ...node, items: good, type: { ...node.type, of: target.of } as RuleType } : node
  }
  if (node.kind !== 'literal' || typeof node.value !== 'string' || node.type.t !== 'str') return node
  const text = node.value
  switch (target.t) {
    case 'date':
      return isDate(text) ? { ...node, type: { t: 'date', nullable: false } } : null
    case 'instant': {
      const normal = normaliseInstant(text)
      return normal ? { ...node, value: normal, type: { t: 'instant', nullable: false } } : null
    }
    case 'ref':
    case 'user':
      return uuid.test(text)
        ? { ...node, value: text.toLowerCase(), type: { ...target, nullable: false } }
        : null
    default:
      return node
  }
}

/** The value of a literal as a sentence names it. */
export function describeLiteral(node: LiteralNode): string {
  const { value, type } = node
  if (value === null) return 'null'
  if (typeof value === 'number' || typeof value === 'bigint')
    return formatUnitsTrimmed(value, type.t === 'dec' ? type.scale : 0)
  return String(value)
}
