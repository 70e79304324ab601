import type { SyntaxNode } from '@lezer/common'
import type { Locale } from '../../text.ts'
import { describeUsage, type Operator } from '../operator.ts'
import { findOperator, operators } from '../operators/index.ts'
import { describeType } from '../rule-type.ts'
import { anyFields, type FormulaField, type FormulaFields, type NameSight, startOf } from './fields.ts'
import { parser } from './parser.ts'
import { readSteps, writePath } from './paths.ts'
import { boundPlaces, findFunction, foldName, functionNames, infixOf, writeConstant } from './spelling.ts'

export interface CompleteOptions {
  readonly fields?: FormulaFields
  readonly locale?: Locale
  readonly names?: 'titles' | 'keys'
}

/** What may stand at a place, and what it replaces. */
export interface FormulaCompletion {
  readonly label: string
  readonly kind: 'field' | 'function' | 'sign' | 'constant' | 'name' | 'word'
  /** What the label means, in a line. */
  readonly detail: string
  /** To be put in place of the characters from `from` to `to`; the cursor goes after it, less `back`. */
  readonly insert: string
  readonly back: number
}

export interface Completions {
  readonly from: number
  readonly to: number
  readonly items: readonly FormulaCompletion[]
}

/** What can stand at the offset of a formula that is being written. Never throws. */
export function completeFormula(text: string, offset: number, options: CompleteOptions = {}): Completions {
  const { fields = anyFields, locale = 'en', names = 'titles' } = options
  const before = text.slice(0, offset)
  // The path or word that is being written, brackets open or not.
  const typed =
    /(?:(?:\[[^\]]*\]|[\p{L}_$][\p{L}\p{N}_$]*)\.)*(?:\[[^\]]*|[\p{L}_$][\p{L}\p{N}_$]*)?$/u.exec(
      before,
    )?.[0] ?? ''
  const from = offset - typed.length
  const sight = sightAt(text, from, { fields, locale, bound: new Map() })
  if (insideText(text.slice(0, from)))
    return { from: offset, to: offset, items: wordsAt(text, offset, locale) }
  if (typed === '' && endsWithValue(before)) return { from, to: offset, items: signs(locale, '') }
  if (typed !== '' && !typed.includes('.') && !typed.startsWith('[') && endsWithValue(text.slice(0, from)))
    return { from, to: offset, items: signs(locale, typed) }
  const items = [...fieldItems(typed, sight, names)]
  if (!/[.[]/.test(typed))
    items.push(...nameItems(typed, sight), ...functionItems(typed, locale), ...constants(typed, locale))
  return { from, to: offset, items }
}

function endsWithValue(before: string): boolean {
  return (
    /[\p{L}\p{N}_$"”\]】)）}｝%％]\s*$/u.test(before) &&
    !/(?:^|[^\p{L}\p{N}_])(?:AND|OR|IN|CONTAINS|且|或|属于|包含)\s*$/iu.test(before)
  )
}

function insideText(before: string): boolean {
  const bare = before.replace(/\[[^\]]*\]/g, '').replace(/"(?:[^"]|"")*"|“[^”]*”/g, '')
  return /["“]/.test(bare)
}

function matches(typed: string, ...candidates: (string | undefined)[]): boolean {
  const folded = foldName(typed)
  return candidates.some((one) => one !== undefined && foldName(one).includes(folded))
}

function begins(typed: string, ...candidates: string[]): boolean {
  const folded = foldName(typed)
  return candidates.some((one) => foldName(one).startsWith(folded))
}

