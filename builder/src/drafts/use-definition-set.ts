import type { DefinitionText } from '@channelwright/runtime/api/definitions.ts'
import { readDefinitionSet } from '@channelwright/runtime/definition/build-release.ts'
import type { DefinitionSet, DefinitionSource } from '@channelwright/runtime/definition/definition-set.ts'
import { type UseQueryResult, useQueries, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { api } from '../api.ts'
import { useDefinitions, useWorkspace } from '../hooks.ts'

export interface Definitions {
  /** As a publish of now would bring them into force. */
  readonly drafted: readonly DefinitionSource[]
  readonly released: readonly DefinitionSource[]
}

/** Every definition of the workspace: the release in force, and the drafts over it. Undefined while it is fetched. */
export function useSources(): { readonly data: Definitions | undefined; readonly error: Error | null } {
  const workspace = useWorkspace()
  const list = useDefinitions()
  const number = list.data?.release
  const bundle = useQuery({
    queryKey: ['bundle', workspace, number],
    // A release never changes.
    staleTime: Number.POSITIVE_INFINITY,
    enabled: number !== undefined,
    queryFn: async () => (number ? (await api.exportRelease(workspace, number)).files : []),
  })
  const drafted = list.data?.definitions.filter((entry) => entry.draft !== null)
  const drafts = useQueries({
    queries: (drafted ?? []).map(({ pack, path }) => ({
      queryKey: ['source', workspace, pack, path],
      queryFn: () => api.readSource(workspace, pack, path),
    })),
    combine: gatherTexts,
  })
  const data = useMemo(() => {
    if (!bundle.data || !drafted || !drafts.texts) return undefined
    return { released: bundle.data, drafted: layOver(bundle.data, drafts.texts) }
  }, [bundle.data, drafted, drafts.texts])
  return { data, error: list.error ?? bundle.error ?? drafts.error }
}

function gatherTexts(results: UseQueryResult<DefinitionText>[]) {
  const texts = results.flatMap((one) => one.data ?? [])
  return {
    texts: texts.length === results.length ? texts : undefined,
    error: results.find((one) => one.error)?.error ?? null,
  }
}

function layOver(
  released: readonly DefinitionSource[],
  drafts: readonly DefinitionText[],
): DefinitionSource[] {
  const drafted = drafts.filter((one) => one.draft !== null)
  const isDrafted = (source: DefinitionSource) =>
    drafted.some((one) => one.pack === source.pack && one.path === source.path)
  return [
    ...released.filter((source) => !isDrafted(source)),
    ...drafted.flatMap(({ pack, path, draft }) => (draft?.text ? [{ pack, path, text: draft.text }] : [])),
  ]
}

/**
 * The set with one more text in place of what is saved of it: what stands in an editor. A draft that cannot be read is
 * stood in for by what is in force, so that half-written JSON does not take everything that leans on it along.
 */
export function readSetWith(sources: Definitions, unsaved: DefinitionSource): DefinitionSet {
  const others = sources.drafted.filter((one) => one.pack !== unsaved.pack || one.path !== unsaved.path)
  const set = readDefinitions([...others, unsaved])
  if (!set.incomplete) return set
  const inForce = readDefinitions(sources.released)
  const { incomplete, ...maps } = set
  const whole = Object.entries(maps).map(([name, now]) => {
    const kind = name.slice(0, -1)
    const before = [...inForce[name as keyof typeof maps]] as [string, unknown][]
    const kept = before.filter(([key]) => incomplete.has(`${kind}:${key}`))
    return [name, new Map([...kept, ...now])]
  })
  return Object.fromEntries(whole) as DefinitionSet
}

function readDefinitions(sources: readonly DefinitionSource[]): DefinitionSet {
  return readDefinitionSet(sources.filter(({ path }) => !path.startsWith('cases/')))
}
