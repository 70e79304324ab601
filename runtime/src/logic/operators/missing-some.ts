import type { Json } from '../../json.ts'
import { reportOperandCount } from '../check-operands.ts'
import { defineOperator } from '../operator.ts'
import { literalPaths, missingNames, missingSql, namesType, readPaths } from './shared/missing.ts'
import { requireKind } from './shared/typing.ts'

const pathsIn = (settings: Readonly<Record<string, Json>>) => settings.paths as readonly string[]

export const missingSome = defineOperator({
  name: 'missing_some',
  level: 'V',
  group: 'value',
  title: { en: 'missing of some fields', zh: '若干字段中缺少的' },
  describe: {
    en: 'Nothing when at least so many of the paths have a value, else those that have none: {"missing_some": [1, ["phone", "email"]]}.',
    zh: '所列路径中至少有若干个有值时为空列表,否则为没有值的那些:{"missing_some": [1, ["phone", "email"]]}。',
  },
  args: [
    { name: 'least', title: { en: 'at least', zh: '至少' }, kind: 'value' },
    { name: 'paths', title: { en: 'paths', zh: '路径' }, kind: 'value' },
  ],
  parse: (call) => {
    const [least, paths] = call.operands
    const literal = Array.isArray(paths) ? literalPaths([paths]) : null
    if (call.operands.length !== 2 || !literal) {
      reportOperandCount(call, '2')
      return null
    }
    const need = call.check(least!, call.pathOf(0))
    const values = readPaths(call, literal, call.pathOf(1))
    return need && call.call('missing_some', [need, ...values], { settings: { paths: [...literal] } })
  },
  type: (call) =>
    requireKind(call, 0, ['int'], { en: 'a whole number', zh: '整数' })
      ? namesType(pathsIn(call.settings))
      : null,
  evaluate: (call) => {
    const paths = pathsIn(call.node.settings)
    const least = call.arg(0)
    const names = missingNames(call, paths, 1)
    return (frame) => {
      const need = least(frame) as number | bigint
      const lacking = names(frame)
      return paths.length - lacking.length >= need ? [] : lacking
    }
  },
  sql: (call) => {
    const paths = pathsIn(call.node.settings)
    const lacking = { text: missingSql(call, paths, 1), fails: false, simple: false }
    const need = call.numeric(0)
    const text = call.once([need, lacking], (n, m) => {
      const enough = `${paths.length} - cardinality(${m}) >= ${n}`
      const chosen = `WHEN ${enough} THEN '{}'::text[]`
      return need.fails
        ? `(CASE WHEN ${n} IS NULL THEN NULL ${chosen} ELSE ${m} END)`
        : `(CASE ${chosen} ELSE ${m} END)`
    })
    return { text, fails: need.fails, simple: false }
  },
  explain: { en: 'missing: {out}', zh: '缺少:{out}' },
})
