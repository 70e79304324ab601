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
  readonly root: TraceStep
  /** What the rule gave; the same as without a trace. */
  readonly result: RuleResult
}

/** What the latest run found, by the number of each node. */
interface Visits {
  readonly values: RuleValue[]
  /** `unvisited`, `entered` (and stayed there where the rule failed) or `left` with a value. */
  readonly states: Uint8Array
  /** For operators that take turns. */
  readonly turns: Map<IrNode, Turns>
}

/** The turns of one run of an operator. The latest is told when the next begins, or the operator is done. */
interface Turns {
  count: number
  open: boolean
  told: TraceTurn[]
  /** Numbers of all nodes of the body. */
  readonly body: readonly number[]
  tell: () => TraceStep[]
}
const [unvisited, entered, left] = [0, 1, 2]

/** Entries of a list that a trace shows. */
const shownEntries = 20

/** The rule as a function that also tells every step. Compile once for many records. */
export function compileTrace(rule: TypedRule): (data: unknown, context?: unknown) => RuleTrace {
  const nodes = [...walkNodes(rule.root)]
  const numbers = new Map(nodes.map((node, at) => [node, at]))
  const visits: Visits = {
    values: nodes.map(() => null),
    states: new Uint8Array(nodes.length),
    turns: new Map(),
  }
  const { values, states, turns } = visits
  for (const node of nodes) {
    if (node.kind !== 'call' || node.binds.length === 0) continue
    const body = node.args.slice(node.body).flatMap((arg) => [...walkNodes(arg)])
    const own = body.map((one) => numbers.get(one)!)
    turns.set(node, { count: 0, open: false, told: [], body: own, tell: () => [] })
  }
  const mode: CompileMode = {
    constants: false,
    turn: (node) => {
      const taken = turns.get(node)
      if (!taken) return
      closeTurn(taken, shownEntries)
      for (const one of taken.body) states[one] = unvisited
      taken.count += 1
      taken.open = true
    },
    wrap: (node, thunk): Thunk => {
      const at = numbers.get(node)!
      const taken = turns.get(node)
      if (taken) {
        return (frame) => {
          taken.count = 0
          taken.open = false
          taken.told = []
          states[at] = entered
          const value = thunk(frame)
          closeTurn(taken, shownEntries)
          values[at] = value
          states[at] = left
          return value
        }
      }
      return (frame) => {
        states[at] = entered
        const value = thunk(frame)
        values[at] = value
        states[at] = left
        return value
      }
    },
  }
  const run = compileNode(rule.root, mode)
  const slots = countSlots(rule.root)
  const tell = compileTell(rule.root, numbers, visits)
  const grow = isNumeric(rule.type) ? scaleOf(rule.type) - scaleOf(rule.root.type) : 0
  return (data, context) => {
    states.fill(unvisited)
    let result: RuleResult
    try {
      const value = run(frameOf(data, context, slots))
      const fitted = grow > 0 && value !== null ? shiftUnits(value as Units, grow) : value
      result = { ok: true, value: writeValue(fitted, rule.type) }
    } catch (thrown) {
      result = failed(thrown)
    }
    return { root: tell(), result }
  }
}

/** Keeps what the latest turn found, where fewer than `most` are kept. */
function closeTurn(taken: Turns, most: number): void {
  if (taken.open && taken.told.length < most) taken.told.push({ at: taken.count - 1, in: taken.tell() })
  taken.open = false
}

/** Evaluates the rule once and tells every step. The result is that of `compileRule`. */
export function traceRule(rule: TypedRule, data: unknown, context?: unknown): RuleTrace {
  return compileTrace(rule)(data, context)
}

type StepDraft = { -readonly [K in keyof TraceStep]: TraceStep[K] }

/** All that is known before a run is worked out once: where rules are traced by the thousand, this is the cost. */
function compileTell(node: IrNode, numbers: ReadonlyMap<IrNode, number>, visits: Visits): () => TraceStep {
  const at = numbers.get(node)!
  const { values, states } = visits
  const { path: p, type } = node
  const { t } = type
  const settings = node.kind === 'call' && Object.keys(node.settings).length > 0 ? node.settings : null
  const head = (): StepDraft => {
    if (node.kind === 'var') return { p, var: node.name, t }
    if (node.kind !== 'call') return { p, t }
    return settings ? { p, op: node.operator.name, t, with: settings } : { p, op: node.operator.name, t }
  }
  // A literal list says all in its own value; operands of an operator are told one by one.
  const operands = node.kind === 'call' ? node.args.map((child) => compileTell(child, numbers, visits)) : null
  const taken = visits.turns.get(node)
  if (taken && operands && node.kind === 'call') {
    const body = operands.slice(node.body)
    taken.tell = () => body.map((tell) => tell())
  }
  const constant = node.kind === 'literal' ? showValue(node.value, type) : undefined
  const detail = node.kind === 'call' ? detailOf(node, numbers, visits) : null
  const brief = node.kind === 'call' && node.operator.brief === true
  return () => {
    const step = head()
    if (states[at] === unvisited) step.skipped = true
    else if (states[at] === entered) step.failed = true
    else {
      const value = values[at] ?? null
      step.out = constant === undefined ? showValue(value, type) : constant
      if (Array.isArray(value)) step.n = value.length
    }
    if (detail && !step.skipped && !step.failed) step.detail = detail()
    if (taken && taken.count > 0 && operands && node.kind === 'call' && !step.skipped) {
      // Still open where the rule failed: that entry is told whichever it was.
      closeTurn(taken, Number.POSITIVE_INFINITY)
      step.in = operands.slice(0, node.body).map((tell) => tell())
      step.each = taken.told
      step.turns = taken.count
    } else if (operands && !step.skipped) {
      const told = operands.map((tell) => tell())
      step.in = brief ? told.filter((one) => !one.skipped) : told
    }
    return step
  }
}

/** What the operator itself tells of a run, from the values of its operands. */
function detailOf(
  node: CallNode,
  numbers: ReadonlyMap<IrNode, number>,
  { values }: Visits,
): (() => Json) | null {
  const { operator, args } = node
  if (!operator.detail) return null
  const places = args.map((arg) => numbers.get(arg)!)
  return () =>
    operator.detail!(
      node,
      places.map((place) => values[place] ?? null),
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