/** The fields that continue what was typed: `[Partner].[Ti`. */
function* fieldItems(
  typed: string,
  sight: NameSight,
  names: 'titles' | 'keys',
): Generator<FormulaCompletion> {
  const cut = typed.lastIndexOf('.')
  const inOneBracket = typed.startsWith('[') && cut > 0 && !typed.includes('].')
  const head = inOneBracket ? typed.slice(1, cut) : cut < 0 ? '' : typed.slice(0, cut)
  const last = typed.slice(cut + 1).replace(/^\[/, '')
  const steps = inOneBracket
    ? [{ text: head, bracket: true, from: 0, to: 0 }]
    : head === ''
      ? []
      : head.split(/\.(?![^[]*\])/).map((step) => ({
          text: step.replace(/^\[|\]$/g, ''),
          bracket: step.startsWith('['),
          from: 0,
          to: 0,
        }))
  const path = steps.length === 0 ? { path: '' } : readSteps(steps, sight)
  if (!('path' in path)) return
  for (const field of fieldsBelow(path.path, sight)) {
    if (!matches(last, field.key, field.title?.en, field.title?.zh)) continue
    const insert = writePath(path.path === '' ? field.key : `${path.path}.${field.key}`, sight, names)
    if (insert === null) continue
    const detail = field.type ? describeType(field.type)[sight.locale] : ''
    yield {
      label: field.title?.[sight.locale] ?? field.key,
      kind: 'field',
      detail: field.title ? `${field.key} · ${detail}` : detail,
      insert,
      back: 0,
    }
  }
}

function fieldsBelow(path: string, sight: NameSight): readonly FormulaField[] {
  if (path === '') return startOf(sight) ?? []
  const [first = '', ...rest] = path.split('.')
  const list = sight.bound.get(first)
  const known = list === undefined ? path : list === null ? null : [list, ...rest].join('.')
  return known === null ? [] : (sight.fields.below(known) ?? [])
}

function* nameItems(typed: string, sight: NameSight): Generator<FormulaCompletion> {
  for (const name of sight.bound.keys())
    if (matches(typed, name)) yield { label: name, kind: 'name', detail: '', insert: name, back: 0 }
}

function* functionItems(typed: string, locale: Locale): Generator<FormulaCompletion> {
  for (const { name, operator } of functionNames(locale)) {
    if (!begins(typed, name, operator.name, ...operator.title[locale].split(' '))) continue
    const usage = describeUsage(operator)[locale]
    yield {
      label: name,
      kind: 'function',
      detail: `${usage.slice(usage.indexOf('('))} ${operator.describe[locale]}`,
      insert: `${name}()`,
      back: 1,
    }
  }
}

function* constants(typed: string, locale: Locale): Generator<FormulaCompletion> {
  for (const value of [true, false, null] as const) {
    const word = writeConstant(value, locale)
    if (matches(typed, word)) yield { label: word, kind: 'constant', detail: '', insert: word, back: 0 }
  }
}

function signs(locale: Locale, typed: string): FormulaCompletion[] {
  return operators.flatMap((operator) => {
    const infix = infixOf(operator.name, locale)
    if (!infix || !begins(typed, infix.text)) return []
    return [
      {
        label: infix.text,
        kind: 'sign' as const,
        detail: operator.title[locale],
        insert: `${infix.text} `,
        back: 0,
      },
    ]
  })
}

/** The words of an operand that is one of few: `ROUND([Amount], 2, "half…`. */
function wordsAt(text: string, offset: number, locale: Locale): FormulaCompletion[] {
  const call = callAt(text, offset)
  const spec = call?.operator.args[Math.min(call.index, call.operator.args.length - 1)]
  if (spec?.kind !== 'word') return []
  return spec.words.map((word) => ({
    label: word,
    kind: 'word',
    detail: spec.title[locale],
    insert: word,
    back: 0,
  }))
}

interface CallPlace {
  readonly node: SyntaxNode
  readonly operator: Operator
  readonly index: number
}

/** The innermost function around the place, and which operand it is in. Reads what is not whole yet. */
function callAt(text: string, offset: number): CallPlace | null {
  // An open text or bracket is closed, so that the parser sees the calls before it.
  const open = insideText(text.slice(0, offset)) ? '"' : ''
  const tree = parser.parse(`${text.slice(0, offset)}${open}`)
  for (let node: SyntaxNode | null = tree.resolveInner(offset, -1); node; node = node.parent) {
    const name = node.name === 'Call' && !node.getChild('Close') ? node.getChild('Name') : null
    const operator = name && findOperator(findFunction(text.slice(name.from, name.to)) ?? '')
    if (operator) return { node, operator, index: node.getChildren('Comma').length }
  }
  return null
}

/** The names that the functions around the place have bound before it. */
function sightAt(text: string, offset: number, sight: NameSight): NameSight {
  const calls: CallPlace[] = []
  for (let call = callAt(text, offset); call; call = callAt(text, call.node.from)) {
    calls.unshift(call)
    if (call.node.from === 0) break
  }
  let inner = sight
  for (const { node, operator, index } of calls) {
    const chains = node.getChildren('Chain')
    const bound = new Map(inner.bound)
    const list = chains[0] ? pathOf(text.slice(chains[0].from, chains[0].to), inner) : null
    let named = false
    for (const place of boundPlaces(operator)) {
      const chain = chains[place]
      const word = chain && place < index ? text.slice(chain.from, chain.to).trim() : ''
      if (!/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(word)) continue
      bound.set(word, named ? null : list)
      named = true
    }
    inner = { ...inner, bound }
  }
  return inner
}

function pathOf(text: string, sight: NameSight): string | null {
  const steps = text.trim().split(/\.(?![^[]*\])/)
  const read = readSteps(
    steps.map((step) => ({
      text: step.replace(/^\[|\]$/g, ''),
      bracket: step.startsWith('['),
      from: 0,
      to: 0,
    })),
    sight,
  )
  if (!('path' in read)) return null
  const [first = '', ...rest] = read.path.split('.')
  const list = sight.bound.get(first)
  return list === undefined ? read.path : list === null ? null : [list, ...rest].join('.')
}
