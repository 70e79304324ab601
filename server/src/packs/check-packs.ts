import { buildRelease } from '@channelwright/runtime/definition/build-release.ts'
import { type Diagnostic, hasErrors } from '@channelwright/runtime/definition/diagnostic.ts'
import { isDefinitionPath } from '../publish/definition-store.ts'
import { gatherPacks } from './gather-packs.ts'

export interface CheckedPacks {
  /** Nothing found stops a publish. */
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
  const gathered = await gatherPacks(folders)
  const named = gathered.named.filter((source) => isDefinitionPath(source.path))
  const asked = new Set(named.map((source) => source.pack))
  const { diagnostics } = buildRelease([...named, ...gathered.needed])
  const own = diagnostics.filter(
    (found) => found.file === undefined || asked.has(found.file.split('/')[0] ?? ''),
  )
  const all = [...gathered.diagnostics, ...own]
  return { ok: !hasErrors(all), packs: [...asked], definitions: named.length, diagnostics: all }
}
