import { ruleLiteral, ruleOperandCount, ruleUnknownPath } from '../../errors/logic.ts'
import { suggest } from '../../fields/suggest.ts'
import type { Json } from '../../json.ts'
import type { IrNode } from '../ir.ts'
import { literalNode } from '../literal.ts'
import { defineOperator, type ParseCall } from '../operator.ts'
import { resolvePath } from '../scope.ts'

/** Reads a value by its path. A second operand is what counts when it is empty: the same as `??`. */
export const variable = defineOperator({
  name: 'var',
  level: 'C',
  group: 'value',
  title: { en: 'value of a field', zh: '字段的值' },
  describe: {
    en: 'The value of a field; dots lead through references: {"var": "partner.tier"}.',
    zh: '字段的值;用点号可穿过引用:{"var": "partner.tier"}。',
  },
  args: [
    { name: 'path', title: { en: 'path', zh: '路径' }, kind: 'value' },
    { name: 'default', title: { en: 'when empty', zh: '为空时' }, kind: 'value', optional: true },
  ],
  parse: (call) => {
    const [name, ...rest] = call.operands
    if (rest.length > 1) {
      call.report(ruleOperandCount, call.path, {
        operator: 'var',
        expected: '1–2',
        count: call.operands.length,
        usage: '{"var": ["path", when empty]}',
        usage_zh: '{"var": ["路径", 为空时的值]}',
      })
      return null
    }
    const path = pathText(name)
    if (path === null) {
      call.report(ruleLiteral, call.pathOf(0), {
        why: 'a path is written out as text, such as "amount"',
        why_zh: '路径须直接写成文本,例如 "amount"',
      })
      return null
    }
    const node = readPath(call, path)
    if (rest.length === 0) return node
    const fallback = call.check(rest[0]!, call.pathOf(1))
    return node && fallback ? call.call('??', [node, fallback]) : null
  },
  type: () => null,
  evaluate: () => () => null,
  explain: { en: '{out}', zh: '{out}' },
})

/** Standard JSON-logic also writes no path at all for the whole, and a place in a list as a number. */
function pathText(name: Json | undefined): string | null {
  if (name === undefined || name === null) return ''
  if (typeof name === 'number' && Number.isInteger(name) && name >= 0) return String(name)
  return typeof name === 'string' ? name : null
}

function readPath(call: ParseCall, name: string): IrNode | null {
  const found = resolvePath(name, call.sight)
  if ('type' in found) {
    return { kind: 'var', name, path: call.path, raw: call.raw, ...found }
  }
  const { scope, entry, alone, bound } = call.sight
  const free = !entry && !alone && !bound.some((one) => one.name === name.split('.')[0])
  if (free && scope.isAbsent?.(name)) return literalNode(null, call.raw, call.path)
  const { near, known } = suggest(found.failed, found.names)
  const prefix = found.before === '' ? '' : `${found.before}.`
  const whole = near === undefined ? null : name.replace(`${prefix}${found.failed}`, `${prefix}${near}`)
  call.report(
    ruleUnknownPath,
    call.path,
    {
      path: name.slice(0, 80),
      suggestion: whole === null ? `There is: ${known}` : `Did you mean "${whole}"?`,
      suggestion_zh: whole === null ? `可用的有:${known}` : `是否指"${whole}"?`,
    },
    whole === null
      ? {}
      : {
          fix: { title: { en: `Use "${whole}"`, zh: `改为"${whole}"` }, path: call.pathOf(0), value: whole },
        },
  )
  return null
}
