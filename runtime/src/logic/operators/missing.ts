import type { Json } from '../../json.ts'
import { defineOperator } from '../operator.ts'
import { literalPaths, missingNames, missingSql, namesType, pathsOf, readPaths } from './shared/missing.ts'

const pathsIn = (settings: Readonly<Record<string, Json>>) => settings.paths as readonly string[]

export const missing = defineOperator({
  name: 'missing',
  level: 'V',
  group: 'value',
  title: { en: 'missing fields', zh: '缺少的字段' },
  describe: {
    en: 'Those of the paths that have no value: {"missing": ["amount", "partner"]}.',
    zh: '所列路径中没有值的那些:{"missing": ["amount", "partner"]}。',
  },
  args: [{ name: 'paths', title: { en: 'path', zh: '路径' }, kind: 'value', rest: 0 }],
  parse: (call) => {
    const at = call.path
    const literal = literalPaths(call.operands)
    if (literal) {
      const values = readPaths(call, literal, at)
      return call.call('missing', values, { settings: { paths: [...literal] } })
    }
    // Which paths are asked for is computed: they are known all the same, as the choices of what can come out.
    const asked = call.check(
      call.operands.length === 1 ? call.operands[0]! : [...call.operands],
      call.pathOf(0),
    )
    const paths = asked && pathsOf(call, asked, call.pathOf(0))
    if (!asked || !paths) return null
    const values = readPaths(call, paths, at)
    return call.call('missing', [asked, ...values], { settings: { paths: [...paths], chosen: true } })
  },
  type: (call) => namesType(pathsIn(call.settings)),
  levelOf: (call) => (call.settings.chosen ? 'F' : 'V'),
  evaluate: (call) => {
    const { settings } = call.node
    const paths = pathsIn(settings)
    if (!settings.chosen) return missingNames(call, paths, 0)
    const asked = call.arg(0)
    const names = missingNames(call, paths, 1)
    return (frame) => {
      const value = asked(frame)
      const wanted = Array.isArray(value) ? (value as readonly unknown[]) : [value]
      const lacking = names(frame)
      return wanted.filter((name) => lacking.includes(name as string)) as string[]
    }
  },
  sql: (call) => ({ text: missingSql(call, pathsIn(call.node.settings), 0), fails: false, simple: false }),
  explain: { en: 'missing: {out}', zh: '缺少:{out}' },
})
