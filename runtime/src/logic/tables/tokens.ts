import type { Text } from '../../text.ts'

/** Why a cell cannot be read. */
export class CellProblem {
  constructor(
    readonly text: Text,
    /** A value that is none of the column's choices. */
    readonly choice: string | null = null,
  ) {}
}

export interface CellToken {
  readonly kind: 'sign' | 'value'
  readonly text: string
  /** A value written without quotes, in lower case: what may be a word of the grammar. */
  readonly word?: string
}

const signs = ['>=', '<=', '!=', '<>', '==', '..', '=', '>', '<', '|', '&', '[', ']', '(', ')'] as const
/** What people type on a Chinese keyboard. */
const wide: Readonly<Record<string, string>> = {
  '≥': '>=',
  '≤': '<=',
  '≠': '!=',
  '\uff1e': '>',
  '\uff1c': '<',
  '\uff1d': '=',
  '\uff08': '(',
  '\uff09': ')',
  '\uff5c': '|',
  '\uff06': '&',
}
/** Where a value without quotes ends. A point alone belongs to it, two do not. */
const ends = /[|&[\]()<>=!≥≤≠\uff1e\uff1c\uff1d\uff08\uff09\uff5c\uff06]|\.\./

/** Cuts a cell into signs and values. `-` alone is a blank cell; `not` at the start of a group is a sign. */
export function readTokens(text: string): CellToken[] | CellProblem {
  const trimmed = text.trim()
  if (trimmed === '' || trimmed === '-' || trimmed === '–' || trimmed === '—') return []
  const tokens: CellToken[] = []
  let at = 0
  while (at < trimmed.length) {
    const rest = trimmed.slice(at)
    const space = /^\s+/.exec(rest)
    if (space) {
      at += space[0].length
      continue
    }
    const quoted = /^"((?:[^"]|"")*)"/.exec(rest)
    if (quoted) {
      tokens.push({ kind: 'value', text: quoted[1]!.replaceAll('""', '"') })
      at += quoted[0].length
      continue
    }
    if (rest.startsWith('"')) return new CellProblem({ en: 'a quotation mark is missing', zh: '缺少引号' })
    const sign =
      signs.find((one) => rest.startsWith(one)) ?? (wide[rest[0]!] === undefined ? undefined : rest[0]!)
    if (sign) {
      const plain = wide[sign] ?? sign
      tokens.push({ kind: 'sign', text: plain === '==' ? '=' : plain === '<>' ? '!=' : plain })
      at += sign.length
      continue
    }
    const not = startsGroup(tokens) ? /^(?:not(?=[\s(])|!(?!=)|非(?=\s))/iu.exec(rest) : null
    if (not) {
      tokens.push({ kind: 'sign', text: 'not' })
      at += not[0].length
      continue
    }
    const end = ends.exec(rest)
    const value = (end ? rest.slice(0, end.index) : rest).trim()
    if (value === '')
      return new CellProblem({ en: `"${rest[0]}" is not expected here`, zh: `此处不应出现"${rest[0]}"` })
    tokens.push({ kind: 'value', text: value, word: value.toLowerCase() })
    at += end ? end.index : rest.length
  }
  return tokens
}

function startsGroup(tokens: readonly CellToken[]): boolean {
  const last = tokens.at(-1)
  return !last || (last.kind === 'sign' && last.text === '(')
}
