import type { Diagnostic } from '../definition/diagnostic.ts'
import type { ErrorCode } from '../errors/create-error.ts'
import type { Json } from '../json.ts'
import type { Text } from '../text.ts'
import type { ChildRows } from './compile-sql.ts'
import type { PlainField } from './compile-var.ts'
import type { BoundName, CallNode, IrNode } from './ir.ts'
import type { Units } from './scaled.ts'
import type { Sight } from './scope.ts'
import type { RuleLevel, RuleScope, RuleType } from './types.ts'
import type { Frame, RuleValue, Thunk } from './value.ts'

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
  /** Names bound for the operands from `body` on; see `CallNode`. */
  readonly binds: readonly BoundName[]
  readonly body: number
  report(
    error: ErrorCode,
    path: string,
    values: Readonly<Record<string, unknown>>,
    extra?: Partial<Pick<Diagnostic, 'severity' | 'fix'>>,
  ): void
}

/** A name to bind; `digits` (default: those of the type) bound its numbers. */
export interface NewName {
  readonly name: string
  readonly type: RuleType
  readonly digits?: number
  readonly alias?: BoundName['alias']
}

export interface WithinOptions {
  /** Nothing is in sight but these names and what this scope holds. */
  readonly scope?: RuleScope
  /** Nothing but these names is in sight. */
  readonly alone?: boolean
  /** Paths without a bound name begin at the first name, whose own name cannot be written. */
  readonly entry?: boolean
  /** The operands take turns, one for each entry of a list. */
  readonly turns?: boolean
}

/** Reads and checks the operands itself: `var`, the operators that bind names, those with more than one form. */
export interface ParseCall {
  readonly operator: Operator
  readonly name: string
  readonly path: string
  readonly raw: Json
  readonly operands: readonly Json[]
  /** Where the operands stand in an array rather than being the only one, written without it. */
  readonly many: boolean
  readonly scope: RuleScope
  /** What a path can begin at here. */
  readonly sight: Sight
  report: CheckCall['report']
  /** Pointer of an operand. */
  pathOf(index: number): string
  /** Checks a rule inside; null when it reported errors. */
  check(rule: Json, path: string): IrNode | null
  /**
   * Binds names while `check` runs: `{"var": "line.qty"}` then reads the bound `line`.
   */
  within<T>(names: readonly NewName[], check: (binds: readonly BoundName[]) => T, options?: WithinOptions): T
  /** Reports what was found elsewhere. */
  add(found: Diagnostic): void
  /** What `check` gives and what it reported, which counts no more. */
  quietly<T>(check: () => T): { readonly value: T; readonly found: readonly Diagnostic[] }
  /** What `check` gives; what it reported is taken back where it gives null. For reading operands in more than one way. */
  attempt<T>(check: () => T | null): T | null
  /** Builds a call over checked operands: of another operator, or of this one without `parse`. Null when it reported errors. */
  call(
    operator: string,
    args: IrNode[],
    parts?: Partial<Pick<CheckCall, 'settings' | 'binds' | 'body'>>,
  ): IrNode | null
  /** Counts and checks the operands as operators without `parse` have it. */
  plain(): IrNode | null
}

/** One use of an operator while it is compiled. */
export interface EvaluateCall {
  readonly node: CallNode
  /** The operand, its number brought up to `scale` where one is given. */
  arg(index: number, scale?: number): Thunk
  args(scale?: number): Thunk[]
  /** The value of a literal operand, undefined for all others (and while tracing, so that every step shows). */
  constant(index: number, scale?: number): RuleValue | undefined
  /** The operand as a value of a wider type: numbers at its scale, those in lists too. */
  as(index: number, type: RuleType): Thunk
  /** Operators that take turns count them before they begin. Fails with E_LIMIT when one evaluation takes too many. */
  steps(frame: Frame, turns: number): void
  /** Set while tracing: called at each turn of an operator that binds names, before the operands of its body. */
  readonly turn: (() => void) | null
  /** The operand as a field that may be read on the spot; null for all others, and while tracing. */
  field(index: number): PlainField | null
  /** For operators with `checksRange`: the value, or E_RANGE from 10^20 on, where it can come to that. */
  check(value: Units): Units
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
  /** Lists and groups that are jsonb rather than arrays. */
  readonly json?: boolean
  /** Lists that are rows of a table: fit for `rows` only, the text says nothing. */
  readonly rows?: (alias: string) => ChildRows
}

