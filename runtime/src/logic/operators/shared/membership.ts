import type { IrNode } from '../../ir.ts'
import { convertLiteral } from '../../literal.ts'
import type { CheckCall, EvaluateCall, SqlCall, SqlPiece } from '../../operator.ts'
import { describeType, isNumeric, isSameKind, scaleOf, withNullable } from '../../rule-type.ts'
import type { PeriodValue, RuleValue, Thunk } from '../../value.ts'
import { fieldAmong } from './field-tests.ts'
import { okOf, strict } from './sql.ts'
import { convertTo, reportType, requireChoice, requireDate, requirePresent } from './typing.ts'

/** What `in` and `contains` share: `part` and `whole` are the indices of their operands. */
export const membership = {
  check(call: CheckCall, part: number, whole: number): boolean {
    const whole0 = call.args[whole]!
    if (!requirePresent(call, whole)) return false
    if (whole0.type.t === 'period') return requireDate(call, part)
    if (whole0.type.t === 'str') {
      if (call.args[part]!.type.t !== 'str') {
        reportType(call, call.args[part]!, describeType({ t: 'str', nullable: false }))
        return false
      }
      return requirePresent(call, part)
    }
    if (whole0.type.t !== 'list') {
      reportType(call, whole0, { en: 'a list, a text or a period', zh: '列表、文本或期间' })
      return false
    }
    return checkEntry(call, part, whole)
  },

  evaluate(call: EvaluateCall, part: number, whole: number): Thunk {
    const node = call.node.args[whole]!
    if (node.type.t === 'period') {
      const [date, period] = [call.arg(part), call.arg(whole)]
      return (frame) => {
        const day = date(frame) as string
        const { from, to } = period(frame) as PeriodValue
        return day >= from && (to === null || day < to)
      }
    }
    if (node.type.t === 'str') {
      const [needle, text] = [call.arg(part), call.arg(whole)]
      return (frame) => {
        const piece = needle(frame) as string
        return (text(frame) as string).includes(piece)
      }
    }
    const scale = entryScale(call.node.args[part]!, node)
    const value = call.arg(part, scale.value)
    const entries = call.constant(whole)
    if (Array.isArray(entries)) {
      const set: ReadonlySet<unknown> = new Set(entries)
      const field = call.field(part)
      const quick = field && fieldAmong(field, call.node.args[part]!, set)
      if (quick) return quick
      return (frame) => set.has(value(frame))
    }
    const list = call.arg(whole)
    const shift = scale.shift
    return (frame) => {
      const wanted = value(frame)
      return (list(frame) as readonly RuleValue[]).includes(shift && wanted !== null ? shift(wanted) : wanted)
    }
  },

  sql(call: SqlCall, part: number, whole: number): SqlPiece {
    const [x, y] = [call.args[part]!, call.args[whole]!]
    const [partNode, wholeNode] = [call.node.args[part]!, call.node.args[whole]!]
    if (wholeNode.type.t === 'period') return strict(`(${x.text} <@ ${y.text})`, [x, y])
    if (wholeNode.type.t === 'str') return strict(`(position(${x.text} IN ${y.text}) > 0)`, [x, y])
    return listSql(call, part, whole, partNode, wholeNode)
  },
}

function checkEntry(call: CheckCall, part: number, whole: number): boolean {
  const list = call.args[whole]!
  if (list.type.t !== 'list') return false
  const entry = call.args[part]!
  // Literals on either side are read as what they meet.
  const read = convertLiteral(list, { t: 'list', nullable: false, of: withNullable(entry.type, false) })
  if (!read) {
    reportType(call, list, {
      en: `a list of values like the first operand`,
      zh: '与第一个操作数同类的值的列表',
    })
    return false
  }
  call.args[whole] = read
  if (read.type.t !== 'list') return false
  if (read.type.of.t === 'null') return true
  if (!convertTo(call, part, read.type.of)) return false
  const wanted = call.args[part]!
  if (wanted.type.t !== 'null' && !isSameKind(wanted.type, read.type.of)) {
    reportType(call, wanted, describeType(withNullable(read.type.of, false)))
    return false
  }
  if (read.kind === 'list') return read.items.map((item) => requireChoice(call, wanted, item)).every(Boolean)
  return requireChoice(call, { ...read, type: read.type.of }, wanted)
}

