import { buildRelease, readDefinitionSet } from '@channelwright/runtime/definition/build-release.ts'
import { type CaseSurroundings, readCase } from '@channelwright/runtime/definition/check-case.ts'
import type { DefinitionSource } from '@channelwright/runtime/definition/definition-set.ts'
import { type Diagnostic, hasErrors } from '@channelwright/runtime/definition/diagnostic.ts'
import { buildRoles } from '@channelwright/runtime/definition/roles.ts'
import { isCasePath, isDefinitionPath } from '../publish/definition-store.ts'
import { commandTargets } from './command-targets.ts'
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
  const cases = gathered.named.filter((source) => isCasePath(source.path))
  // Names that are missing because their definitions are broken are no mistakes of the cases.
  const found = checkCases(cases, hasErrors(diagnostics) ? null : [...named, ...gathered.needed])
  const all = [...gathered.diagnostics, ...own, ...found]
  return { ok: !hasErrors(all), packs: [...asked], definitions: named.length, diagnostics: all }
}

/** All but the routes that cases call: for their names alone the whole server would have to be read. */
function checkCases(
  cases: readonly DefinitionSource[],
  sources: readonly DefinitionSource[] | null,
): Diagnostic[] {
  const set = sources && cases.length > 0 ? readDefinitionSet(sources) : null
  const around: CaseSurroundings = {
    commands: Object.keys(commandTargets),
    ...(set && {
      objects: [...set.objects.keys()],
      forms: [...set.forms.keys()],
      flows: [...set.flows.keys()],
      plans: [...set.plans.keys()],
      roles: [...buildRoles(set).keys()],
    }),
  }
  return cases.flatMap((source) => readCase(source, around).diagnostics)
}