/** The SQL of what a path leads to from a bound name; no segments: the value itself. */
export type SqlLocal = (segments: readonly string[], type: RuleType) => SqlPiece

/** The entries of a list as rows of a FROM clause. */
export interface SqlRows {
  /** `table alias`, `unnest(…) alias`: what follows FROM. */
  readonly from: string
  /** Which of its rows are meant; null for all. */
  readonly where: string | null
  /** Ready to stand behind `ORDER BY`: the order of the list. */
  readonly order: string
  readonly entry: SqlLocal
  /** True unless the list itself failed; null where it cannot. */
  readonly ok: string | null
}

export interface SqlCall {
  readonly node: CallNode
  /** Operands before the body. Those of the body are compiled by `within`. */
  readonly args: readonly SqlPiece[]
  /** The entries of a list operand; each use makes an alias of its own. */
  rows(index: number): SqlRows
  /** An operand of the body, numbers as `numeric`; `locals` gives the SQL of the bound names, in their order. */
  within(index: number, locals: readonly SqlLocal[]): SqlPiece
  /** The operand as `numeric`, whatever it is stored as. */
  numeric(index: number): SqlPiece
  /** The records of an object as rows of a FROM clause, under row-level security. */
  records(object: string): SqlRows
  /** A function of the platform inside the workspace's schema. */
  platform(name: string): string
  /** A name for a row of a sub-select that no other has. */
  alias(): string
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
  /** What `detail` gave for the run. */
  readonly detail: Json | undefined
}

/** Stands between its operands in formulas. */
export interface FormulaInfix {
  readonly symbol: Text
  /** How tightly: 1 or, 2 and, 3 comparisons, 4 joined texts, 5 sums, 6 products, 8 what counts when empty. */
  readonly binds: number
}

/** How formulas write an operator, where not as a function called by its name. */
export interface FormulaSpelling {
  /** Name of the function; default: the name in capitals in English, the title in Chinese. */
  readonly name?: Text
  readonly infix?: FormulaInfix
  /** Places of operands that may be names for what stands in a list. */
  readonly bound?: readonly number[]
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
  readonly formula?: FormulaSpelling
  /** Evaluates its operands only as needed: those it leaves out are shown as skipped. */
  readonly lazy?: boolean
  /** Its operands stand in a list even where there is one: engines do not agree on what it means otherwise. */
  readonly listed?: boolean
  /** Why an operand was left out, for the trace: "an earlier condition decides". Every lazy operator has it. */
  readonly skipped?: Text
  /** In place of counting and checking the operands. */
  parse?(call: ParseCall): IrNode | null
  /** The type of the result; null after reporting what is wrong. */
  type(call: CheckCall): RuleType | null
  /** It tests the range of its results itself, by `EvaluateCall.check`. */
  readonly checksRange?: boolean
  /** Where one use needs more than `level` says. */
  levelOf?(call: CheckCall): RuleLevel
  /** Numeric results: |value| < 10^digits. Default: the most of the operands. */
  digits?(args: readonly IrNode[], settings: Readonly<Record<string, Json>>): number
  evaluate(call: EvaluateCall): Thunk
  /** Present on all operators of level C, V and L. */
  sql?(call: SqlCall): SqlPiece
  /** The trace tells of the operands only those that were computed: an operator with hundreds of them. */
  readonly brief?: boolean
  /** What the trace keeps of a run beside the values, worked out from the operands: rows that matched, slices. */
  detail?(node: CallNode, operands: readonly RuleValue[]): Json
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
