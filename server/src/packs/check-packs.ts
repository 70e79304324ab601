import { buildRelease } from '@channelwright/runtime/definition/build-release.ts'
import { type Diagnostic, hasErrors } from '@channelwright/runtime/definition/diagnostic.ts'
import { findNeighbours, readPacks } from './read-pack.ts'

export interface CheckedPacks {
  readonly ok: boolean
  readonly packs: readonly string[]
  readonly definitions: number
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Checks packs in folders, together with the packs they need where these lie beside them. Only what concerns the
 * folders that were named is reported.
 */
export async function checkPacks(folders: readonly string[]): Promise<CheckedPacks> {
  const named = await readPacks(folders)
  const sources = [...named.sources]
  const asked = new Set(named.sources.map((source) => source.pack))
  const roots = new Set<string>()
  // A neighbour may need neighbours of its own.
  for (let read = sources; read.length > 0; ) {
    const needed = read.filter((source) => source.path === 'pack.json').flatMap((source) => needsOf(source.text))
    const fresh = (await findNeighbours(folders, needed)).filter((root) => !roots.has(root))
    for (const root of fresh) roots.add(root)
    read = fresh.length === 0 ? [] : [...(await readPacks(fresh)).sources]
    sources.push(...read)
  }
  const { diagnostics } = buildRelease(sources)
  const own = diagnostics.filter((found) => found.file === undefined || asked.has(found.file.split('/')[0] ?? ''))
  const all = [...named.diagnostics, ...own]
  return { ok: !hasErrors(all), packs: [...asked], definitions: named.sources.length, diagnostics: all }
}

/** Keys under `needs` of a pack.json that may be anything. */
function needsOf(text: string): string[] {
  try {
    const pack: unknown = JSON.parse(text)
    const needs = typeof pack === 'object' && pack !== null && 'needs' in pack ? pack.needs : null
    return typeof needs === 'object' && needs !== null ? Object.keys(needs) : []
  } catch {
    return []
  }
}
