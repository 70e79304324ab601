import {
  type FormulaField,
  type FormulaFields,
  knownPath,
  type NameSight,
  readName,
  startOf,
} from './fields.ts'

/** A step of a path as a formula writes it. */
export interface WrittenStep {
  readonly text: string
  /** In square brackets: may hold several steps with dots between them. */
  readonly bracket: boolean
  readonly from: number
  readonly to: number
}

export type ReadPath =
  | { readonly path: string }
  | { readonly step: WrittenStep; readonly near: readonly FormulaField[] }
  | { readonly step: WrittenStep; readonly twice: readonly string[] }

/** Places of entries in a list, as standard JSON-logic writes them: they lead to no other fields. */
const place = /^\d+$/

function choices(keys: readonly string[], sight: NameSight): readonly FormulaField[] | undefined {
  const steps = keys.filter((key) => !place.test(key))
  if (steps.length === 0) return startOf(sight)
  const path = knownPath(steps, sight)
  return path === null ? undefined : below(sight.fields, path)
}

/** A path that leads nowhere has no fields below it; one where nothing is known has any. */
function below(fields: FormulaFields, path: string): readonly FormulaField[] | undefined {
  return fields.below(path) ?? (fields.below('') ? [] : undefined)
}

/** Names, titles or keys, as the dotted path of keys that JSON writes. */
export function readSteps(steps: readonly WrittenStep[], sight: NameSight): ReadPath {
  const keys: string[] = []
  for (const step of steps) {
    const whole = readStep(step.text, keys, sight)
    if ('key' in whole) keys.push(whole.key)
    else {
      const parts =
        step.bracket && step.text.includes('.') ? readParts(step.text.split('.'), keys, sight) : null
      if (!parts) return { step, ...whole }
      keys.push(...parts)
    }
  }
  return { path: keys.join('.') }
}

function readStep(text: string, keys: readonly string[], sight: NameSight) {
  if (keys.length === 0 && sight.bound.has(text)) return { key: text }
  if (keys.length > 0 && place.test(text)) return { key: text }
  return readName(text, choices(keys, sight), sight.locale)
}

function readParts(texts: readonly string[], before: readonly string[], sight: NameSight): string[] | null {
  const keys: string[] = []
  for (const text of texts) {
    const found = readStep(text, [...before, ...keys], sight)
    if (!('key' in found)) return null
    keys.push(found.key)
  }
  return keys
}

/** Names that need no brackets, whatever their neighbours: the tokenizer takes them for one word. */
export const plainName = /^[A-Za-z_$\u4e00-\u9fff][A-Za-z_$0-9\u4e00-\u9fff]*$/

/**
 * A path as a formula writes it, by titles or by keys; null where no writing reads back as this path, such as one
 * with an empty step.
 */
export function writePath(path: string, sight: NameSight, names: 'titles' | 'keys'): string | null {
  const keys = path.split('.')
  const [first = ''] = keys
  const bare = first.startsWith('$') || sight.bound.has(first)
  const labels = keys.map((key, i) => (names === 'keys' ? key : labelOf(key, keys.slice(0, i), sight)))
  const candidates: { text: string; steps: WrittenStep[] }[] = []
  if (bare && keys.every((key) => plainName.test(key)))
    candidates.push(compose(first.startsWith('$') ? keys : labels, first))
  else if (bare) candidates.push(compose(labels, first))
  if (names === 'keys') candidates.push(compose([path], null))
  else candidates.push(compose(labels, null))
  candidates.push(compose([path], null), compose(keys, null))
  for (const { text, steps } of candidates) {
    const read = readSteps(steps, sight)
    if ('path' in read && read.path === path) return text
  }
  return null
}

function labelOf(key: string, before: readonly string[], sight: NameSight): string {
  if (before.length === 0 && sight.bound.has(key)) return key
  return choices(before, sight)?.find((field) => field.key === key)?.title?.[sight.locale] ?? key
}

/** `first.[a].[b]` where the path begins at a bare word, else all in brackets. */
function compose(labels: readonly string[], first: string | null): { text: string; steps: WrittenStep[] } {
  const steps = labels.map((text, i): WrittenStep & { shown: string } => {
    const bracket = first === null || (i > 0 && !(first.startsWith('$') && plainName.test(text)))
    return { text, bracket, from: 0, to: 0, shown: bracket ? `[${text.replaceAll(']', ']]')}]` : text }
  })
  return { text: steps.map((step) => step.shown).join('.'), steps }
}
