import { isJsonObject, type Json } from '../json.ts'
import type { Text } from '../text.ts'
import type { DefinitionSource } from './definition-set.ts'
import { definitionKinds } from './index.ts'

const kindOfFolder = new Map<string, string>(
  definitionKinds.map((kind) => [kind.folder ?? 'pack.json', kind.name]),
)

/** What a text is, as far as it can be told: drafts may be half-written. The path answers what the text cannot. */
export function describeSource(source: Pick<DefinitionSource, 'path' | 'text'>): {
  kind: string
  key: string
  title: Text
} {
  const name = source.path
    .split('/')
    .at(-1)!
    .replace(/\.json$/, '')
  const folder = source.path.split('/')[0]!
  const fallback = {
    kind: folder === 'cases' ? 'case' : (kindOfFolder.get(folder) ?? folder),
    key: name,
    title: { en: name, zh: name },
  }
  let read: Json
  try {
    read = JSON.parse(source.text) as Json
  } catch {
    return fallback
  }
  if (!isJsonObject(read)) return fallback
  const { key, title } = read
  return {
    kind: fallback.kind,
    key: typeof key === 'string' && key ? key : name,
    title:
      isJsonObject(title) && typeof title.en === 'string'
        ? { en: title.en, zh: typeof title.zh === 'string' ? title.zh : title.en }
        : fallback.title,
  }
}
