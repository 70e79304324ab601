import type { Json } from '../json.ts'
import { type CompileMode, compileNode, failed, frameOf } from './evaluate.ts'
import { countSlots, type IrNode, type TypedRule, walkNodes } from './ir.ts'
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
  readonly in?: readonly TraceStep[]
  /** Not computed: the operator above had no need of it. */
  readonly skipped?: true
  /** The rule failed in this node or below it. */
  readonly failed?: true
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
}
const [unvisited, entered, left] = [0, 1, 2]

/** Entries of a list that a trace shows. */
const shownEntries = 20

/** The rule as a function that also tells every step. Compile once for many records. */
export function compileTrace(rule: TypedRule): (data: unknown, context?: unknown) => RuleTrace {
  const nodes = [...walkNodes(rule.root)]
  const numbers = new Map(nodes.map((node, at) => [node, at]))
  const visits: Visits = { values: nodes.map(() => null), states: new Uint8Array(nodes.length) }
  const { values, states } = visits
  const mode: CompileMode = {
    constants: false,
    wrap: (node, thunk): Thunk => {
      const at = numbers.get(node)!
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
  const constant = node.kind === 'literal' ? showValue(node.value, type) : undefined
  return () => {
    const step = head()
    if (states[at] === unvisited) step.skipped = true
    else if (states[at] === entered) step.failed = true
    else {
      const value = values[at] ?? null
      step.out = constant === undefined ? showValue(value, type) : constant
      if (Array.isArray(value)) step.n = value.length
    }
    if (operands && !step.skipped) step.in = operands.map((tell) => tell())
    return step
  }
}

function showValue(value: RuleValue, type: RuleType): string | null {
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
