import { formatInstant } from './calendar.ts'
import type { CallNode, IrNode, LiteralNode, TypedRule, VarNode } from './ir.ts'
import type { SqlCall, SqlLocal, SqlPiece, SqlRows } from './operator.ts'
import { okOf } from './operators/shared/sql.ts'
import { isNumeric, nothing, scaleOf } from './rule-type.ts'
import { formatUnits, type Units } from './scaled.ts'
import { isStructured, jsonPiece, rowsAsJson } from './sql-json.ts'
import { sqlLiteral } from './sql-literal.ts'
import type { RuleType } from './types.ts'
import type { RuleValue } from './value.ts'

/** Where a path stands in the database. */
export interface SqlSource {
  /** An expression: a column, or a scalar sub-select through a reference. It goes into the statement as it is. */
  readonly sql: string
  /** A plain column of the row at hand, whose index should serve. */
  readonly column?: boolean
  /** A whole-number column (integer, bigint) rather than numeric. Matters for int types only. */
  readonly integer?: boolean
  /** The list or group is JSON (jsonb). Lists of groups always are, where `rows` is not given. */
  readonly json?: boolean
  /** The list is rows of a table of their own; `sql` is then not used. */
  readonly rows?: (alias: string) => ChildRows
}

/** The rows of a list that has a table of its own, under row-level security like any table. */
export interface ChildRows {
  /** The table with its alias. */
  readonly from: string
  /** Which rows are those of the record at hand. */
  readonly where: string
  readonly order: string
  /** A dotted path from a row. */
  source(path: string): SqlSource | null
}

/**
 * Says where a path stands. `path` is dotted: `amount`, `partner.tier`, `$user.partners`; for `protection.to` it is
 * asked for `protection`, a daterange; for the records of an object that a rule looks into, `@object`, with `rows`. `bind` takes a value and gives its mark, with its cast.
 */
export type SqlResolver = (path: string, type: RuleType, bind: (value: unknown) => string) => SqlSource | null

export interface CompiledSql {
  /** One expression with `$1`, `$2`, … for `values`. NULL where the rule fails. */
  readonly text: string
  readonly values: readonly unknown[]
  /** Can be NULL because the rule failed (division by zero, a number out of range) rather than for an empty value. */
  readonly fails: boolean
  /** Only where it can fail: an expression over the same values that is true unless it failed. */
  readonly ok: string | null
  /** Holds a sub-select: fit for queries and policies, not for CHECK, indexes or generated columns. */
  readonly subquery: boolean
  /** The text with marks in place of parameters; for `inlineSql`. */
  readonly marked: string
  readonly bound: readonly BoundValue[]
}

interface BoundValue {
  readonly value: unknown
  readonly cast: string
}

export interface SqlOptions {
  /** Number of the first parameter; default 1. */
  readonly firstParam?: number
  /** Schema that holds the platform's functions, quoted: the workspace's. Rules that need one are refused without. */
  readonly schema?: string
}

/** Marks a parameter inside a piece. No JSON text or identifier of ours holds this control character. */
const mark = (index: number) => `\u0001${index}\u0001`
const marks = new RegExp(mark(0).replace('0', '(\\d+)'), 'g')

/** A path the resolver does not know. */
export class UnknownSqlPath extends Error {
  constructor(readonly path: string) {
    super(`no SQL source for the path ${path}`)
    this.name = 'UnknownSqlPath'
  }
}

/** The Postgres type that carries values of a rule type; what parameters are cast to. */
export function sqlType(type: RuleType): string {
  switch (type.t) {
    case 'bool':
      return 'boolean'
    case 'int':
      return 'bigint'
    case 'dec':
      return 'numeric'
    case 'str':
    case 'null':
      return 'text'
    case 'date':
      return 'date'
    case 'instant':
      return 'timestamptz'
    case 'period':
      return 'daterange'
    case 'ref':
    case 'user':
      return 'uuid'
    case 'list':
      if (isStructured(type.of)) return 'jsonb'
      return type.of.t === 'int' ? 'numeric[]' : `${sqlType(type.of)}[]`
    case 'obj':
      return 'jsonb'
  }
}

