import type { Json } from '../../../json.ts'
import { reportOperandCount } from '../../check-operands.ts'
import type { IrNode } from '../../ir.ts'
import type { ArgumentSpec, EvaluateCall, ParseCall } from '../../operator.ts'
import { digitsOf } from '../../scope.ts'
import type { Frame, RuleValue, Thunk } from '../../value.ts'
import { checkBody, checkListOperand, entriesOf, entryType, listSpec, nameSpec, readName } from './lists.ts'
import { requireTest } from './typing.ts'

/** The operands of sum, avg, min_of, max_of: a list of values, or a list, a name, perhaps a test, and a value. */
export const aggregateSpecs: readonly ArgumentSpec[] = [
  listSpec,
  { ...nameSpec, optional: true } as ArgumentSpec,
  { name: 'test', title: { en: 'condition', zh: '条件' }, kind: 'value', optional: true },
  { name: 'value', title: { en: 'value', zh: '取值' }, kind: 'value', optional: true },
]

/** Where test and value stand among the checked operands. */
export interface AggregateBody {
  readonly test: number | null
  readonly value: number | null
}

export function aggregateBody(args: readonly IrNode[]): AggregateBody {
  return args.length === 1
    ? { test: null, value: null }
    : args.length === 2
      ? { test: null, value: 1 }
      : { test: 1, value: 2 }
}

/** Reads `[list]`, `[list, name, value]`, `[list, name, test, value]`; `count` operands belong to these. */
export function parseAggregate(
  call: ParseCall,
  count: number,
  settings: Readonly<Record<string, Json>> = {},
  operator = call.operator.name,
): IrNode | null {
  if (count !== 1 && count !== 3 && count !== 4) {
    reportOperandCount(call, '1, 3–4')
    return null
  }
  const list = checkListOperand(call)
  if (count === 1) return list && call.call(operator, [list], { settings })
  const name = readName(call, 1)
  if (!list || name === null) return null
  const found = checkBody(call, [{ name, type: entryType(list) }], count === 3 ? [2] : [2, 3])
  if (found && count === 4 && !requireTest({ ...call, args: found.body }, 0)) return null
  return found && call.call(operator, [list, ...found.body], { settings, binds: found.binds, body: 1 })
}

/** `{"max": [list, "name", value]}`: the greatest over a list rather than of some numbers. */
export function isOverList(call: ParseCall): boolean {
  return typeof call.operands[1] === 'string' && call.operands.length >= 3 && call.operands.length <= 4
}

/** The value operand as a node: of the body, or the entries themselves. */
export function aggregateValue(args: readonly IrNode[]): Pick<IrNode, 'type' | 'digits' | 'path'> {
  const { value } = aggregateBody(args)
  const list = args[0]!
  return value === null
    ? { type: entryType(list), digits: digitsOf(entryType(list)), path: list.path }
    : args[value]!
}

/** Goes through the values that count, one after the other. */
export function eachValue(
  call: EvaluateCall,
): <T>(frame: Frame, start: T, step: (sofar: T, value: RuleValue) => T) => T {
  const { test, value } = aggregateBody(call.node.args)
  const entries = entriesOf(call)
  if (value === null) return (frame, start, step) => entries(frame).reduce(step, start)
  const read = call.arg(value)
  const holds: Thunk | null = test === null ? null : call.arg(test)
  const { slot } = call.node.binds[0]!
  const { turn } = call
  return (frame, start, step) => {
    let sofar = start
    const { locals } = frame
    for (const entry of entries(frame)) {
      turn?.()
      locals[slot] = entry
      if (holds === null || holds(frame) === true) sofar = step(sofar, read(frame))
    }
    return sofar
  }
}
