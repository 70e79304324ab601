import type { DefinitionSource } from '@channelwright/runtime/definition/definition-set.ts'
import type { Diagnostic } from '@channelwright/runtime/definition/diagnostic.ts'
import { findNeighbours, readPacks } from './read-pack.ts'

export interface GatheredPacks {
  /** Definitions and cases of the packs that were named. */
  readonly named: readonly DefinitionSource[]
  /** Definitions of the packs they need, found beside them on disk. */
  readonly needed: readonly DefinitionSource[]
  readonly diagnostics: readonly Diagnostic[]
}

/** Packs in folders, with the packs that they need, and those need in turn, where these lie beside them. */
export async function gatherPacks(folders: readonly string[]): Promise<GatheredPacks> {
  const read = await readPacks(folders)
  const needed: DefinitionSource[] = []
  const roots = new Set<string>()
  for (let fresh = [...read.sources]; fresh.length > 0; ) {
    const keys = fresh
      .filter((source) => source.path === 'pack.json')
      .flatMap((source) => needsOf(source.text))
    const found = (await findNeighbours(folders, keys)).filter((root) => !roots.has(root))
    for (const root of found) roots.add(root)
    fresh = found.length === 0 ? [] : [...(await readPacks(found)).sources]
    needed.push(...fresh)
  }
  return { named: [...read.sources, ...read.cases], needed, diagnostics: read.diagnostics }
}

/** Keys under `needs` of a pack.json that may be anything. */
export function needsOf(text: string): string[] {
  try {
    const pack: unknown = JSON.parse(text)
    const needs = typeof pack === 'object' && pack !== null && 'needs' in pack ? pack.needs : null
    return typeof needs === 'object' && needs !== null ? Object.keys(needs) : []
  } catch {
    return []
  }
}
