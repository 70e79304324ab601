import { defineOperator, type SqlCall, type SqlPiece } from '../operator.ts'
import { int, str } from '../rule-type.ts'
import { strict } from './shared/sql.ts'
import { aText, requireKind } from './shared/typing.ts'

/** As JSON-logic has it, but over characters (code points): a negative length counts from the end of the rest. */
function cut(text: string, start: number, length: number | null): string {
  const characters = [...text]
  const from = start < 0 ? Math.max(0, characters.length + start) : Math.min(start, characters.length)
  const rest = characters.length - from
  const taken = length === null ? rest : length < 0 ? Math.max(0, rest + length) : Math.min(length, rest)
  return characters.slice(from, from + taken).join('')
}

function substrSql(call: SqlCall): SqlPiece {
  const numbers = call.args.slice(1).map((_, i) => call.numeric(i + 1))
  const pieces = [call.args[0]!, ...numbers]
  const text = call.once(pieces, (t, start, length) => {
    const size = `char_length(${t})::numeric`
    // LEAST and GREATEST pass over NULL: what failed must not.
    const names = [t, start, length]
    const failed = pieces.flatMap((piece, i) => (piece.fails ? [`${names[i]} IS NOT NULL`] : []))
    const guard = (part: string) =>
      failed.length === 0 ? part : `(CASE WHEN ${failed.join(' AND ')} THEN ${part} END)`
    const from = `(CASE WHEN ${start} < 0 THEN GREATEST(0, ${size} + ${start}) ELSE LEAST(${start}, ${size}) END)`
    if (length === undefined) return guard(`substr(${t}, (${from} + 1)::integer)`)
    const rest = `(${size} - ${from})`
    const taken = `(CASE WHEN ${length} < 0 THEN GREATEST(0, ${rest} + ${length}) ELSE LEAST(${length}, ${rest}) END)`
    return guard(`substr(${t}, (${from} + 1)::integer, ${taken}::integer)`)
  })
  return strict(text, pieces)
}

const whole = { en: 'a whole number', zh: '整数' }

export const substr = defineOperator({
  name: 'substr',
  level: 'V',
  group: 'text',
  title: { en: 'part of text', zh: '截取文本' },
  describe: {
    en: 'Characters from a place on (0 is the first, negative counts from the end), so many of them; a negative number leaves that many off the end.',
    zh: '从某一位置起(0 为首字符,负数从末尾数起)截取若干字符;长度为负时表示末尾去掉的字符数。',
  },
  args: [
    { name: 'text', title: { en: 'text', zh: '文本' }, kind: 'value' },
    { name: 'start', title: { en: 'from', zh: '起始位置' }, kind: 'value' },
    { name: 'length', title: { en: 'how many', zh: '长度' }, kind: 'value', optional: true },
  ],
  type: (call) =>
    [
      requireKind(call, 0, ['str'], aText),
      requireKind(call, 1, [int.t], whole),
      requireKind(call, 2, [int.t], whole),
    ].every(Boolean)
      ? str
      : null,
  evaluate: (call) => {
    const [text, start] = [call.arg(0), call.arg(1)]
    const length = call.node.args.length > 2 ? call.arg(2) : null
    // No text is as long as a number past the safe ones, so what exactly it is does not matter.
    return (frame) =>
      cut(text(frame) as string, Number(start(frame)), length === null ? null : Number(length(frame)))
  },
  sql: substrSql,
  explain: { en: 'part of {0} = {out}', zh: '{0} 的一部分 = {out}' },
})
