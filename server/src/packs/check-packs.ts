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
  const found = await checkCases(cases, [...named, ...gathered.needed])
  const all = [...gathered.diagnostics, ...own, ...found]
  return { ok: !hasErrors(all), packs: [...asked], definitions: named.length, diagnostics: all }
}

async function checkCases(
  cases: readonly DefinitionSource[],
  sources: readonly DefinitionSource[],
): Promise<Diagnostic[]> {
  if (cases.length === 0) return []
  const set = readDefinitionSet(sources)
  const around: CaseSurroundings = {
    objects: set.objects.keys(),
    forms: set.forms.keys(),
    flows: set.flows.keys(),
    plans: set.plans.keys(),
    roles: buildRoles(set).keys(),
    commands: Object.keys(commandTargets),
    // All of the server stands behind its routes: only cases that call one need their names.
    ...(cases.some(({ text }) => text.includes('"route"')) ? { routes: await routeNames() } : {}),
  }
  return cases.flatMap((source) => readCase(source, around).diagnostics)
}

async function routeNames(): Promise<string[]> {
  const { routeList } = await import('../routes/index.ts')
  return routeList.map((route) => route.name)
}
