import type { IrNode } from '../ir.ts'
import { type CheckCall, defineOperator, type SqlCall, type SqlPiece } from '../operator.ts'
import { isNumeric, nothing } from '../rule-type.ts'
import type { Thunk } from '../value.ts'
import { okOf } from './shared/sql.ts'
import { requireTest, unify } from './shared/typing.ts'

/** Tests stand at even places, each followed by its value; a single one left over is the value when none holds. */
function layout(count: number): { tests: number[]; values: number[]; otherwise: number | null } {
  const pairs = Math.floor(count / 2)
  return {
    tests: Array.from({ length: pairs }, (_, i) => i * 2),
    values: Array.from({ length: pairs }, (_, i) => i * 2 + 1),
    otherwise: count % 2 === 1 ? count - 1 : null,
  }
}

function checkIf(call: CheckCall) {
  const { tests, values, otherwise } = layout(call.args.length)
  // Standard JSON-logic: a value alone is that value.
  if (tests.length === 0) return call.args[0]!.type
  const sound = tests.map((i) => requireTest(call, i)).every(Boolean)
  if (otherwise === null) call.args.push(emptyBranch(call))
  const type = unify(call, [...values, otherwise ?? call.args.length - 1])
  return sound ? type : null
}

/** What an `if` without a last value gives when no test holds. */
function emptyBranch(call: CheckCall): IrNode {
  return { kind: 'literal', type: nothing, value: null, path: call.path, raw: null, digits: 0 }
}

function ifSql(call: SqlCall): SqlPiece {
  if (call.args.length === 1) return call.args[0]!
  const { tests, otherwise } = layout(call.args.length)
  const numeric = isNumeric(call.node.type)
  const branch = (i: number) => (numeric ? call.numeric(i) : call.args[i]!)
  const last = otherwise ?? call.args.length - 1
  const plain = tests.every((i) => !call.args[i]!.fails)
  const text = plain
    ? `(CASE ${tests.map((i) => `WHEN ${call.args[i]!.text} THEN ${branch(i + 1).text}`).join(' ')} ELSE ${branch(last).text} END)`
    : tests.reduceRight(
        (rest, i) =>
          `(CASE ${call.args[i]!.text} WHEN TRUE THEN ${branch(i + 1).text} WHEN FALSE THEN ${rest} END)`,
        branch(last).text,
      )
  const fails = call.args.some((piece) => piece.fails)
  if (!fails || !call.node.type.nullable) return { text, fails, simple: false }
  const okBranch = (i: number) => okOf(call.args[i]!, call.node.args[i]!.type.nullable)
  const ok = tests.reduceRight(
    (rest, i) =>
      `(CASE ${call.args[i]!.text} WHEN TRUE THEN ${okBranch(i + 1)} WHEN FALSE THEN ${rest} ELSE FALSE END)`,
    okBranch(last),
  )
  return { text, fails, ok, simple: false }
}

export const when = defineOperator({
  name: 'if',
  aliases: ['?:'],
  level: 'V',
  group: 'logic',
  title: { en: 'if', zh: '如果' },
  describe: {
    en: 'The value of the first test that holds, else the last value. Only that value is computed.',
    zh: '取第一个成立的条件所对应的值,否则取最后一个值;只计算被选中的值。',
  },
  formula: { name: { en: 'IF', zh: '如果' } },
  args: [{ name: 'cases', title: { en: 'test, value', zh: '条件, 值' }, kind: 'value', rest: 1 }],
  lazy: true,
  listed: true,
  skipped: { en: 'its test does not hold, or an earlier one does', zh: '其条件不成立,或前面的条件已成立' },
  type: checkIf,
  digits: (args) => {
    const { values, otherwise } = layout(args.length)
    return Math.max(0, ...[...values, ...(otherwise === null ? [] : [otherwise])].map((i) => args[i]!.digits))
  },
  evaluate: (call) => {
    const { type } = call.node
    const { tests, otherwise } = layout(call.node.args.length)
    const last = call.as(otherwise ?? call.node.args.length - 1, type)
    return tests.reduceRight<Thunk>((rest, i) => {
      const [test, value] = [call.arg(i), call.as(i + 1, type)]
      return (frame) => (test(frame) === true ? value(frame) : rest(frame))
    }, last)
  },
  sql: ifSql,
  explain: { en: 'by the test: {out}', zh: '按条件取值:{out}' },
})
