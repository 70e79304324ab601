import { ruleInput } from '../errors/logic.ts'
import { ruleLookupMissing } from '../errors/tables.ts'
import { type CompileMode, compileNode } from './evaluate.ts'
import { type CallNode, countSlots, type IrNode, type TypedRule } from './ir.ts'
import { readerOf } from './read-value.ts'
import { type RuleTrace, showValue, type TraceStep } from './trace.ts'
import type { RuleType } from './types.ts'
import { Frame, RuleFailure, type RuleValue, type Thunk } from './value.ts'

export interface Replay {
  /** Values computed again from those below them. */
  readonly checked: number
  /** Operations over more entries than a trace shows, and lookups: these cannot be made again from it. */
  readonly beyond: number
  /** Steps whose operands, as the trace tells them, give another value than it says. */
  readonly differs: readonly {
    readonly p: string
    readonly out: string | null
    readonly found: string | null
  }[]
}

/**
 * Computes every operation of a trace again from the values that the trace gives for its operands, without the data
 * it came from. Nothing differs unless the trace was changed, or the rule is not the one that made it.
 */
export function replayTrace(rule: TypedRule, trace: RuleTrace): Replay {
  const replay = new Replayer(countSlots(rule.root))
  replay.visit(rule.root, trace.root)
  return replay
}

/** What stands for a value that the trace does not tell. */
class Untold {}

class Replayer implements Replay {
  checked = 0
  beyond = 0
  readonly differs: { p: string; out: string | null; found: string | null }[] = []
  constructor(private readonly slots: number) {}

  visit(node: IrNode, step: TraceStep | undefined): void {
    if (!step || step.skipped || node.kind !== 'call') return
    const turned = step.each !== undefined
    node.args.forEach((arg, i) => {
      if (turned && i >= node.body) return
      this.visit(arg, stepOf(node, step, i))
    })
    for (const turn of step.each ?? []) {
      for (const [i, arg] of node.args.slice(node.body).entries()) this.visit(arg, turn.in[i])
    }
    this.compare(node, step)
  }

  private compare(node: CallNode, step: TraceStep): void {
    if (step.failed && hasFailed(step)) return
    const cut = (step.turns ?? 0) > (step.each?.length ?? 0)
    const long = (step.in ?? []).some((one) => one.n !== undefined && one.n > shown(one))
    if (cut || long) {
      this.beyond += 1
      return
    }
    const out = step.failed ? null : (step.out ?? null)
    let found: string | null
    try {
      found = showValue(this.run(node, step), node.type)
      if (step.failed) found = found ?? 'null'
    } catch (thrown) {
      if (thrown instanceof Untold) {
        this.beyond += 1
        return
      }
      if (!(thrown instanceof RuleFailure)) throw thrown
      // What a lookup finds stands in a record, not in its operands.
      if (thrown.error === ruleLookupMissing && !step.failed) {
        this.beyond += 1
        return
      }
      found = step.failed ? null : thrown.error.code
    }
    this.checked += 1
    if (found !== out) this.differs.push({ p: step.p, out, found })
  }

  /** The operation itself, its operands replaced by what the trace says of them. */
  private run(node: CallNode, step: TraceStep): RuleValue {
    let turn = -1
    const operand = (child: IrNode): Thunk => {
      const index = node.args.indexOf(child)
      const inBody = index >= node.body && step.each !== undefined
      return () =>
        recordedValue(child, inBody ? step.each?.[turn]?.in[index - node.body] : stepOf(node, step, index))
    }
    const mode: CompileMode = {
      constants: false,
      turn: (turning) => {
        if (turning === node) turn += 1
      },
      wrap: (child, thunk) => (child === node ? thunk : node.args.includes(child) ? operand(child) : thunk),
    }
    const frame = new Frame({}, {}, null, new Array<RuleValue>(this.slots).fill(null), [])
    return compileNode(node, mode)(frame)
  }
}

/** Where every operand is told they stand in order; where only those computed are, their pointers tell them apart. */
function stepOf(node: CallNode, step: TraceStep, index: number): TraceStep | undefined {
  const told = step.in ?? []
  const all = step.each ? node.body : node.args.length
  return told.length === all ? told[index] : told.find((one) => one.p === node.args[index]?.path)
}

function hasFailed(step: TraceStep): boolean {
  const below = [...(step.in ?? []), ...(step.each ?? []).flatMap((turn) => turn.in)]
  return below.some((one) => one.failed)
}

/** Entries of a list that the text of a step holds. */
function shown(step: TraceStep): number {
  const list: unknown = step.out === null || step.out === undefined ? [] : JSON.parse(step.out)
  return Array.isArray(list) ? list.length : 0
}

function recordedValue(node: IrNode, step: TraceStep | undefined): RuleValue {
  if (!step || step.skipped) throw new Untold()
  if (step.failed) throw new RuleFailure(ruleInput, step.p)
  if (node.kind === 'literal') return node.value
  if (step.out === null || step.out === undefined) return null
  const value = readerOf(node.type)(readText(step.out, node.type))
  if (value === undefined) throw new Untold()
  return value
}

/** The text of a step as the JSON it was written from. */
function readText(text: string, type: RuleType): unknown {
  switch (type.t) {
    case 'bool':
      return text === 'true'
    case 'period': {
      const [from, to] = text.split('/')
      return { from, to: to === '..' ? null : to }
    }
    case 'list':
    case 'obj':
      return JSON.parse(text)
    default:
      return text
  }
}
