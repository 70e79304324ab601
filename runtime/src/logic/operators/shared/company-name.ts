import { companyWords } from './company-words.ts'

/** Letters and digits of any script; all else is what people write differently. */
const other = /[^\p{L}\p{N}]+/gu
const brackets = /[([【〔〈《「]([^()[\]【】〔〕〈〉《》「」]*)[)\]】〕〉》」]/gu

const places = new Set(companyWords.places.map((word) => word.toLowerCase()))
const leadingPlaces = [...places]
  .filter((word) => /\p{Script=Han}/u.test(word))
  .sort((a, b) => b.length - a.length)
const hanForms = companyWords.forms
  .filter((word) => /\p{Script=Han}/u.test(word))
  .sort((a, b) => b.length - a.length)
const latinForms = new Set(
  companyWords.forms
    .filter((word) => !/\p{Script=Han}/u.test(word))
    .map((word) => word.toLowerCase().replace(other, '')),
)

/**
 * The name without what people write differently: full and half width (NFKC), case, punctuation and spaces, place
 * words in brackets or in front, legal-form words at the end. A name that consists of such words alone is kept, so
 * that two of them never meet in an empty key.
 */
export function normaliseCompanyName(name: string): string {
  const text = name.normalize('NFKC').toLowerCase().replaceAll('&', ' and ')
  const open = text.replace(brackets, (_, inner: string) => (isPlace(inner) ? ' ' : ` ${inner} `))
  const words = open
    .split(/[^\p{L}\p{N}.]+/u)
    .map((word) => word.replace(other, ''))
    .filter((word) => word !== '')
  const kept = dropLatinForms(words)
  const joined = dropHanWords(kept.join(''))
  return joined === '' ? text.replace(other, '') : joined
}

function isPlace(text: string): boolean {
  const word = text.replace(other, '')
  return places.has(word) || places.has(word.replace(/[省市区县]$/u, ''))
}

/** "Acme Trading Co., Ltd." → "Acme Trading": from the end, as many as stand there, but never the whole name. */
function dropLatinForms(words: readonly string[]): readonly string[] {
  let end = words.length
  // The "&" of "GmbH & Co. KG" goes with the forms around it.
  const isForm = (word: string) => latinForms.has(word) || (word === 'and' && end < words.length)
  while (end > 1 && isForm(words[end - 1]!)) end -= 1
  const start = end > 1 && places.has(words[0]!) && !/\p{Script=Han}/u.test(words[0]!) ? 1 : 0
  return words.slice(start, end)
}

/** Chinese writes no spaces: legal forms are cut from the end, one place word from the front. */
function dropHanWords(text: string): string {
  if (hanForms.includes(text)) return text
  let rest = text
  for (let form = formAtEnd(rest); form !== undefined; form = formAtEnd(rest))
    rest = rest.slice(0, -form.length)
  const place = leadingPlaces.find((word) => rest.startsWith(word))
  if (place === undefined) return rest
  const behind = rest.slice(place.length).replace(/^[省市区县]/u, '')
  // One character left of a name is its heart, not the place before it.
  return [...behind].length > 1 ? behind : rest
}

function formAtEnd(text: string): string | undefined {
  return hanForms.find((form) => text.endsWith(form) && text.length > form.length)
}
