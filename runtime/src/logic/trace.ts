import type { Json } from '../json.ts'
import { type CompileMode, compileNode, failed, frameOf } from './evaluate.ts'
import { type CallNode, countSlots, type IrNode, type TypedRule, walkNodes } from './ir.ts'
import { writeValue } from './read-value.ts'
import { isNumeric, scaleOf } from './rule-type.ts'
import { shiftUnits, type Units } from './scaled.ts'
import type { RuleType } from './types.ts'
import type { PeriodValue, RuleResult, RuleValue, Thunk } from './value.ts'

/** One node of the rule with what it gave. Plain JSON: it is stored with what was paid by it. */
export interface TraceStep {
  /** JSON pointer of the node. */
  readonly p: string
  /** The operator's name; absent on values. */
  readonly op?: string
  /** The path that was read. */
  readonly var?: string
  /** Kind of the value: `dec`, `date`, … */
  readonly t: RuleType['t']
  /** The value as text, null when empty; absent when skipped or failed. Lists show their first 20 entries. */
  readonly out?: string | null
  /** How many entries a list has. */
  readonly n?: number
  /** Operands that are part of the operator: scale, mode, unit. */
  readonly with?: Readonly<Record<string, Json>>
  /** What the operator tells of the run: rows that matched, slices, days passed over. */
  readonly detail?: Json
  readonly in?: readonly TraceStep[]
  /** Operators over lists: what was computed for each of the first 20 entries, and for the one that failed. */
  readonly each?: readonly TraceTurn[]
  /** How many entries they came to; fewer than there are where an early one decides. */
  readonly turns?: number
  /** Not computed: the operator above had no need of it. */
  readonly skipped?: true
  /** The rule failed in this node or below it. */
  readonly failed?: true
}

/** One entry's turn: its place in the list (0 is the first), and the operands computed with it. */
export interface TraceTurn {
  readonly at: number
  readonly in: readonly TraceStep[]
}

export interface RuleTrace {
  /** Told from what the run kept when it is first asked for. */
  readonly root: TraceStep
  /** What the rule gave; the same as without a trace. */
  readonly result: RuleResult
}

/** In place of a value: the node was begun, and stayed so where the rule failed. */
const begun = Symbol('begun')
type Kept = RuleValue | typeof begun | undefined

/** What a run, or one turn of it, found: by the number of each node, and of each node that takes turns. */
interface Found {
  readonly values: Kept[]
  readonly turns: (Turns | undefined)[]
}

/** The turns of one operator. The latest still stands in the run's own arrays where the rule failed in it. */
interface Turns {
  count: number
  open: boolean
  readonly kept: (Found & { readonly at: number })[]
}

/** Where the body of an operator that takes turns stands among the numbers: nodes, and turning nodes inside. */
interface Body {
  readonly number: number
  readonly from: number
  readonly to: number
  readonly turnsFrom: number
  readonly turnsTo: number
}

/** Entries of a list that a trace shows. */
const shownEntries = 20

/** The nodes of a rule by number, parents first: the body of an operator is one stretch of them. */
class Numbering {
  readonly of = new Map<IrNode, number>()
  readonly bodies = new Map<IrNode, Body>()
  constructor(root: IrNode) {
    const turning: { node: CallNode; number: number }[] = []
    for (const node of walkNodes(root)) {
      this.of.set(node, this.of.size)
      if (node.kind === 'call' && node.binds.length > 0) turning.push({ node, number: turning.length })
    }
    for (const { node, number } of turning) {
      const size = node.args.slice(node.body).reduce((sum, arg) => sum + [...walkNodes(arg)].length, 0)
      const to = this.of.get(node)! + [...walkNodes(node)].length
      const inside = (at: number) => at >= to - size && at < to
      const within = turning.filter((one) => inside(this.of.get(one.node)!)).length
      const before = turning.filter((one) => this.of.get(one.node)! < to - size).length
      this.bodies.set(node, { number, from: to - size, to, turnsFrom: before, turnsTo: before + within })
    }
  }
}

/** Tells a node from what was found, whose arrays begin at the numbers `from` and `turnsFrom`. */
type Tell = (found: Found, from: number, turnsFrom: number) => TraceStep

/** The rule as a function that also keeps every value; it is told when it is asked for. Compile once for many records. */
export function compileTrace(rule: TypedRule): (data: unknown, context?: unknown) => RuleTrace {
  const numbering = new Numbering(rule.root)
  const blank = new Array<Kept>(numbering.of.size).fill(undefined)
  const unturned = new Array<Turns | undefined>(numbering.bodies.size).fill(undefined)
  let now: Found = { values: [], turns: [] }
  const mode: CompileMode = {
    constants: false,
    turn: (node) => {
      const body = numbering.bodies.get(node)
      const taken = body && now.turns[body.number]
      if (!body || !taken) return
      keepTurn(taken, now, body)
      now.values.fill(undefined, body.from, body.to)
      if (body.turnsTo > body.turnsFrom) now.turns.fill(undefined, body.turnsFrom, body.turnsTo)
      taken.count += 1
      taken.open = true
    },
    wrap: (node, thunk): Thunk => {
      const at = numbering.of.get(node)!
      const body = numbering.bodies.get(node)
      if (body) {
        return (frame) => {
          const found = now
          const taken: Turns = { count: 0, open: false, kept: [] }
          found.turns[body.number] = taken
          found.values[at] = begun
          const value = thunk(frame)
          keepTurn(taken, found, body)
          found.values[at] = value
          return value
        }
      }
      if (node.kind === 'literal') {
        const { value } = node
        return () => {
          now.values[at] = value
          return value
        }
      }
      return (frame) => {
        const { values } = now
        values[at] = begun
        const value = thunk(frame)
        values[at] = value
        return value
      }
    },
  }
  const run = compileNode(rule.root, mode)
  const slots = countSlots(rule.root)
  // Most traces are kept and never told: what telling needs is made for the first that is.
  let tell: Tell | null = null
  const tellRoot = (found: Found) => {
    tell ??= compileTell(rule.root, numbering)
    return tell(found, 0, 0)
  }
  const grow = isNumeric(rule.type) ? scaleOf(rule.type) - scaleOf(rule.root.type) : 0
  return (data, context) => {
    const found: Found = { values: blank.slice(), turns: unturned.slice() }
    const outer = now
    now = found
    let result: RuleResult
    try {
      const value = run(frameOf(data, context, slots))
      const fitted = grow > 0 && value !== null ? shiftUnits(value as Units, grow) : value
      result = { ok: true, value: writeValue(fitted, rule.type) }
    } catch (thrown) {
      result = failed(thrown)
    } finally {
      now = outer
    }
    return new KeptTrace(result, found, tellRoot)
  }
}

