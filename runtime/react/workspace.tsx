import { useQuery } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext, useMemo } from 'react'
import type { ClientRelease, PortalReply } from '../src/api/records.ts'
import type { FieldDefinition } from '../src/definition/object.ts'
import type { WorkspaceApi } from './api/client.ts'
import { Faces } from './fields/faces.tsx'

/** The workspace that the views around stand in: who reads, what is in force, how to call. */
export interface WorkspaceState {
  readonly key: string
  /** Null in a preview: nothing is read or written. */
  readonly api: WorkspaceApi | null
  readonly portal: PortalReply
  readonly release: ClientRelease
}

const WorkspaceContext = createContext<WorkspaceState | null>(null)

export function useWorkspace(): WorkspaceState {
  const state = useContext(WorkspaceContext)
  if (!state) throw new Error('A view stands outside its workspace')
  return state
}

/** Puts views into a workspace that is already at hand: a preview, a test. */
export function WorkspaceProvider({ value, children }: { value: WorkspaceState; children: ReactNode }) {
  return (
    <WorkspaceContext.Provider value={value}>
      <Faces api={value.api} release={value.release} timeZone={value.portal.workspace.timeZone}>
        {children}
      </Faces>
    </WorkspaceContext.Provider>
  )
}

/** Loads who I am and what is in force; a release published meanwhile is noticed and taken up. */
export function WorkspaceLoader({
  api,
  children,
  loading,
  failed,
}: {
  api: WorkspaceApi
  children: ReactNode
  loading: ReactNode
  failed(error: unknown, retry: () => void): ReactNode
}) {
  const portal = useQuery({
    queryKey: ['portal', api.workspace],
    queryFn: () => api.readPortal(),
    refetchInterval: 60_000,
  })
  const number = portal.data?.release
  const release = useQuery({
    queryKey: ['release', api.workspace, number],
    queryFn: () => api.readRelease(),
    enabled: number !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: (before) => before,
  })
  const value = useMemo<WorkspaceState | null>(
    () =>
      portal.data && release.data
        ? { key: api.workspace, api, portal: portal.data, release: release.data }
        : null,
    [api, portal.data, release.data],
  )
  if (value) return <WorkspaceProvider value={value}>{children}</WorkspaceProvider>
  const error = portal.error ?? release.error
  if (error) {
    return failed(error, () => {
      void portal.refetch()
      void release.refetch()
    })
  }
  return loading
}

/** The field of an object as this reader may know it. */
export function readField(release: ClientRelease, object: string, key: string): FieldDefinition | undefined {
  const properties = release.objects[object]?.definition.schema.properties
  if (Object.hasOwn(systemFields, key)) return systemFields[key]
  return properties && Object.hasOwn(properties, key) ? (properties[key] as FieldDefinition) : undefined
}

/** What every record has beside its own fields. */
const systemFields: Readonly<Record<string, FieldDefinition>> = {
  created_at: {
    'x-field': 'datetime',
    'x-id': 'created_at',
    title: 'Created',
    'x-title': { zh: '创建时间' },
  },
  updated_at: {
    'x-field': 'datetime',
    'x-id': 'updated_at',
    title: 'Changed',
    'x-title': { zh: '更新时间' },
  },
}
