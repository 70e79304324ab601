import type { Json } from '../json.ts'
import { type CompileMode, compileNode, failed, frameOf } from './evaluate.ts'
import { childrenOf, type IrNode, type TypedRule } from './ir.ts'
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

interface Visit {
  readonly node: IrNode
  readonly children: Visit[]
  value?: RuleValue
  failed: boolean
}

/** Entries of a list that a trace shows. */
const shownEntries = 20

/** The rule as a function that also tells every step. Compile once for many records. */
export function compileTrace(rule: TypedRule): (data: unknown, context?: unknown) => RuleTrace {
  const top: Visit = { node: rule.root, children: [], failed: false }
  let current = top
  const mode: CompileMode = {
    constants: false,
    wrap: (node, thunk): Thunk => {
      return (frame) => {
        const above = current
        const visit: Visit = { node, children: [], failed: true }
        above.children.push(visit)
        current = visit
        try {
          visit.value = thunk(frame)
          visit.failed = false
          return visit.value
        } finally {
          current = above
        }
      }
    },
  }
  const run = compileNode(rule.root, mode)
  const grow = isNumeric(rule.type) ? scaleOf(rule.type) - scaleOf(rule.root.type) : 0
  return (data, context) => {
    top.children.length = 0
    current = top
    let result: RuleResult
    try {
      const value = run(frameOf(data, context))
      const fitted = grow > 0 && value !== null ? shiftUnits(value as Units, grow) : value
      result = { ok: true, value: writeValue(fitted, rule.type) }
    } catch (thrown) {
      result = failed(thrown)
    }
    return { root: tell(rule.root, top.children[0]), result }
  }
}

/** Evaluates the rule once and tells every step. The result is that of `compileRule`. */
export function traceRule(rule: TypedRule, data: unknown, context?: unknown): RuleTrace {
  return compileTrace(rule)(data, context)
}

function tell(node: IrNode, visit: Visit | undefined): TraceStep {
  const children = childrenOf(node)
  const step = {
    p: node.path,
    ...(node.kind === 'call' ? { op: node.operator.name } : {}),
    ...(node.kind === 'var' ? { var: node.name } : {}),
    t: node.type.t,
    ...(node.kind === 'call' && Object.keys(node.settings).length > 0 ? { with: node.settings } : {}),
  }
  if (!visit) return { ...step, skipped: true }
  // A literal list says all in its own value; operands of an operator are told one by one.
  const inside =
    node.kind === 'call'
      ? {
          in: children.map((child) =>
            tell(
              child,
              visit.children.find((v) => v.node === child),
            ),
          ),
        }
      : {}
  if (visit.failed) return { ...step, failed: true, ...inside }
  const value = visit.value ?? null
  return {
    ...step,
    out: showValue(value, node.type),
    ...(Array.isArray(value) ? { n: value.length } : {}),
    ...inside,
  }
}

function showValue(value: RuleValue, type: RuleType): string | null {
  if (value === null) return null
  if (type.t === 'period') {
    const { from, to } = value as PeriodValue
    // The ISO form of an interval; its end does not belong to it, and may be open.
    return `${from}/${to ?? '..'}`
  }
  const cut = Array.isArray(value) ? value.slice(0, shownEntries) : value
  const json = writeValue(cut, type)
  return typeof json === 'string' ? json : JSON.stringify(json)
}