/** Both sides at one scale: the greater of the two, where neither can lose digits. */
function entryScale(
  part: IrNode,
  whole: IrNode,
): { value: number | undefined; shift: ((v: RuleValue) => RuleValue) | null } {
  const of = whole.type.t === 'list' ? whole.type.of : null
  if (!of || !isNumeric(of) || !isNumeric(part.type)) return { value: undefined, shift: null }
  const [own, theirs] = [scaleOf(part.type), scaleOf(of)]
  if (own <= theirs) return { value: theirs, shift: null }
  // The value has more places than the entries: it equals one only if the places past theirs are zeros.
  const factor = 10n ** BigInt(own - theirs)
  return {
    value: undefined,
    shift: (v) => {
      const units = BigInt(v as number | bigint)
      if (units % factor !== 0n) return '' // No entry of a list of numbers is a text.
      const cut = units / factor
      return cut <= BigInt(Number.MAX_SAFE_INTEGER) && cut >= -BigInt(Number.MAX_SAFE_INTEGER)
        ? Number(cut)
        : cut
    },
  }
}

/** `= ANY(array)`, which an index on the column serves. An empty value is in the list only if the list says null. */
function listSql(call: SqlCall, part: number, whole: number, partNode: IrNode, wholeNode: IrNode): SqlPiece {
  const [x, y] = [
    isNumeric(partNode.type) && !call.args[part]!.native ? call.numeric(part) : call.args[part]!,
    call.args[whole]!,
  ]
  const numeric = isNumeric(partNode.type)
  const of = wholeNode.type.t === 'list' ? wholeNode.type.of : wholeNode.type
  const hasNull = of.nullable
  // An integer column meets whole numbers as integers, so that its index serves.
  const cast = numeric
    ? x.native && of.t === 'int' && isShortInts(wholeNode)
      ? '::bigint[]'
      : '::numeric[]'
    : ''
  const value = numeric && cast === '::numeric[]' ? call.numeric(part) : x
  const member = `${value.text} = ANY(${y.text}${cast})`
  const never = partNode.type.t === 'null'
  if (never || of.t === 'null') {
    const text = hasNull ? `(${x.text} IS NULL)` : 'FALSE'
    if (!x.fails)
      return {
        text: never ? (hasNull ? nullInList(y.text) : 'FALSE') : hasEntries(wholeNode) ? text : 'FALSE',
        fails: false,
        simple: false,
      }
    return {
      text: `(CASE WHEN ${okOf(x, partNode.type.nullable)} THEN ${hasEntries(wholeNode) ? text : 'FALSE'} END)`,
      fails: true,
      simple: false,
    }
  }
  if (!hasNull && !partNode.type.nullable) {
    // NULL = ANY of an empty array is false: a value that failed must not pass for one that is not found.
    return strict(x.fails ? `(CASE WHEN ${value.text} IS NOT NULL THEN ${member} END)` : `(${member})`, [
      x,
      y,
    ])
  }
  // With null among the entries = ANY gives NULL where it finds nothing: COALESCE makes that false again.
  const found = hasNull ? `COALESCE(${member}, FALSE)` : member
  const whenEmpty = hasNull ? nullInList(y.text) : 'FALSE'
  const text = hasNull
    ? `(CASE WHEN ${value.text} IS NULL THEN ${whenEmpty} ELSE ${found} END)`
    : x.simple
      ? `(${value.text} IS NOT NULL AND ${member})`
      : `COALESCE(${member}, FALSE)`
  if (!x.fails && !y.fails) return { text, fails: false, simple: false }
  const ok = [x.fails ? okOf(x, partNode.type.nullable) : null, y.fails ? okOf(y, false) : null].filter(
    (p) => p !== null,
  )
  return { text: `(CASE WHEN ${ok.join(' AND ')} THEN ${text} END)`, fails: true, simple: false }
}

function nullInList(list: string): string {
  return `(array_position(${list}, NULL) IS NOT NULL)`
}

function hasEntries(node: IrNode): boolean {
  return node.kind !== 'list' || node.items.length > 0
}

function isShortInts(node: IrNode): boolean {
  return (
    node.kind === 'list' &&
    node.items.every((item) => item.kind === 'literal' && typeof item.value === 'number')
  )
}
