import { ruleRunLimit } from '../../errors/logic.ts'
import { defineOperator, type SqlCall, type SqlPiece } from '../operator.ts'
import { strict } from './shared/sql.ts'
import { aText, every, requireKind } from './shared/typing.ts'

/** Characters of a text that is compared; names are far shorter. */
const longest = 1000

/** How often each pair of neighbouring characters stands in the text. */
function pairsOf(characters: readonly string[]): Map<string, number> {
  const pairs = new Map<string, number>()
  for (let i = 1; i < characters.length; i++) {
    const pair = `${characters[i - 1]}${characters[i]}`
    pairs.set(pair, (pairs.get(pair) ?? 0) + 1)
  }
  return pairs
}

/**
 * The Sørensen–Dice coefficient of the pairs of neighbouring characters (code points, counted as often as they
 * stand): twice what both have over what they have together, in ten-thousandths, halves up. Equal texts are 1; a text
 * of less than two characters is like no other.
 */
export function similarityOf(a: string, b: string): number {
  if (a === b) return 10_000
  const [x, y] = [[...a], [...b]]
  if (x.length < 2 || y.length < 2) return 0
  const [left, right] = [pairsOf(x), pairsOf(y)]
  let common = 0
  for (const [pair, count] of left) common += Math.min(count, right.get(pair) ?? 0)
  const all = x.length + y.length - 2
  return Math.floor((40_000 * common + all) / (2 * all))
}

function similaritySql(call: SqlCall): SqlPiece {
  const text = call.once([call.args[0]!, call.args[1]!], (a, b) => {
    const fits = `char_length(${a}) <= ${longest} AND char_length(${b}) <= ${longest}`
    return `(CASE WHEN ${fits} THEN ${call.platform('cw_similarity')}(${a}, ${b}) END)`
  })
  return strict(text, call.args, true)
}

export const similarity = defineOperator({
  name: 'similarity',
  level: 'V',
  group: 'text',
  title: { en: 'similarity', zh: '相似度' },
  describe: {
    en: 'How alike two texts are, from 0 to 1: the share of pairs of neighbouring characters that both have (Sørensen–Dice).',
    zh: '两段文本的相似程度,0 到 1:相邻字符对的重合比例(Sørensen–Dice 系数)。',
  },
  args: [
    { name: 'a', title: { en: 'text', zh: '文本' }, kind: 'value' },
    { name: 'b', title: { en: 'other text', zh: '另一文本' }, kind: 'value' },
  ],
  type: (call) =>
    every(call, (i) => requireKind(call, i, ['str'], aText))
      ? { t: 'dec', nullable: false, scale: 4, min: '0', max: '1' }
      : null,
  digits: () => 1,
  evaluate: (call) => {
    const [first, second] = [call.arg(0), call.arg(1)]
    return (frame) => {
      const [a, b] = [first(frame) as string, second(frame) as string]
      // The cheap test first: code points are never more than units.
      if (
        (a.length > longest && [...a].length > longest) ||
        (b.length > longest && [...b].length > longest)
      ) {
        call.fail(ruleRunLimit, { what: 'a text to compare', what_zh: '所比较文本的长度', limit: longest })
      }
      return similarityOf(a, b)
    }
  },
  sql: similaritySql,
  explain: { en: '{0} and {1} are alike by {out}', zh: '{0} 与 {1} 的相似度为 {out}' },
})
