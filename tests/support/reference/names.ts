import {
  simplifiedLetters,
  traditionalLetters,
} from '@channelwright/runtime/logic/names/simplified-letters.ts'
import { companyWords } from '@channelwright/runtime/logic/operators/shared/company-words.ts'
import { type Compute, fail, quotient, type Run, type Value, whole } from './values.ts'

// Company names and likeness, from the published lists of words and letters.

/** Letters of the ranges in which every Unicode agrees, one to one. */
export function changeCase(value: string, upper: boolean): string {
  const ranges = [
    [0x41, 0x7a],
    [0xc0, 0x17f],
    [0x370, 0x3ff],
    [0x400, 0x52f],
    [0xff21, 0xff5a],
  ] as const
  const inside = (c: string) =>
    ranges.some(([from, to]) => c.codePointAt(0)! >= from && c.codePointAt(0)! <= to)
  return [...value]
    .map((c) => {
      const other = upper ? c.toUpperCase() : c.toLowerCase()
      const back = upper ? other.toLowerCase() : other.toUpperCase()
      const big = upper ? other : c
      return inside(c) && inside(big) && other.length === 1 && back === c ? other : c
    })
    .join('')
}

/** Spaces, punctuation, symbols, private use: what carries nothing in a name. */
const silent =
  '1-2f 3a-40 5b-60 7b-a9 ab-b4 b6-b9 bb-bf d7-d7 f7-f7 300-36f 2000-2070 2074-207e 20a0-20cf 2190-2bff 2e00-2e2e ' +
  '2e30-2e7f 3000-3004 3008-3020 3030-3030 303d-303f 30a0-30a0 30fb-30fb e000-f8ff fe00-fe6f ff00-ff0f ff1a-ff20 ' +
  'ff3b-ff40 ff5b-ff65 ffe0-fffd 1f000-1faff'
const silentRanges = silent.split(' ').map((range) => range.split('-').map((hex) => Number.parseInt(hex, 16)))
const isSilent = (c: string) =>
  silentRanges.some(([from, to]) => c.codePointAt(0)! >= from! && c.codePointAt(0)! <= to!)
const squeeze = (text: string) => [...text].filter((c) => !isSilent(c)).join('')

const simple = new Map([...traditionalLetters].map((letter, i) => [letter, [...simplifiedLetters][i]!]))
const fold = (text: string) =>
  [...changeCase(text.normalize('NFKC'), false)].map((c) => simple.get(c) ?? c).join('')

const isHan = (word: string) => /\p{Script=Han}/u.test(word)
const forms = companyWords.forms.map((word) => ({
  word: isHan(word) ? fold(word) : squeeze(fold(word)),
  han: isHan(word),
}))
const places = companyWords.places.map((word) => ({ word: squeeze(fold(word)), han: isHan(word) }))
const hanForms = forms.filter(({ han }) => han).map(({ word }) => word)
const divisions = ['特别行政区', '自治区', '自治州', '省', '市', '区', '县']
const opening = '([{【〔〈《「『'
const closing = ')]}】〕〉》」』'

const longestOf = (words: readonly string[]) =>
  words.reduce<string | null>(
    (best, word) => (best === null || word.length > best.length ? word : best),
    null,
  )
const isPlace = (text: string) => {
  const word = squeeze(text)
  const division = divisions.find((end) => word.endsWith(end))
  const bare = division === undefined ? word : word.slice(0, word.length - division.length)
  return places.some((place) => place.word === word || place.word === bare)
}

/** Each pair of brackets with none inside: a place goes, all else stays as words of its own. */
function openBrackets(text: string): string {
  const out: string[] = []
  /** What has been opened already is not opened again. */
  let done = 0
  for (const c of text) {
    if (!closing.includes(c)) {
      out.push(c)
      continue
    }
    let start = out.length - 1
    while (start >= done && !opening.includes(out[start]!) && !closing.includes(out[start]!)) start -= 1
    if (start < done || !opening.includes(out[start]!)) {
      out.push(c)
      continue
    }
    const inner = out.splice(start).slice(1).join('')
    out.push(isPlace(inner) ? ' ' : ` ${inner} `)
    done = out.length
  }
  return out.join('')
}

/** Words end at what carries nothing, but for a dot. */
function wordsOf(text: string): string[] {
  const spaced = [...text].map((c) => (isSilent(c) && c !== '.' ? ' ' : c)).join('')
  return spaced
    .split(' ')
    .map(squeeze)
    .filter((word) => word !== '')
}

function dropForms(words: readonly string[]): readonly string[] {
  const latin = (word: string) => forms.some((form) => !form.han && form.word === word)
  const kept = [...words]
  while (kept.length > 1 && (latin(kept.at(-1)!) || (kept.at(-1) === 'and' && kept.length < words.length)))
    kept.pop()
  if (kept.length > 1 && places.some(({ word }) => word === kept[0]) && !isHan(kept[0]!)) kept.shift()
  return kept
}

function dropHan(text: string): string {
  let rest = text
  if (hanForms.includes(rest)) return rest
  for (;;) {
    const form = longestOf(hanForms.filter((word) => rest.endsWith(word) && rest !== word))
    if (form === null) break
    rest = rest.slice(0, rest.length - form.length)
  }
  for (;;) {
    const place = longestOf(
      places.filter(({ word, han }) => han && rest.startsWith(word)).map(({ word }) => word),
    )
    if (place === null) return rest
    let behind = rest.slice(place.length)
    const division = divisions.find((word) => behind.startsWith(word))
    behind = behind.slice(division?.length ?? 0)
    if (division === '市') {
      // A district behind its city, of two or three characters.
      const all = [...behind]
      const end = all.findIndex((c) => c === '区' || c === '县')
      if ((end === 2 || end === 3) && all.length > end + 2) behind = all.slice(end + 1).join('')
    }
    if ([...behind].length < 2) return rest
    rest = behind
  }
}

function companyKey(name: string): string {
  const text = fold([...name.normalize('NFKC')].slice(0, 200).join('')).replaceAll('&', ' and ')
  return dropHan(dropForms(wordsOf(openBrackets(text))).join('')) || squeeze(text) || text
}

/** Twice the pairs of neighbours that both have over all pairs of both, in ten-thousandths. */
function similarity(a: string, b: string): Value {
  const [x, y] = [[...a], [...b]]
  if (x.length > 1000 || y.length > 1000) return fail('too long to compare')
  if (a === b) return whole(1)
  if (x.length < 2 || y.length < 2) return whole(0)
  const pairs = (all: readonly string[]) => all.slice(1).map((c, i) => all[i]! + c)
  const others = pairs(y)
  let common = 0
  for (const pair of pairs(x)) {
    const at = others.indexOf(pair)
    if (at < 0) continue
    common += 1
    others.splice(at, 1)
  }
  return quotient(whole(2 * common), whole(x.length + y.length - 2), 4, 'half_up')
}

export function nameOperators(run: Run): Readonly<Record<string, Compute>> {
  return {
    company_key: ([name], sight) => {
      const text = run(name!, sight)
      return text === null ? null : companyKey(text as string)
    },
    similarity: ([a, b], sight) => similarity(run(a!, sight) as string, run(b!, sight) as string),
  }
}
