import type { DefinitionChange } from '../api/definitions.ts'
import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import type { Text } from '../text.ts'
import type { DefinitionSource } from './definition-set.ts'
import { describeSource } from './describe-source.ts'
import { findKind } from './index.ts'

/** More sentences than this help nobody; the texts side by side say the rest. */
const mostWords = 40

/**
 * What differs between two sets of definitions, definition by definition, in words. Elements are the same when their
 * x-id is, whatever their key, title or place; so a renamed field is one sentence. By pack and path.
 */
export function diffDefinitions(
  before: readonly DefinitionSource[],
  after: readonly DefinitionSource[],
): DefinitionChange[] {
  const address = (s: DefinitionSource) => `${s.pack}/${s.path}`
  const old = new Map(before.map((s) => [address(s), s]))
  const now = new Map(after.map((s) => [address(s), s]))
  const changes: DefinitionChange[] = []
  for (const place of [...new Set([...old.keys(), ...now.keys()])].sort()) {
    const [was, is] = [old.get(place), now.get(place)]
    if (was?.text === is?.text) continue
    const source = (is ?? was)!
    const { kind, key, title } = describeSource(source)
    changes.push({
      pack: source.pack,
      path: source.path,
      kind,
      key,
      title,
      change: was === undefined ? 'added' : is === undefined ? 'removed' : 'changed',
      words: was && is && findKind(kind) ? diffTexts(was.text, is.text) : [],
    })
  }
  return changes
}

/** The sentences between two texts of one definition. */
export function diffTexts(before: string, after: string): Text[] {
  const [was, is] = [parse(before), parse(after)]
  if (was === undefined || is === undefined)
    return [{ en: 'One of the two texts is not JSON.', zh: '其中一个文本不是有效的 JSON。' }]
  const found: Text[] = []
  compare(was, is, [], found)
  if (!found.length) return [{ en: 'Only spacing or order differs.', zh: '仅空白或顺序不同。' }]
  const more = found.length - mostWords
  return more > 0
    ? [...found.slice(0, mostWords), { en: `… and ${more} more changes.`, zh: `……另有 ${more} 处变更。` }]
    : found
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}

function compare(was: Json, is: Json, at: readonly Text[], found: Text[]): void {
  if (isJsonObject(was) && isJsonObject(is)) compareObjects(was, is, at, found)
  else if (Array.isArray(was) && Array.isArray(is)) compareLists(was, is, at, found)
  else if (JSON.stringify(was) !== JSON.stringify(is)) found.push(say(at, changedTo(was, is)))
}

function compareObjects(was: JsonObject, is: JsonObject, at: readonly Text[], found: Text[]): void {
  const byId = idsOf(was)
  const renamed = new Map<string, string>()
  // A map of elements with x-ids (fields of an object): the same element may stand under another key now.
  for (const [key, value] of Object.entries(is)) {
    const id = isJsonObject(value) ? value['x-id'] : undefined
    const old = typeof id === 'string' ? byId.get(id) : undefined
    if (old !== undefined && old !== key) renamed.set(key, old)
  }
  const gone = new Set(Object.keys(was))
  for (const [key, value] of Object.entries(is)) {
    const from = renamed.get(key) ?? key
    const old = Object.hasOwn(was, from) ? was[from] : undefined
    const here = [...at, nameOf(key, value)]
    if (old === undefined) {
      found.push(say(here, isJsonObject(value) && 'x-id' in value ? isNew : setTo(value)))
      continue
    }
    gone.delete(from)
    if (from !== key)
      found.push(
        say(here, { en: `has the key "${key}" now (was "${from}")`, zh: `标识改为“${key}”(原为“${from}”)` }),
      )
    if (key === 'required' && Array.isArray(value) && Array.isArray(old))
      compareRequired(old, value, at, found)
    else compare(old, value, here, found)
  }
  for (const key of gone) found.push(say([...at, nameOf(key, was[key]!)], isGone))
}

function idsOf(map: JsonObject): Map<string, string> {
  const ids = new Map<string, string>()
  for (const [key, value] of Object.entries(map)) {
    const id = isJsonObject(value) ? value['x-id'] : undefined
    if (typeof id === 'string') ids.set(id, key)
  }
  return ids
}

