import { separators, wordEnds } from '../../names/separators.ts'
import { simplifyLetters } from '../../names/simplify.ts'
import { companyWords } from './company-words.ts'
import { toLower } from './text.ts'

/** Characters of a name that count; nobody's name is longer. */
export const longestName = 200

const isHan = (word: string) => /\p{Script=Han}/u.test(word)
/** Longest first, so that a form is taken whole. */
const byLength = (a: string, b: string) => b.length - a.length
const fold = (word: string) => simplifyLetters(toLower(word.normalize('NFKC')))
const squeeze = (word: string) => word.replace(separators, '')
const unique = (words: readonly string[]) => [...new Set(words)]

/** The words as a folded name holds them; the function in Postgres is written from these lists. */
export const companyLists = {
  /** Legal forms that a name without spaces ends with. */
  hanForms: unique(companyWords.forms.filter(isHan).map(fold)).sort(byLength),
  /** Legal forms that are words of their own. */
  latinForms: unique(companyWords.forms.filter((word) => !isHan(word)).map((word) => squeeze(fold(word)))),
  /** Places, as one word. */
  places: unique(companyWords.places.map((word) => squeeze(fold(word)))).sort(byLength),
  hanPlaces: unique(companyWords.places.filter(isHan).map(fold)).sort(byLength),
  /** What may follow the name of a place. */
  divisions: ['特别行政区', '自治区', '自治州', '省', '市', '区', '县'],
} as const

const { hanForms, hanPlaces, divisions } = companyLists
const latinForms: ReadonlySet<string> = new Set(companyLists.latinForms)
const places: ReadonlySet<string> = new Set(companyLists.places)
/** A district behind its city: 朝阳区, 余杭区. */
const district = /^[^区县]{2,3}[区县](.{2,})$/u
const brackets = /[([{【〔〈《「『]([^()[\]{}【】〔〕〈〉《》「」『』]*)[)\]}】〕〉》」』]/gu

/**
 * The name without what people write differently: full and half width (NFKC), traditional and simplified characters,
 * case, punctuation and spaces, place words in brackets or in front, legal-form words at the end. A name that consists
 * of such words alone is kept, so that two of them never meet in an empty key. `company_key` in Postgres does the same,
 * step by step.
 */
export function normaliseCompanyName(name: string): string {
  const text = fold([...name.normalize('NFKC')].slice(0, longestName).join('')).replaceAll('&', ' and ')
  const open = text.replace(brackets, (_, inner: string) => (isPlace(inner) ? ' ' : ` ${inner} `))
  const words = open
    .split(wordEnds)
    .map(squeeze)
    .filter((word) => word !== '')
  const joined = dropHanWords(dropLatinForms(words).join(''))
  return joined || squeeze(text) || text
}

function isPlace(text: string): boolean {
  const word = squeeze(text)
  return places.has(word) || places.has(dropDivision(word))
}

/** `广东省` → `广东`. */
function dropDivision(word: string): string {
  const division = divisions.find((end) => word.endsWith(end))
  return division === undefined ? word : word.slice(0, -division.length)
}

/** "Acme Trading Co., Ltd." → "Acme Trading": from the end, as many as stand there, but never the whole name. */
function dropLatinForms(words: readonly string[]): readonly string[] {
  let end = words.length
  // The "&" of "GmbH & Co. KG" goes with the forms around it.
  const isForm = (word: string) => latinForms.has(word) || (word === 'and' && end < words.length)
  while (end > 1 && isForm(words[end - 1]!)) end -= 1
  const start = end > 1 && places.has(words[0]!) && !isHan(words[0]!) ? 1 : 0
  return words.slice(start, end)
}

/** Chinese writes no spaces: legal forms are cut from the end, place words from the front (`广东省深圳市…`). */
function dropHanWords(text: string): string {
  if (hanForms.includes(text)) return text
  let rest = text
  for (let form = formAtEnd(rest); form !== undefined; form = formAtEnd(rest))
    rest = rest.slice(0, -form.length)
  for (;;) {
    const place = hanPlaces.find((word) => rest.startsWith(word))
    if (place === undefined) return rest
    const after = rest.slice(place.length)
    const division = divisions.find((word) => after.startsWith(word))
    const next = division === undefined ? after : after.slice(division.length)
    const behind = division === '市' ? next.replace(district, '$1') : next
    // One character left of a name is its heart, not the place before it.
    if ([...behind].length < 2) return rest
    rest = behind
  }
}

function formAtEnd(text: string): string | undefined {
  return hanForms.find((form) => text.endsWith(form) && text.length > form.length)
}
