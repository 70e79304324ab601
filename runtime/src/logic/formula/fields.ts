import type { Locale, Text } from '../../text.ts'
import type { RuleScope, RuleType } from '../types.ts'

/** One field as a formula may name it. */
export interface FormulaField {
  readonly key: string
  readonly title?: Text
  readonly type?: RuleType
}

/** What a formula can name. */
export interface FormulaFields {
  /**
   * The fields that may follow a dotted path of keys; those that a path begins with for ''. Undefined where nothing
   * is known: any name is then taken as it stands.
   */
  below(path: string): readonly FormulaField[] | undefined
}

/** Title of the field that a dotted path of keys leads to: `partner.tier`, `lines.qty`. */
export type TitleOf = (path: string) => Text | undefined

const periodParts: readonly FormulaField[] = [
  { key: 'from', title: { en: 'from', zh: '开始' } },
  { key: 'to', title: { en: 'to', zh: '结束' } },
]

/** The fields of a scope, with their titles. Lists lead to the fields of their entries. */
export function formulaFields(scope: RuleScope, titleOf: TitleOf = () => undefined): FormulaFields {
  const known = new Map<string, readonly FormulaField[] | undefined>()
  const list = (path: string, fields: ReadonlyMap<string, RuleType> | undefined) =>
    fields &&
    [...fields].map(([key, type]): FormulaField => {
      const title = titleOf(path === '' ? key : `${path}.${key}`)
      return title ? { key, title, type } : { key, type }
    })
  const find = (path: string): readonly FormulaField[] | undefined => {
    if (path === '') return list('', scope.root)
    const type = typeAt(scope, path)
    const entry = type?.t === 'list' ? type.of : type
    if (entry?.t === 'period') return periodParts
    return list(
      path,
      entry?.t === 'obj' ? entry.fields : entry?.t === 'ref' ? scope.object(entry.object) : undefined,
    )
  }
  return {
    below: (path) => {
      if (!known.has(path)) known.set(path, find(path))
      return known.get(path)
    },
  }
}

function typeAt(scope: RuleScope, path: string): RuleType | undefined {
  let fields: ReadonlyMap<string, RuleType> | undefined = scope.root
  let type: RuleType | undefined
  for (const segment of path.split('.')) {
    type = fields?.get(segment)
    const entry: RuleType | undefined = type?.t === 'list' ? type.of : type
    fields = entry?.t === 'obj' ? entry.fields : entry?.t === 'ref' ? scope.object(entry.object) : undefined
  }
  return type
}

/** Nothing is known of the fields: names are keys, as they stand. */
export const anyFields: FormulaFields = { below: () => undefined }

/** Where a name is read: what is bound around it, and what paths begin at otherwise. */
export interface NameSight {
  readonly fields: FormulaFields
  readonly locale: Locale
  /** Bound names and the path of the list whose entries they stand for; null where it is not known. */
  readonly bound: ReadonlyMap<string, string | null>
  /** Inside a list operator that binds no name, paths begin at the entry: the path of its list; null, not known. */
  readonly entry?: string | null
}

/** A name in a formula, read as a step of a path: the key, or why there is none. */
export type ReadName =
  | { readonly key: string }
  | { readonly near: readonly FormulaField[] }
  | { readonly twice: readonly string[] }

/** Width, case and spaces around do not tell titles apart. */
function foldTitle(text: string): string {
  return text.normalize('NFKC').trim().toLowerCase()
}

/** A key before a title; a title of the language before one of the other; as written before anything like it. */
export function readName(name: string, known: readonly FormulaField[] | undefined, locale: Locale): ReadName {
  if (!known || known.some((field) => field.key === name)) return { key: name }
  const other = locale === 'en' ? 'zh' : 'en'
  const tests: ((field: FormulaField) => boolean)[] = [
    (field) => field.title?.[locale] === name,
    (field) => field.title?.[other] === name,
    (field) => field.title !== undefined && foldTitle(field.title[locale]) === foldTitle(name),
    (field) => field.title !== undefined && foldTitle(field.title[other]) === foldTitle(name),
    (field) => foldTitle(field.key) === foldTitle(name),
  ]
  for (const test of tests) {
    const found = known.filter(test)
    if (found.length === 1) return { key: found[0]!.key }
    if (found.length > 1) return { twice: found.map((field) => field.key) }
  }
  return { near: known }
}

/** The fields that the first step of a path chooses from, after those bound. */
export function startOf(sight: NameSight): readonly FormulaField[] | undefined {
  if (sight.entry === undefined) return sight.fields.below('')
  return sight.entry === null ? undefined : sight.fields.below(sight.entry)
}

/** The path of keys by which `below` knows a path of the formula: through the list that a bound name stands for. */
export function knownPath(segments: readonly string[], sight: NameSight): string | null {
  const [first, ...rest] = segments
  if (first !== undefined && sight.bound.has(first)) {
    const list = sight.bound.get(first) ?? null
    return list === null ? null : [list, ...rest].join('.')
  }
  if (sight.entry === undefined) return segments.join('.')
  return sight.entry === null ? null : [sight.entry, ...segments].join('.')
}