function compareRequired(
  was: readonly Json[],
  is: readonly Json[],
  at: readonly Text[],
  found: Text[],
): void {
  for (const key of is)
    if (!was.includes(key))
      found.push(
        say([...at, plain(String(key))], { en: 'is required now (was optional)', zh: '变为必填(原为选填)' }),
      )
  for (const key of was)
    if (!is.includes(key))
      found.push(
        say([...at, plain(String(key))], { en: 'is optional now (was required)', zh: '变为选填(原为必填)' }),
      )
}

function compareLists(was: readonly Json[], is: readonly Json[], at: readonly Text[], found: Text[]): void {
  const identify = identityOf([...was, ...is])
  if (!identify) {
    if (JSON.stringify(was) !== JSON.stringify(is)) found.push(say(at, describeListChange(was, is)))
    return
  }
  const old = new Map(was.map((item) => [identify(item), item]))
  for (const item of is) {
    const id = identify(item)
    const before = old.get(id)
    old.delete(id)
    const here = [...at, nameOf(id, item)]
    if (before === undefined) found.push(say(here, isNew))
    else compare(before, item, here, found)
  }
  for (const [id, item] of old) found.push(say([...at, nameOf(id, item)], isGone))
}

/** Lists of names (fields of a grant, rows of a form) are told by what came and went; others by their text. */
function describeListChange(was: readonly Json[], is: readonly Json[]): Text {
  const before = was.flat()
  const after = is.flat()
  if (![...before, ...after].every((item) => typeof item === 'string')) return changedTo([...was], [...is])
  const came = after.filter((item) => !before.includes(item))
  const went = before.filter((item) => !after.includes(item))
  if (came.length + went.length === 0) return { en: 'is arranged differently now', zh: '的排列已调整' }
  return {
    en: [came.length > 0 ? `gains ${came.join(', ')}` : '', went.length > 0 ? `loses ${went.join(', ')}` : '']
      .filter(Boolean)
      .join(' and '),
    zh: [came.length > 0 ? `新增 ${came.join('、')}` : '', went.length > 0 ? `移除 ${went.join('、')}` : '']
      .filter(Boolean)
      .join(','),
  }
}

/** What tells the items of a list apart: their x-id, or the constant of a choice. */
function identityOf(items: readonly Json[]): ((item: Json) => string) | null {
  for (const name of ['x-id', 'const']) {
    if (items.every((item) => isJsonObject(item) && typeof item[name] === 'string'))
      return (item) => String((item as JsonObject)[name])
  }
  return null
}

const isNew: Text = { en: 'is new', zh: '为新增' }
const isGone: Text = { en: 'is gone', zh: '被移除' }

function setTo(value: Json): Text {
  return { en: `is ${short(value)} now`, zh: `设为 ${short(value)}` }
}
function changedTo(was: Json, is: Json): Text {
  return { en: `is ${short(is)} now (was ${short(was)})`, zh: `改为 ${short(is)}(原为 ${short(was)})` }
}
function short(value: Json): string {
  const text = JSON.stringify(value)
  return text.length > 80 ? `${text.slice(0, 77)}…` : text
}

function plain(text: string): Text {
  return { en: text, zh: text }
}

/** The title of an element that has one, else its key. */
function nameOf(key: string, value: Json): Text {
  if (!isJsonObject(value)) return plain(key)
  const { title } = value
  const chinese = isJsonObject(value['x-title']) ? value['x-title'].zh : undefined
  if (typeof title === 'string') return { en: title, zh: typeof chinese === 'string' ? chinese : title }
  if (isJsonObject(title) && typeof title.en === 'string')
    return { en: title.en, zh: typeof title.zh === 'string' ? title.zh : title.en }
  return plain(key)
}

/** Parts of JSON Schema that people need not read to know the place. */
const silent = new Set(['schema', 'properties'])

function say(at: readonly Text[], what: Text): Text {
  const spoken = at.filter((part) => !silent.has(part.en))
  const en = spoken.map((part) => part.en).join(' › ')
  const zh = spoken.map((part) => part.zh).join(' › ')
  return { en: `${en} ${what.en}.`.trim(), zh: `${zh} ${what.zh}。`.trim() }
}
