import type { ClientRelease } from '@channelwright/runtime/api/records.ts'
import type { DefinitionSet } from '@channelwright/runtime/definition/definition-set.ts'
import type { ObjectDefinition } from '@channelwright/runtime/definition/object.ts'
import { findFieldType } from '@channelwright/runtime/fields/index.ts'
import { ruleContext } from '@channelwright/runtime/forms/context.ts'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import { createWorkspaceApi, type WorkspaceApi } from '@channelwright/runtime/react/api/client.ts'
import { todayIn } from '@channelwright/runtime/react/parts/moments.ts'
import { FailedState, LoadingRows } from '@channelwright/runtime/react/parts/states.tsx'
import { WorkspaceProvider, type WorkspaceState } from '@channelwright/runtime/react/workspace.tsx'
import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query'
import { type MouseEvent, type ReactNode, useMemo } from 'react'
import { transport } from '../api.ts'
import { useLocale, useWorkspace } from '../hooks.ts'
import { createPreviewApi } from './preview-api.ts'

/** The workspace as the drafts would make it, for the runtime's own views: everything may be seen, nothing written. */
export function PreviewStage({
  set,
  children,
}: {
  set: DefinitionSet
  children: (stage: WorkspaceState & { readonly api: WorkspaceApi; readonly today: string }) => ReactNode
}) {
  const workspace = useWorkspace()
  const locale = useLocale()
  const queries = useQueryClient()
  const real = useMemo(
    () => rememberReads(createWorkspaceApi(transport, workspace), queries),
    [workspace, queries],
  )
  const portal = useQuery({ queryKey: ['portal', workspace], queryFn: () => real.readPortal() })
  const release = useQuery({
    queryKey: ['client-release', workspace, portal.data?.release],
    queryFn: () => real.readRelease(),
    enabled: portal.data !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const stage = useMemo(() => {
    if (!portal.data || !release.data) return null
    const today = todayIn(portal.data.workspace.timeZone)
    const { user, workspace: place } = portal.data
    const partner = user.partner?.id ?? null
    const reader = {
      id: user.id,
      partner,
      partners: partner === null ? [] : [partner],
      roles: user.roles.map((role) => role.key),
    }
    const context = ruleContext(reader, new Date().toISOString(), place.timeZone) as unknown as JsonObject
    const api = createPreviewApi({
      ...{ real, released: release.data, set, today, locale, context },
      timeZone: place.timeZone,
    })
    const drafted = showAll(set, release.data.number)
    const create = Object.values(drafted.forms)
      .filter(({ definition }) => definition.purpose === 'create')
      .map(({ definition }) => ({ form: definition.key, object: definition.object, title: definition.title }))
    return {
      // Answers remembered for another wording of the objects would be of the wrong shape.
      key: `preview ${workspace} ${stamp(set)}`,
      api,
      today,
      portal: { ...portal.data, create },
      release: drafted,
    }
  }, [portal.data, release.data, set, real, workspace, locale])
  if (stage) {
    return (
      <WorkspaceProvider value={stage}>
        <div onClickCapture={stayHere}>{children(stage)}</div>
      </WorkspaceProvider>
    )
  }
  const error = portal.error ?? release.error
  return error ? (
    <FailedState
      error={error}
      onRetry={() => {
        void portal.refetch()
        void release.refetch()
      }}
    />
  ) : (
    <LoadingRows />
  )
}

function stayHere(event: MouseEvent<HTMLElement>): void {
  const link = (event.target as HTMLElement).closest('a')
  if (link && !link.target) event.preventDefault()
}

/** Reads are the same for every wording of the drafts: they are asked for once a minute, not with every key. */
function rememberReads(api: WorkspaceApi, queries: QueryClient): WorkspaceApi {
  const remember =
    <A extends readonly unknown[], T>(name: string, read: (...args: A) => Promise<T>) =>
    (...args: A): Promise<T> =>
      queries.fetchQuery({
        queryKey: ['preview-read', api.workspace, name, ...args],
        queryFn: () => read(...args),
        staleTime: 60_000,
        retry: false,
      })
  return {
    ...api,
    listRecords: remember('listRecords', api.listRecords),
    readRecord: remember('readRecord', api.readRecord),
    readEarnings: remember('readEarnings', api.readEarnings),
    listLedger: remember('listLedger', api.listLedger),
    listRuns: remember('listRuns', api.listRuns),
    listTasks: remember('listTasks', api.listTasks),
  }
}

/** What somebody who may do everything would get of the definitions. */
function showAll(set: DefinitionSet, number: number): ClientRelease {
  const map = <T, U>(of: ReadonlyMap<string, T>, make: (one: T) => U) =>
    Object.fromEntries([...of].map(([key, one]) => [key, make(one)]))
  return {
    number,
    objects: map(set.objects, (definition) => {
      const keys = Object.keys(definition.schema.properties)
      const entered = keys.filter((key) => isEntered(definition, key))
      return { definition, read: keys, create: entered, update: entered, delete: false, export: true }
    }),
    forms: map(set.forms, (definition) => ({ definition, validator: '' })),
    views: map(set.views, (view) => view),
    flows: map(set.flows, ({ title, object }) => ({ title, object })),
    plans: map(set.plans, ({ title, currency }) => ({ title, currency })),
    rules: map(set.rules, (rule) => rule),
    calendars: map(set.calendars, (calendar) => calendar),
  }
}

function isEntered(object: ObjectDefinition, key: string): boolean {
  const field = object.schema.properties[key]
  return field !== undefined && findFieldType(field['x-field'])?.generated !== true
}

/** Differs when the objects or plans do. */
function stamp(set: DefinitionSet): string {
  const text = JSON.stringify([[...set.objects.values()], [...set.plans.values()]])
  let hash = 0
  for (let at = 0; at < text.length; at++) hash = (hash * 31 + text.charCodeAt(at)) | 0
  return (hash >>> 0).toString(36)
}
