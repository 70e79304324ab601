import type { Locale } from '../../text.ts'
import type { FormulaInfix, Operator } from '../operator.ts'
import { findOperator, operators } from '../operators/index.ts'

/** How tightly things bind that are no operator of their own. */
export const prefixBinding = 7
export const wholeBinding = 9
/** Comparisons: `a < b < c` is one comparison of three; unlike ones cannot follow each other. */
export const comparisonBinding = 3

/** Node types of the grammar that stand for an identifier with a meaning; a test holds them to parser.ts. */
export const wordTerm = 1
export const constantTerm = 2

const constants: Readonly<Record<string, null | boolean>> = {
  TRUE: true,
  FALSE: false,
  EMPTY: null,
  真: true,
  假: false,
  空: null,
}
const constantWords = {
  true: { en: 'TRUE', zh: '真' },
  false: { en: 'FALSE', zh: '假' },
  null: { en: 'EMPTY', zh: '空' },
}

/** Functions that write a literal rather than call an operator. */
export const literalFunctions = {
  date: { en: 'DATE', zh: '日期' },
  dec: { en: 'DEC', zh: '精确数' },
} as const
/** The entry of a list inside a list operator that names none: `{"var": ""}`. */
export const entryWord = { en: 'ENTRY', zh: '当前项' } as const

/** What people type for the signs of an operator. */
const otherSymbols: Readonly<Record<string, string>> = {
  '≥': '>=',
  '≤': '<=',
  '≠': '!=',
  '×': '*',
  '÷': '/',
  '−': '-',
}

export interface InfixUse {
  readonly operator: Operator
  /** As JSON writes it: the name, or the alias whose symbol was used. */
  readonly name: string
  readonly infix: FormulaInfix
}

/** Upper case, half width, without underscores: `Date_Add` is DATEADD. */
export function foldName(text: string): string {
  return text.normalize('NFKC').replaceAll('_', '').toUpperCase()
}

interface Spellings {
  /** Folded function name → the JSON spelling of the operator. */
  readonly functions: ReadonlyMap<string, string>
  readonly infixes: ReadonlyMap<string, InfixUse>
}

let built: Spellings | null = null

/** Worked out at first use: the list of operators is whole by then. */
function spellings(): Spellings {
  if (built) return built
  const functions = new Map<string, string>()
  const infixes = new Map<string, InfixUse>()
  for (const operator of operators) {
    for (const name of [operator.name, ...(operator.aliases ?? [])]) functions.set(foldName(name), name)
    for (const locale of ['en', 'zh'] as const) {
      const name = functionName(operator.name, locale)
      if (name !== null && !functions.has(foldName(name))) functions.set(foldName(name), operator.name)
    }
    const infix = operator.formula?.infix
    if (!infix) continue
    for (const name of [operator.name, ...(operator.aliases ?? [])])
      infixes.set(foldName(name), { operator, name, infix })
    for (const symbol of Object.values(infix.symbol))
      if (!infixes.has(foldName(symbol)))
        infixes.set(foldName(symbol), { operator, name: operator.name, infix })
  }
  built = { functions, infixes }
  return built
}

/** For the tokenizer: whether an identifier is a constant or stands between operands. */
export function readWord(text: string): number {
  const folded = foldName(text)
  if (Object.hasOwn(constants, folded)) return constantTerm
  return spellings().infixes.has(folded) ? wordTerm : -1
}

export function readConstant(text: string): null | boolean {
  return constants[foldName(text)] ?? null
}

export function writeConstant(value: null | boolean, locale: Locale): string {
  return constantWords[`${value}`][locale]
}

/** What a symbol or word between two operands calls. */
export function findInfix(text: string): InfixUse | undefined {
  const folded = foldName(text)
  return spellings().infixes.get(otherSymbols[folded] ?? otherSymbols[text] ?? folded)
}

/** The JSON spelling of the operator that a function name calls, in either language. */
export function findFunction(text: string): string | undefined {
  return spellings().functions.get(foldName(text))
}

/** What a function name looks like to the tokenizer: no spaces, no signs. */
const callable = /^[A-Za-z_\u4e00-\u9fff][A-Za-z_0-9\u4e00-\u9fff]*$/

/** How a formula of the language calls the operator by name; null where only quotes can write it. */
export function functionName(name: string, locale: Locale): string | null {
  const operator = findOperator(name)
  if (!operator) return null
  const own = name === operator.name ? operator.formula?.name?.[locale] : undefined
  const text = own ?? (locale === 'zh' && name === operator.name ? operator.title.zh : name.toUpperCase())
  return callable.test(text) ? text : callable.test(name) ? name.toUpperCase() : null
}

/** The function name as `write` may use it: one that reads back as this very spelling, else quoted. */
export function writeFunction(name: string, locale: Locale): string {
  for (const text of [functionName(name, locale), functionName(name, 'en')])
    if (text !== null && findFunction(text) === name && !isLiteralFunction(text)) return text
  return `'${name}'`
}

export function isLiteralFunction(text: string): 'date' | 'dec' | null {
  const folded = foldName(text)
  for (const [kind, words] of Object.entries(literalFunctions))
    if (folded === words.en || folded === words.zh) return kind as 'date' | 'dec'
  return null
}

/** Every function of the language, for suggestions and completion. */
export function functionNames(locale: Locale): { name: string; operator: Operator }[] {
  return operators
    .filter((operator) => operator.name !== 'var')
    .map((operator) => ({ name: writeFunction(operator.name, locale), operator }))
    .filter(({ name }) => !name.startsWith("'"))
}

/** Places of operands that may be names for what stands in a list. */
export function boundPlaces(operator: Operator | undefined): readonly number[] {
  if (!operator) return []
  if (operator.formula?.bound) return operator.formula.bound
  return operator.group === 'list' ? operator.args.flatMap((arg, i) => (arg.name === 'name' ? [i] : [])) : []
}

/** Whether a bare word at such a place is a name; elsewhere it might be a field, so names stand in quotes. */
export function takesBareNames(operator: Operator | undefined): boolean {
  return operator?.group === 'list'
}

/** The most operands an operator takes. */
export function mostOperands(operator: Operator): number {
  return operator.args.some((arg) => arg.kind === 'value' && arg.rest !== undefined)
    ? Number.POSITIVE_INFINITY
    : operator.args.length
}

/** How a use of an operator stands between its operands, as written in JSON; null where it is a function. */
export function infixOf(
  name: string,
  locale: Locale,
): (FormulaInfix & { readonly text: string; readonly most: number }) | null {
  const operator = findOperator(name)
  const infix = operator?.formula?.infix
  if (!operator || !infix) return null
  const text = name === operator.name ? infix.symbol[locale] : name
  return findInfix(text)?.name === name ? { ...infix, text, most: mostOperands(operator) } : null
}
