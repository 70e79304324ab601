import { reportOperandCount } from '../check-operands.ts'
import { defineOperator } from '../operator.ts'
import { describeType, withNullable } from '../rule-type.ts'
import type { RuleType } from '../types.ts'
import type { RuleValue, Thunk } from '../value.ts'
import {
  checkBody,
  checkListOperand,
  entriesOf,
  entryType,
  listSpec,
  nameSpec,
  readName,
} from './shared/lists.ts'
import { compareCharacters } from './shared/text.ts'
import { reportNullableValue, reportType } from './shared/typing.ts'

const directions = ['asc', 'desc'] as const
const sortable: readonly RuleType['t'][] = ['int', 'dec', 'str', 'date', 'instant']

/** Numbers by value, texts by code points, dates and moments by time. */
function compare(a: RuleValue, b: RuleValue): number {
  if (typeof a === 'string' && typeof b === 'string') return compareCharacters(a, b)
  const [x, y] = [a as number | bigint, b as number | bigint]
  return x < y ? -1 : x > y ? 1 : 0
}

export const sort = defineOperator({
  name: 'sort',
  level: 'F',
  group: 'list',
  title: { en: 'in order', zh: '排序' },
  describe: {
    en: 'The list in order of a value, "asc" or "desc"; equal ones keep their order: {"sort": [lines, "line", line.price, "desc"]}.',
    zh: '按取值升序("asc")或降序("desc")排列,相同者保持原有次序:{"sort": [明细, "line", line.price, "desc"]}。',
  },
  args: [
    listSpec,
    { ...nameSpec, optional: true } as typeof nameSpec,
    { name: 'key', title: { en: 'by', zh: '依据' }, kind: 'value', optional: true },
    {
      name: 'direction',
      title: { en: 'direction', zh: '方向' },
      kind: 'word',
      words: directions,
      default: 'asc',
    },
  ],
  parse: (call) => {
    const last = call.operands.at(-1)
    const written = call.operands.length > 1 && (directions as readonly unknown[]).includes(last)
    const count = call.operands.length - (written ? 1 : 0)
    if (count !== 1 && count !== 3) {
      reportOperandCount(call, '1–4')
      return null
    }
    const settings = { direction: written ? last! : 'asc' }
    const list = checkListOperand(call)
    if (count === 1) return list && call.call('sort', [list], { settings })
    const name = readName(call, 1)
    const found = list && name !== null && checkBody(call, [{ name, type: entryType(list) }], [2])
    return found ? call.call('sort', [list, ...found.body], { settings, binds: found.binds, body: 1 }) : null
  },
  type: (call) => {
    const list = call.args[0]!
    const key = call.args[1] ?? null
    const type = key?.type ?? entryType(list)
    if (type.t === 'null' && !key) return { t: 'list', nullable: false, of: type }
    if (!sortable.includes(type.t)) {
      reportType(call, key ?? list, { en: 'numbers, texts, dates or moments', zh: '数字、文本、日期或时刻' })
      return null
    }
    if (type.nullable) return reportNullableValue(call, key, describeType(type))
    return withNullable(list.type, false)
  },
  evaluate: (call) => {
    const entries = entriesOf(call)
    const sign = call.node.settings.direction === 'desc' ? -1 : 1
    if (call.node.args.length === 1) {
      return (frame) => [...entries(frame)].sort((a, b) => sign * compare(a, b))
    }
    const key: Thunk = call.arg(1)
    const { slot } = call.node.binds[0]!
    const { turn } = call
    return (frame) => {
      const keyed = entries(frame).map((entry) => {
        turn?.()
        frame.locals[slot] = entry
        return { entry, key: key(frame) }
      })
      return keyed.sort((a, b) => sign * compare(a.key, b.key)).map(({ entry }) => entry)
    }
  },
  explain: { en: '{n} entries in order: {out}', zh: '{n} 条排序后:{out}' },
})
