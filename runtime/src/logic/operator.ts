import type { Diagnostic } from '../definition/diagnostic.ts'
import type { ErrorCode } from '../errors/create-error.ts'
import type { Json } from '../json.ts'
import type { Text } from '../text.ts'
import type { CallNode, IrNode } from './ir.ts'
import type { RuleLevel, RuleScope, RuleType } from './types.ts'
import type { RuleValue, Thunk } from './value.ts'

/** One operand as the palette, the formula text and the checker know it. */
export type ArgumentSpec =
  | {
      readonly name: string
      readonly title: Text
      /** A rule: evaluated (or not, where the operator says so). */
      readonly kind: 'value'
      readonly optional?: boolean
      /** May stand any number of times, at least `rest` times; only the last operand. */
      readonly rest?: number
    }
  | {
      readonly name: string
      readonly title: Text
      /** One of `words`, written out: part of the operator, never computed. */
      readonly kind: 'word'
      readonly words: readonly string[]
      readonly default?: string
    }
  | {
      readonly name: string
      readonly title: Text
      /** A whole number between `min` and `max`, written out. */
      readonly kind: 'whole'
      readonly min: number
      readonly max: number
      readonly default?: number
    }

/** One use of an operator while it is checked. The checker has already counted and checked the operands. */
export interface CheckCall {
  readonly operator: Operator
  /** As written: the name or an alias. */
  readonly name: string
  readonly path: string
  readonly raw: Json
  /** Value operands only; a literal may be replaced by its converted form. */
  readonly args: IrNode[]
  readonly settings: Readonly<Record<string, Json>>
  report(
    error: ErrorCode,
    path: string,
    values: Readonly<Record<string, unknown>>,
    extra?: Partial<Pick<Diagnostic, 'severity' | 'fix'>>,
  ): void
}

/** Reads and checks the operands itself: `var`, and later the operators that bind names. */
export interface ParseCall {
  readonly operator: Operator
  readonly name: string
  readonly path: string
  readonly raw: Json
  readonly operands: readonly Json[]
  readonly scope: RuleScope
  report: CheckCall['report']
  /** Pointer of an operand. */
  pathOf(index: number): string
  /** Checks a rule inside; null when it reported errors. */
  check(rule: Json, path: string): IrNode | null
  /** Builds a call to another operator over checked operands. */
  call(operator: string, args: IrNode[]): IrNode | null
}

/** One use of an operator while it is compiled. */
export interface EvaluateCall {
  readonly node: CallNode
  /** The operand, its number brought up to `scale` where one is given. */
  arg(index: number, scale?: number): Thunk
  args(scale?: number): Thunk[]
  /** The value of a literal operand, undefined for all others (and while tracing, so that every step shows). */
  constant(index: number, scale?: number): RuleValue | undefined
  /** Throws; the message is filled with `values`. */
  fail(error: ErrorCode, values?: Readonly<Record<string, Json>>): never
}

/** A compiled piece of SQL. */
export interface SqlPiece {
  /** With marks for the bound values; see `compile-sql.ts`. Safe to stand inside any expression. */
  readonly text: string
  /** The node can fail (division, range): the text is then NULL. Where false, NULL means an empty value only. */
  readonly fails: boolean
  /** Only where it fails and its type is nullable: SQL that is true unless it failed. */
  readonly ok?: string
  /** A column, a parameter or a constant: cheap to repeat. */
  readonly simple: boolean
  /** A whole number in an integer column or parameter, not yet `numeric`. */
  readonly native?: boolean
}

export interface SqlCall {
  readonly node: CallNode
  readonly args: readonly SqlPiece[]
  /** The operand as `numeric`, whatever it is stored as. */
  numeric(index: number): SqlPiece
  /** A bound value with its cast: `$1::text`. */
  bind(value: unknown, type: RuleType): string
  /** Repeats the pieces where they are short, else names them in a sub-select so that each is computed once. */
  once(pieces: readonly SqlPiece[], build: (...names: string[]) => string): string
}

export type OperatorGroup = 'logic' | 'compare' | 'number' | 'text' | 'date' | 'value' | 'list'

/** What `explain` gets: operands and result as people read them, null where a branch was not taken. */
export interface ExplainCall {
  readonly args: readonly (string | null)[]
  readonly out: string
  readonly settings: Readonly<Record<string, Json>>
}

/** Everything the platform knows of one operator, in one file. The list is `operators/index.ts`. */
export interface Operator {
  readonly name: string
  /** Other standard spellings with the same meaning here. */
  readonly aliases?: readonly string[]
  readonly level: RuleLevel
  readonly group: OperatorGroup
  readonly title: Text
  readonly describe: Text
  readonly args: readonly ArgumentSpec[]
  /** Evaluates its operands only as needed: those it leaves out are shown as skipped. */
  readonly lazy?: boolean
  /** Why an operand was left out, for the trace: "an earlier condition decides". Every lazy operator has it. */
  readonly skipped?: Text
  /** In place of counting and checking the operands. */
  parse?(call: ParseCall): IrNode | null
  /** The type of the result; null after reporting what is wrong. */
  type(call: CheckCall): RuleType | null
  /** Numeric results: |value| < 10^digits. Default: the most of the operands. */
  digits?(args: readonly IrNode[], settings: Readonly<Record<string, Json>>): number
  evaluate(call: EvaluateCall): Thunk
  /** Present on all operators of level C, V and L. */
  sql?(call: SqlCall): SqlPiece
  /** One line of the trace; `{0}`, `{1}` operands, `{args}` all of them, `{out}` the result. */
  readonly explain: Text | ((call: ExplainCall) => Text)
}

export function defineOperator(operator: Operator): Operator {
  return operator
}

/** `{"operator": [operands]}` as a line of help: `round(number, places?, mode?)`. */
export function describeUsage(operator: Operator): Text {
  const words = (locale: 'en' | 'zh') =>
    operator.args
      .map((arg) => {
        const optional = arg.kind === 'value' ? arg.optional : arg.default !== undefined
        return `${arg.title[locale]}${optional ? '?' : ''}${arg.kind === 'value' && arg.rest !== undefined ? ', …' : ''}`
      })
      .join(', ')
  return { en: `${operator.name}(${words('en')})`, zh: `${operator.name}(${words('zh')})` }
}
