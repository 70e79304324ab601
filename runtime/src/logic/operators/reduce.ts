import { ruleBranches, ruleScale } from '../../errors/logic.ts'
import { reportOperandCount } from '../check-operands.ts'
import type { BoundName, IrNode } from '../ir.ts'
import { defineOperator, type NewName, type ParseCall } from '../operator.ts'
import { commonType, describeType, nothing, scaleOf } from '../rule-type.ts'
import type { RuleType } from '../types.ts'
import type { RuleValue } from '../value.ts'
import {
  checkBody,
  checkListOperand,
  entriesOf,
  entryType,
  listSpec,
  nameSpec,
  readName,
} from './shared/lists.ts'

/** Rounds in which the type of what is gathered may still widen: more mean that it grows with every entry. */
const rounds = 4

interface Gathered {
  readonly binds: readonly BoundName[]
  readonly body: IrNode
  readonly type: RuleType
}

/**
 * The type of the accumulator is the least one that holds the initial value and what the body makes of it: found by
 * checking the body with a type until it gives that type back.
 */
function gather(
  call: ParseCall,
  names: readonly [string, string],
  list: IrNode,
  initial: IrNode,
  at: number,
): Gathered | null {
  const alone = call.operands.length === 3
  const bind = (type: RuleType): readonly NewName[] => [
    { name: names[0], type: entryType(list) },
    { name: names[1], type, digits: 20 },
  ]
  let type = unlimited(initial.type)
  for (let round = 0; round < rounds; round++) {
    let wider: RuleType | null = type
    const found = call.attempt((): Gathered | null => {
      const checked = checkBody(call, bind(type), [at], { alone })
      if (!checked) return null
      const body = checked.body[0]!
      wider = commonType(type, unlimited(body.type))
      return wider && isSameType(wider, type) ? { binds: checked.binds, body, type } : null
    })
    if (found) return found
    if (wider === type) {
      // The body itself does not hold: said by checking it once more.
      checkBody(call, bind(type), [at], { alone })
      return null
    }
    if (!wider) {
      const body = call.attempt(() => checkBody(call, bind(type), [at], { alone }))?.body[0]
      const [found, expected] = [describeType(body?.type ?? nothing), describeType(type)]
      call.report(ruleBranches, call.pathOf(at), {
        found: found.en,
        found_zh: found.zh,
        expected: expected.en,
        expected_zh: expected.zh,
      })
      return null
    }
    type = wider
  }
  const places = scaleOf(initial.type)
  call.report(
    ruleScale,
    call.pathOf(at),
    { found: scaleOf(type), expected: places },
    {
      fix: {
        title: {
          en: `Round each step to ${Math.max(2, places)} places`,
          zh: `每一步四舍五入到 ${Math.max(2, places)} 位小数`,
        },
        path: call.pathOf(at),
        value: { round: [call.operands[at]!, Math.max(2, places), 'half_up'] },
      },
    },
  )
  return null
}

/** Without the limits of one literal or field: what is gathered goes beyond them. */
function unlimited(type: RuleType): RuleType {
  if (type.t === 'int') return { t: 'int', nullable: type.nullable }
  if (type.t === 'dec') return { t: 'dec', nullable: type.nullable, scale: type.scale }
  if (type.t === 'str') return { t: 'str', nullable: type.nullable }
  return type.t === 'list' ? { ...type, of: unlimited(type.of) } : type
}

function isSameType(a: RuleType, b: RuleType): boolean {
  if (a.t !== b.t || a.nullable !== b.nullable || scaleOf(a) !== scaleOf(b)) return false
  return a.t !== 'list' || b.t !== 'list' || isSameType(a.of, b.of)
}

export const reduce = defineOperator({
  name: 'reduce',
  level: 'F',
  group: 'list',
  title: { en: 'gather', zh: '归并' },
  describe: {
    en: 'Carries a value from entry to entry: {"reduce": [lines, "line", "total", {"+": [total, line.qty]}, 0]}; without names the entry is "current" and the value "accumulator".',
    zh: '逐条累积一个值:{"reduce": [明细, "line", "total", {"+": [total, line.qty]}, 0]};不写名称时,条目为 "current",累积值为 "accumulator"。',
  },
  args: [
    listSpec,
    { ...nameSpec, optional: true } as typeof nameSpec,
    {
      name: 'sofar',
      title: { en: 'name of the value so far', zh: '累积值名称' },
      kind: 'value',
      optional: true,
    },
    { name: 'step', title: { en: 'next value', zh: '下一个值' }, kind: 'value' },
    { name: 'initial', title: { en: 'first value', zh: '初始值' }, kind: 'value' },
  ],
  parse: (call) => {
    const { length } = call.operands
    if (length !== 3 && length !== 5) {
      reportOperandCount(call, '3, 5')
      return null
    }
    const list = checkListOperand(call)
    const initial = call.check(call.operands[length - 1]!, call.pathOf(length - 1))
    const entry = length === 3 ? 'current' : readName(call, 1)
    const sofar = length === 3 ? 'accumulator' : readName(call, 2)
    if (!list || !initial || entry === null || sofar === null) return null
    const found = gather(call, [entry, sofar], list, initial, length - 2)
    return found && call.call('reduce', [list, initial, found.body], { binds: found.binds, body: 2 })
  },
  type: (call) => call.binds[1]!.type,
  digits: () => 20,
  evaluate: (call) => {
    const { type } = call.node
    const entries = entriesOf(call)
    const initial = call.as(1, type)
    const step = call.as(2, type)
    const [entry, sofar] = call.node.binds.map((bind) => bind.slot) as [number, number]
    const { turn } = call
    return (frame) => {
      const list = entries(frame)
      let value: RuleValue = initial(frame)
      const { locals } = frame
      for (let i = 0; i < list.length; i++) {
        turn?.()
        locals[entry] = list[i]!
        locals[sofar] = value
        value = step(frame)
      }
      return value
    }
  },
  explain: { en: 'gathered over {n} entries = {out}', zh: '归并 {n} 条 = {out}' },
})
