import { ruleListDepth, ruleLiteral, ruleRunLimit } from '../../../errors/logic.ts'
import type { Json } from '../../../json.ts'
import { type BoundName, type IrNode, walkNodes } from '../../ir.ts'
import { limits } from '../../limits.ts'
import { literalNode } from '../../literal.ts'
import type {
  ArgumentSpec,
  EvaluateCall,
  NewName,
  ParseCall,
  SqlCall,
  SqlPiece,
  SqlRows,
  WithinOptions,
} from '../../operator.ts'
import { nothing } from '../../rule-type.ts'
import { isPathSegment } from '../../scope.ts'
import type { RuleType } from '../../types.ts'
import type { Frame, RuleValue } from '../../value.ts'
import { reportType } from './typing.ts'

/** Operators over lists may stand inside one another so many times. */
const deepest = 2

export const listSpec: ArgumentSpec = { name: 'list', title: { en: 'list', zh: '列表' }, kind: 'value' }
export const nameSpec: ArgumentSpec = {
  name: 'name',
  title: { en: 'name of an entry', zh: '条目名称' },
  kind: 'value',
}

/** The list operand; null after reporting that it is none, or that lists stand in lists too deep. */
export function checkListOperand(call: ParseCall): IrNode | null {
  if (call.sight.turns >= deepest) {
    call.report(ruleListDepth, call.path, { limit: deepest })
    return null
  }
  const operand = call.operands[0]
  if (operand === undefined) return null
  const node = call.check(operand, call.pathOf(0))
  if (!node) return null
  if (node.type.t !== 'list' && node.type.t !== 'null') {
    reportType(call, node, { en: 'a list', zh: '列表' })
    return null
  }
  return node
}

export function entryType(list: IrNode): RuleType {
  return list.type.t === 'list' ? list.type.of : nothing
}

/** The name an entry is bound to, written out; null after reporting that it cannot be one. */
export function readName(call: ParseCall, index: number): string | null {
  const name = call.operands[index]
  if (typeof name === 'string' && isPathSegment(name) && !name.startsWith('$')) return name
  call.report(ruleLiteral, call.pathOf(index), {
    why: 'the name of an entry is a word such as "line"',
    why_zh: '条目名称须为一个词,例如 "line"',
  })
  return null
}

/** Whether the second operand names the entries, so that what follows sees everything else too. */
export function namesEntries(operands: readonly Json[], least: number): boolean {
  return typeof operands[1] === 'string' && operands.length >= least
}

/** Checks the operands at `indices` with the entry bound; null when one of them does not hold. */
export function checkBody(
  call: ParseCall,
  names: readonly NewName[],
  indices: readonly number[],
  options: WithinOptions = {},
): { readonly binds: readonly BoundName[]; readonly body: IrNode[] } | null {
  return call.within(
    names,
    (binds) => {
      const check = () => {
        const body = indices.map((index) => call.check(call.operands[index]!, call.pathOf(index)))
        const good = body.filter((node) => node !== null)
        return good.length < body.length ? null : { binds, body: good }
      }
      // Where the data is the schema and the list has no entries, nothing is known of them, and nothing asked.
      if (names[0]?.type.t !== 'null' || !call.scope.isAbsent) return check()
      const body = () => indices.map((index) => literalNode(true, call.operands[index]!, call.pathOf(index)))
      return call.attempt(check) ?? { binds, body: body() }
    },
    { ...options, turns: true },
  )
}

/** The scope of standard JSON-logic inside a list: the entry, and nothing else. */
export const standardScope: WithinOptions = { alone: true, entry: true }

/** The list of an evaluation; an empty value counts as a list without entries. */
export function entriesOf(call: EvaluateCall): (frame: Frame) => readonly RuleValue[] {
  const list = call.arg(0)
  const { steps } = call
  return (frame) => {
    const entries = list(frame) as readonly RuleValue[] | null
    if (entries === null) return []
    steps(frame, entries.length)
    return entries
  }
}

/** Tests the length of a list that is being made. */
export function limitList(call: EvaluateCall): (length: number) => void {
  return (length) => {
    if (length > limits.list) {
      call.fail(ruleRunLimit, { what: 'a list', what_zh: '列表条目数', limit: limits.list })
    }
  }
}

/** Whether nothing in the rule can fail, so that entries past the deciding one need no look. */
export function isSafe(node: IrNode): boolean {
  for (const one of walkNodes(node)) {
    if (one.kind === 'call' && (one.operator.level !== 'C' || one.ranged)) return false
  }
  return true
}

/** `FROM … WHERE …` of the rows that also meet `test`. */
export function fromRows(rows: SqlRows, test?: string): string {
  const conditions = [rows.where, test].filter((part) => part !== null && part !== undefined)
  return `FROM ${rows.from}${conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : ''}`
}

/** NULL where the list itself failed. */
export function guardList(rows: SqlRows, text: string, fails: boolean): Pick<SqlPiece, 'text' | 'fails'> {
  return rows.ok === null ? { text, fails } : { text: `(CASE WHEN ${rows.ok} THEN ${text} END)`, fails: true }
}

/** The entries' values over the rows of the list, and whether one of them failed. */
export interface RowValues {
  readonly rows: SqlRows
  /** A sub-select with a column `v` (NULL for rows that the test leaves out) and, where `fails`, a column `ok`. */
  readonly from: string
  readonly fails: boolean
}

/** For sum, avg, min, max: `test` and `value` are indices of operands of the body. */
export function rowValues(call: SqlCall, test: number | null, value: number | null): RowValues {
  const rows = call.rows(0)
  const locals = [rows.entry]
  const v: SqlPiece =
    value === null ? rows.entry([], entryType(call.node.args[0]!)) : call.within(value, locals)
  if (test === null) {
    const ok = v.fails ? `, (${v.text} IS NOT NULL) AS ok` : ''
    return { rows, fails: v.fails, from: `(SELECT ${v.text} AS v${ok} ${fromRows(rows)}) s` }
  }
  const p = call.within(test, locals)
  if (!p.fails && !v.fails)
    return { rows, fails: false, from: `(SELECT ${v.text} AS v ${fromRows(rows, p.text)}) s` }
  const whenTrue = v.fails ? `(${v.text} IS NOT NULL)` : 'TRUE'
  const ok = `(CASE ${p.text} WHEN TRUE THEN ${whenTrue} WHEN FALSE THEN TRUE ELSE FALSE END)`
  return {
    rows,
    fails: true,
    from: `(SELECT (CASE WHEN ${p.text} THEN ${v.text} END) AS v, ${ok} AS ok ${fromRows(rows)}) s`,
  }
}

/** One aggregate over the values of `rowValues`; NULL where an entry failed. */
export function aggregateSql(values: RowValues, aggregate: string, nullable: boolean): SqlPiece {
  const { rows, from, fails } = values
  const sound = 'bool_and(s.ok) IS NOT FALSE'
  const text = fails
    ? `(SELECT CASE WHEN ${sound} THEN ${aggregate} END FROM ${from})`
    : `(SELECT ${aggregate} FROM ${from})`
  const piece = { ...guardList(rows, text, fails), simple: false }
  if (!piece.fails || !nullable) return piece
  const inner = fails ? `(SELECT ${sound} FROM ${from})` : 'TRUE'
  return { ...piece, ok: rows.ok === null ? inner : `(${rows.ok} AND ${inner})` }
}