/**
 * The rule as one expression of Postgres with the identical value. The rule must have been checked for level C, V or
 * L. Throws UnknownSqlPath when the resolver returns null.
 */
export function compileSql(rule: TypedRule, resolver: SqlResolver, options: SqlOptions = {}): CompiledSql {
  const compiler = new SqlCompiler(resolver, options.schema)
  const piece = compiler.compile(rule.root)
  const ok = piece.fails ? okOf(piece, rule.root.type.nullable) : null
  const first = options.firstParam ?? 1
  // Numbered in order of use: Postgres refuses a parameter that no place in the statement uses.
  const used: number[] = []
  const number = (text: string) =>
    text.replace(marks, (_, digits: string) => {
      const index = Number(digits)
      if (!used.includes(index)) used.push(index)
      return `$${first + used.indexOf(index)}`
    })
  const text = number(piece.text)
  return {
    text,
    fails: piece.fails,
    ok: ok === null ? null : number(ok),
    values: used.map((index) => compiler.bound[index]?.value ?? null),
    subquery: /\(\s*SELECT\b/i.test(piece.text),
    marked: piece.text,
    bound: compiler.bound,
  }
}

/**
 * The compiled rule as text without parameters, for statements that take none: policies, partial indexes, exclusion
 * constraints. Literals are quoted by `sqlLiteral`; nothing of the rule gets into the text unquoted.
 */
export function inlineSql(sql: Pick<CompiledSql, 'marked' | 'bound'>): string {
  return sql.marked.replace(marks, (_, index: string) => sqlLiteral(sql.bound[Number(index)]?.value ?? null))
}

/** Repeating a piece is cheaper than naming it while it is shorter than this. */
const shortPiece = 160

class SqlCompiler {
  readonly bound: BoundValue[] = []
  /** SQL of the bound names in sight, by slot. */
  private readonly locals: SqlLocal[] = []
  private aliases = 0
  constructor(
    private readonly resolver: SqlResolver,
    private readonly schema?: string,
  ) {}

  bind(value: unknown, cast: string): string {
    this.bound.push({ value, cast })
    return `${mark(this.bound.length - 1)}::${cast}`
  }

  compile(node: IrNode): SqlPiece {
    switch (node.kind) {
      case 'literal':
        return this.compileLiteral(node)
      case 'var':
        return this.compileVar(node)
      case 'list':
        return this.compileList(node)
      case 'call':
        return this.compileCall(node)
    }
  }

  private compileLiteral(node: LiteralNode): SqlPiece {
    const { value, type } = node
    if (value === null) return { text: 'NULL', fails: false, simple: true }
    if (typeof value === 'boolean') return { text: value ? 'TRUE' : 'FALSE', fails: false, simple: true }
    const native = type.t === 'int' && typeof value === 'number'
    const cast = type.t === 'int' ? (native ? 'bigint' : 'numeric') : sqlType(type)
    return { text: this.bind(sqlValue(value, type), cast), fails: false, simple: true, native }
  }

  private compileVar(node: VarNode): SqlPiece {
    const asked: RuleType = node.part === null ? node.type : { t: 'period', nullable: node.type.nullable }
    const whole =
      node.local === null
        ? this.pieceOf(this.locate(node.segments.join('.'), asked), asked)
        : this.localOf(node.local)(node.segments, asked)
    if (node.part === null) return whole
    const text = `${node.part === 'from' ? 'lower' : 'upper'}(${whole.text})`
    return { text, fails: false, simple: whole.simple }
  }

  private locate(path: string, type: RuleType): SqlSource {
    const source = this.resolver(path, type, (value) => this.bind(value, sqlType(type)))
    if (!source) throw new UnknownSqlPath(path)
    return source
  }

  private pieceOf(source: SqlSource, type: RuleType): SqlPiece {
    const piece = sourcePiece(source, type)
    const { rows } = source
    if (!rows || type.t !== 'list') return piece
    this.aliases += 1
    // Where the list itself is asked for rather than its rows one by one.
    return {
      ...piece,
      text: rowsAsJson(rows(`cw${this.aliases}`), type.of, (at, of) => this.pieceOf(at, of)),
    }
  }

  private localOf(slot: number): SqlLocal {
    const local = this.locals[slot]
    if (!local) throw new RangeError(`no value is bound at ${slot}`)
    return local
  }

  private compileWithin(node: CallNode, index: number, locals: readonly SqlLocal[]): SqlPiece {
    const before = node.binds.map(({ slot }) => this.locals[slot])
    node.binds.forEach(({ slot }, i) => {
      this.locals[slot] = locals[i]!
    })
    const arg = node.args[index]!
    const piece = isNumeric(arg.type) ? asNumeric(this.compile(arg)) : this.compile(arg)
    node.binds.forEach(({ slot }, i) => {
      if (before[i]) this.locals[slot] = before[i]
    })
    return piece
  }

  /** The resolver knows the records of an object as `@object`. */
  private recordsOf(object: string): SqlRows {
    const path = `@${object}`
    const source = this.locate(path, { t: 'obj', nullable: false, fields: new Map() })
    if (!source.rows) throw new UnknownSqlPath(path)
    this.aliases += 1
    const { from, where, order, source: read } = source.rows(`cw${this.aliases}`)
    return {
      from,
      where: where === '' ? null : where,
      order,
      ok: null,
      entry: (segments, type) => {
        const found = read(segments.join('.'))
        if (!found) throw new UnknownSqlPath(`${path}.${segments.join('.')}`)
        return sourcePiece(found, type)
      },
    }
  }

  /** The entries of a list, wherever it stands: a table of its own, JSON, an array. */
  private rowsOf(node: IrNode, piece: SqlPiece): SqlRows {
    this.aliases += 1
    const alias = `cw${this.aliases}`
    const of: RuleType = node.type.t === 'list' ? node.type.of : nothing
    if (node.type.t === 'null') {
      // What is never there has no entries, and NULL has no type to take them from.
      const from = `(SELECT NULL::text, 1 WHERE FALSE) ${alias}(entry, at)`
      const entry: SqlLocal = () => ({ text: `${alias}.entry`, fails: false, simple: true })
      return { from, where: null, order: `${alias}.at`, ok: null, entry }
    }
    if (piece.rows) {
      const { from, where, order, source } = piece.rows(alias)
      const entry: SqlLocal = (segments, type) => {
        const path = segments.join('.')
        const found = source(path)
        if (!found) throw new UnknownSqlPath(`${node.kind === 'var' ? node.name : ''}.${path}`)
        return this.pieceOf(found, type)
      }
      return { from, where, order, entry, ok: null }
    }
    const ok = piece.fails ? `(${piece.text} IS NOT NULL)` : null
    const order = `${alias}.at`
    if (piece.json) {
      return {
        from: `jsonb_array_elements(NULLIF(${piece.text}, 'null'::jsonb)) WITH ORDINALITY ${alias}(entry, at)`,
        where: null,
        order,
        ok,
        entry: (segments, type) => jsonPiece(`${alias}.entry`, segments, type),
      }
    }
    const cast = isNumeric(of) ? '::numeric' : ''
    return {
      from: `unnest(${piece.text}) WITH ORDINALITY ${alias}(entry, at)`,
      where: null,
      order,
      ok,
      entry: () => ({ text: `${alias}.entry${cast}`, fails: false, simple: true }),
    }
  }

  private compileList(node: Extract<IrNode, { kind: 'list' }>): SqlPiece {
    const type = node.type
    const of: RuleType = type.t === 'list' ? type.of : { t: 'null', nullable: true }
    if (node.items.every((item) => item.kind === 'literal')) {
      const values = node.items.map((item) =>
        item.kind === 'literal' && item.value !== null ? sqlValue(item.value, item.type) : null,
      )
      return { text: this.bind(values, sqlType(type)), fails: false, simple: true }
    }
    const pieces = node.items.map((item) =>
      isNumeric(item.type) ? asNumeric(this.compile(item)) : this.compile(item),
    )
    const fallible = pieces.filter((piece) => piece.fails)
    const array = `ARRAY[${pieces.map((piece) => piece.text).join(', ')}]::${of.t === 'int' ? 'numeric' : sqlType(of)}[]`
    return fallible.length === 0
      ? { text: array, fails: false, simple: false }
      : {
          text: `(CASE WHEN ${fallible.map((p) => `${p.text} IS NOT NULL`).join(' AND ')} THEN ${array} END)`,
          fails: true,
          simple: false,
        }
  }

  private compileCall(node: CallNode): SqlPiece {
    const { operator } = node
    if (!operator.sql)
      throw new Error(`operator ${operator.name} has no SQL: check the rule for a level below F first`)
    const args = node.args.slice(0, node.body).map((arg) => this.compile(arg))
    const call: SqlCall = {
      node,
      args,
      rows: (index) => this.rowsOf(node.args[index]!, args[index]!),
      within: (index, locals) => this.compileWithin(node, index, locals),
      numeric: (index) => asNumeric(args[index]!),
      platform: (name) => {
        if (this.schema === undefined) throw new UnknownSqlPath(`${name}()`)
        return `${this.schema}.${name}`
      },
      records: (object) => this.recordsOf(object),
      alias: () => {
        this.aliases += 1
        return `cw${this.aliases}`
      },
      bind: (value, type) => this.bind(value, sqlType(type)),
      once: (pieces, build) => nameOnce(pieces, build),
    }
    const piece = operator.sql(call)
    return node.ranged ? rangeChecked(piece, node.type.nullable) : piece
  }
}

function sourcePiece(source: SqlSource, type: RuleType): SqlPiece {
  const json = source.json ?? (type.t === 'obj' || (type.t === 'list' && isStructured(type.of)))
  return {
    text: source.column ? source.sql : `(${source.sql})`,
    fails: false,
    simple: source.column ?? false,
    native: type.t === 'int' && (source.integer ?? false),
    ...(source.rows ? { rows: source.rows } : json ? { json } : {}),
  }
}

function asNumeric(piece: SqlPiece): SqlPiece {
  if (!piece.native) return piece
  const text = piece.text.endsWith('::bigint')
    ? piece.text.replace(/bigint$/, 'numeric')
    : `${piece.text}::numeric`
  return { ...piece, text, native: false }
}

function nameOnce(pieces: readonly SqlPiece[], build: (...names: string[]) => string): string {
  // What counts or sums rows is computed once, however short it is written.
  if (pieces.every((piece) => piece.text.length <= shortPiece && !piece.text.includes('SELECT')))
    return build(...pieces.map((piece) => piece.text))
  const names = pieces.map((_, i) => `q.v${i}`)
  // OFFSET 0 keeps the planner from copying the expressions back into the places that name them.
  return `(SELECT ${build(...names)} FROM (SELECT ${pieces.map((piece, i) => `${piece.text} AS v${i}`).join(', ')} OFFSET 0) q)`
}

/** NULL from 10^20 on, as the evaluator's E_RANGE. */
function rangeChecked(piece: SqlPiece, nullable: boolean): SqlPiece {
  const inside = (v: string) => `abs(${v}) < 100000000000000000000`
  const text = nameOnce([piece], (v) => `(CASE WHEN ${inside(v)} THEN ${v} END)`)
  if (!nullable) return { text, fails: true, simple: false }
  // An empty value is none that failed.
  const small = nameOnce([piece], (v) => `(${v} IS NULL OR ${inside(v)})`)
  return {
    text,
    fails: true,
    simple: false,
    ok: piece.fails ? `(${okOf(piece, true)} AND ${small})` : small,
  }
}

/** What pg binds for a value: numbers and dates as text, so that nothing becomes a float on the way. */
function sqlValue(value: RuleValue, type: RuleType): unknown {
  if (typeof value === 'number' || typeof value === 'bigint')
    return formatUnits(value as Units, scaleOf(type))
  if (type.t === 'instant' && typeof value === 'string') return formatInstant(value)
  return value
}
