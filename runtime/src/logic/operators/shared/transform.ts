import { reportOperandCount } from '../../check-operands.ts'
import type { IrNode } from '../../ir.ts'
import type { ArgumentSpec, EvaluateCall, ParseCall } from '../../operator.ts'
import type { Frame, RuleValue } from '../../value.ts'
import {
  checkBody,
  checkListOperand,
  entriesOf,
  entryType,
  listSpec,
  nameSpec,
  readName,
  standardScope,
} from './lists.ts'

/** The operands of map, filter and the tests of entries: a list, perhaps a name, and what is done with each entry. */
export const transformSpecs = (name: string, en: string, zh: string): readonly ArgumentSpec[] => [
  listSpec,
  { ...nameSpec, optional: true } as ArgumentSpec,
  { name, title: { en, zh }, kind: 'value' },
]

/** Reads `[list, body]` as standard JSON-logic has it, or `[list, name, body]`, where the body sees all else too. */
export function parseTransform(call: ParseCall): IrNode | null {
  const { length } = call.operands
  if (length !== 2 && length !== 3) {
    reportOperandCount(call, '2–3')
    return null
  }
  const list = checkListOperand(call)
  const name = length === 2 ? '' : readName(call, 1)
  if (!list || name === null) return null
  const found = checkBody(
    call,
    [{ name, type: entryType(list) }],
    [length - 1],
    length === 2 ? standardScope : {},
  )
  return found && call.call(call.operator.name, [list, ...found.body], { binds: found.binds, body: 1 })
}

/** What the body gives for each entry, in turn. */
export function eachBody(
  call: EvaluateCall,
): (frame: Frame, visit: (entry: RuleValue, value: RuleValue) => void) => void {
  const entries = entriesOf(call)
  const body = call.arg(1)
  const { slot } = call.node.binds[0]!
  const { turn } = call
  return (frame, visit) => {
    for (const entry of entries(frame)) {
      turn?.()
      frame.locals[slot] = entry
      visit(entry, body(frame))
    }
  }
}
