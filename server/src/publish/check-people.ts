import { buildRelease, readDefinitionSet } from '@channelwright/runtime/definition/build-release.ts'
import type { DefinitionSet, DefinitionSource } from '@channelwright/runtime/definition/definition-set.ts'
import type { Diagnostic } from '@channelwright/runtime/definition/diagnostic.ts'
import type { FlowDefinition } from '@channelwright/runtime/definition/flow.ts'
import { readJson } from '@channelwright/runtime/definition/read-json.ts'
import { isJsonObject } from '@channelwright/runtime/json.ts'
import { dryRunFlows } from '../flows/dry-run.ts'
import type { Services, Workspace } from '../services.ts'
import { isDefinitionPath, readCurrentSources } from './definition-store.ts'
import { layOver, readDrafts } from './drafts.ts'
import { readWorkspace } from './workspace.ts'

/**
 * What the real people of the workspace make of some of its flows, each told where it stands in its text. `about`: the
 * flows to be looked at; those that cannot be read are left to the check of definitions.
 */
export async function checkPeople(
  services: Services,
  workspace: Pick<Workspace, 'key'>,
  sources: readonly DefinitionSource[],
  about: readonly Pick<DefinitionSource, 'pack' | 'path'>[],
  known?: DefinitionSet,
): Promise<Diagnostic[]> {
  const wanted = new Set(about.filter(({ path }) => path.startsWith('flows/')).map(placeOf))
  const texts = sources.filter((source) => wanted.has(placeOf(source)))
  if (texts.length === 0) return []
  const set = known ?? readDefinitionSet(sources.filter((source) => isDefinitionPath(source.path)))
  const flows = texts.flatMap((source) => {
    const json = readJson(source.text)
    const key = isJsonObject(json.value ?? null) ? (json.value as { key?: unknown }).key : undefined
    const flow: FlowDefinition | undefined = typeof key === 'string' ? set.flows.get(key) : undefined
    return flow === undefined ? [] : [{ flow, source, json }]
  })
  const found = await dryRunFlows(
    services,
    workspace,
    flows.map(({ flow }) => ({ flow, set })),
  )
  return flows.flatMap(({ flow, source, json }, at) =>
    (found[at] ?? []).map((one) => ({
      ...one,
      kind: 'flow',
      key: flow.key,
      file: placeOf(source),
      ...json.locate(one.path),
    })),
  )
}

function placeOf({ pack, path }: Pick<DefinitionSource, 'pack' | 'path'>): string {
  return `${pack}/${path}`
}

/**
 * Everything to be said of the flows of a workspace as they are drafted, or of one of them: their definitions, and what
 * its real people make of them. Throws WORKSPACE_NOT_FOUND.
 */
export async function checkWorkspaceFlows(
  services: Services,
  key: string,
  wanted?: string,
): Promise<readonly Diagnostic[]> {
  const workspace = await readWorkspace(services, key)
  const current = await readCurrentSources(services.owner, workspace.id)
  const sources = layOver(current.sources, await readDrafts(services.owner, workspace.id))
  const { diagnostics } = buildRelease(sources.filter((source) => isDefinitionPath(source.path)))
  const people = await checkPeople(services, workspace, sources, sources)
  return [...diagnostics, ...people].filter(
    (one) => one.kind === 'flow' && (wanted === undefined || one.key === wanted),
  )
}
