import { buildRelease, readDefinitionSet } from '@channelwright/runtime/definition/build-release.ts'
import { type CaseSurroundings, readCase } from '@channelwright/runtime/definition/check-case.ts'
import type { DefinitionSource } from '@channelwright/runtime/definition/definition-set.ts'
import { type Diagnostic, hasErrors } from '@channelwright/runtime/definition/diagnostic.ts'
import { buildRoles } from '@channelwright/runtime/definition/roles.ts'
import { packTooLarge, packTooManyFiles } from '@channelwright/runtime/errors/files.ts'
import { isCasePath, isDefinitionPath } from '../publish/definition-store.ts'
import { personsCommands } from './command-targets.ts'
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
  // Where reading was given up, the rest is not missing.
  if (gathered.diagnostics.some(({ code }) => code === packTooLarge.code || code === packTooManyFiles.code))
    return { ok: false, packs: [...asked], definitions: named.length, diagnostics: gathered.diagnostics }
  const unread = findUnread(gathered.diagnostics)
  const { diagnostics } = buildRelease([...named, ...gathered.needed, ...unread])
  const told = new Set(unread.map(({ pack, path }) => `${pack}/${path}`))
  const own = diagnostics.filter(
    ({ file }) => file === undefined || (asked.has(file.split('/')[0] ?? '') && !told.has(file)),
  )
  const cases = gathered.named.filter((source) => isCasePath(source.path))
  // Names that are missing because their definitions are broken are no mistakes of the cases.
  const found = checkCases(cases, hasErrors(diagnostics) ? null : [...named, ...gathered.needed])
  const all = [...gathered.diagnostics, ...own, ...found]
  return { ok: !hasErrors(all), packs: [...asked], definitions: named.length, diagnostics: all }
}

/**
 * Definitions that lie in a file which could not be taken in, as empty texts: what refers to them finds them broken,
 * not missing, and is not told for it.
 */
function findUnread(diagnostics: readonly Diagnostic[]): DefinitionSource[] {
  return diagnostics.flatMap(({ severity, file = '' }) => {
    const [pack = '', ...rest] = file.split('/')
    const path = rest.join('/')
    return severity === 'error' && isDefinitionPath(path) ? [{ pack, path, text: '' }] : []
  })
}

/** All but the routes that cases call: for their names alone the whole server would have to be read. */
function checkCases(
  cases: readonly DefinitionSource[],
  sources: readonly DefinitionSource[] | null,
): Diagnostic[] {
  const set = sources && cases.length > 0 ? readDefinitionSet(sources) : null
  const around: CaseSurroundings = {
    commands: [...personsCommands],
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