/** Becomes JSON as the tree that it tells. */
class KeptTrace implements RuleTrace {
  #told: TraceStep | null = null
  constructor(
    readonly result: RuleResult,
    private readonly found: Found,
    private readonly tell: (found: Found) => TraceStep,
  ) {}

  get root(): TraceStep {
    this.#told ??= this.tell(this.found)
    return this.#told
  }

  toJSON(): RuleTrace {
    return { root: this.root, result: this.result }
  }
}

/** Keeps what the latest turn found, among the first that are shown. */
function keepTurn(taken: Turns, { values, turns }: Found, body: Body): void {
  if (!taken.open) return
  taken.open = false
  if (taken.kept.length >= shownEntries) return
  taken.kept.push({
    at: taken.count - 1,
    values: values.slice(body.from, body.to),
    turns: body.turnsTo > body.turnsFrom ? turns.slice(body.turnsFrom, body.turnsTo) : [],
  })
}

/** Evaluates the rule once and tells every step. The result is that of `compileRule`. */
export function traceRule(rule: TypedRule, data: unknown, context?: unknown): RuleTrace {
  return compileTrace(rule)(data, context)
}

type StepDraft = { -readonly [K in keyof TraceStep]: TraceStep[K] }

/** All that is known before a run is worked out once: where rules are traced by the thousand, this is the cost. */
function compileTell(node: IrNode, numbering: Numbering): Tell {
  const at = numbering.of.get(node)!
  const { path: p, type } = node
  const { t } = type
  const settings = node.kind === 'call' && Object.keys(node.settings).length > 0 ? node.settings : null
  const head = (): StepDraft => {
    if (node.kind === 'var') return { p, var: node.name, t }
    if (node.kind !== 'call') return { p, t }
    return settings ? { p, op: node.operator.name, t, with: settings } : { p, op: node.operator.name, t }
  }
  // A literal list says all in its own value; operands of an operator are told one by one.
  const operands = node.kind === 'call' ? node.args.map((child) => compileTell(child, numbering)) : null
  const body = numbering.bodies.get(node)
  const constant = node.kind === 'literal' ? showValue(node.value, type) : undefined
  const detail = node.kind === 'call' ? detailOf(node, numbering) : null
  const brief = node.kind === 'call' && node.operator.brief === true
  return (found, from, turnsFrom) => {
    const step = head()
    const value = found.values[at - from]
    if (value === undefined) {
      step.skipped = true
      return step
    }
    if (value === begun) step.failed = true
    else {
      step.out = constant === undefined ? showValue(value, type) : constant
      if (Array.isArray(value)) step.n = value.length
      if (detail) step.detail = detail(found.values, from)
    }
    const taken = body && found.turns[body.number - turnsFrom]
    if (body && operands && node.kind === 'call' && taken && taken.count > 0) {
      const inner = operands.slice(node.body)
      step.in = operands.slice(0, node.body).map((tell) => tell(found, from, turnsFrom))
      const each: TraceTurn[] = taken.kept.map((turn) => ({
        at: turn.at,
        in: inner.map((tell) => tell(turn, body.from, body.turnsFrom)),
      }))
      // Still open where the rule failed: that entry is told whichever it was.
      if (taken.open)
        each.push({ at: taken.count - 1, in: inner.map((tell) => tell(found, from, turnsFrom)) })
      step.each = each
      step.turns = taken.count
    } else if (operands) {
      const told = operands.map((tell) => tell(found, from, turnsFrom))
      step.in = brief ? told.filter((one) => !one.skipped) : told
    }
    return step
  }
}

/** What the operator itself tells of a run, from the values of its operands. */
function detailOf(
  node: CallNode,
  numbering: Numbering,
): ((values: readonly Kept[], from: number) => Json) | null {
  const { operator, args } = node
  if (!operator.detail) return null
  const places = args.map((arg) => numbering.of.get(arg)!)
  return (values, from) =>
    operator.detail!(
      node,
      places.map((place) => {
        const value = values[place - from]
        return value === undefined || value === begun ? null : value
      }),
    )
}

export function showValue(value: RuleValue, type: RuleType): string | null {
  if (value === null) return null
  if (typeof value === 'boolean') return value ? 'true' : 'false'
  if (type.t === 'period') {
    const { from, to } = value as PeriodValue
    // The ISO form of an interval; its end does not belong to it, and may be open.
    return `${from}/${to ?? '..'}`
  }
  const cut = Array.isArray(value) ? value.slice(0, shownEntries) : value
  const json = writeValue(cut, type)
  return typeof json === 'string' ? json : JSON.stringify(json)
}
