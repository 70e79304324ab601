import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { InboxCounts } from '../../../src/api/flows.ts'
import { isJsonObject } from '../../../src/json.ts'
import { useWorkspace } from '../../workspace.tsx'

/** A stream that ended for good is tried again after this time, in ms; until then counts are asked for. */
const tryAgainAfter = 60_000
const askEvery = 30_000

/** What waits for me; kept up by `useLiveCounts` at the root of the portal. */
export function useCounts(): Partial<InboxCounts> {
  const { api, key: workspace } = useWorkspace()
  const counts = useQuery({
    queryKey: ['inbox-counts', workspace],
    enabled: api !== null,
    staleTime: askEvery,
    queryFn: async (): Promise<Partial<InboxCounts>> =>
      (await api!.listTasks({ state: 'todo', limit: 1 })).counts,
  })
  return counts.data ?? {}
}

/**
 * Follows what waits for me as the server tells it; without the stream it is asked for every half minute. A tab behind
 * another has none: a browser opens six connections to a server in all, and streams of six tabs would leave none.
 */
export function useLiveCounts(): void {
  const { api, key: workspace } = useWorkspace()
  const queries = useQueryClient()
  const [streams, setStreams] = useState(false)
  useEffect(() => {
    if (api === null) return
    let stream: EventSource | null = null
    let later: ReturnType<typeof setTimeout> | undefined
    const open = () => {
      stream = new EventSource(api.inboxEvents())
      stream.addEventListener('open', () => setStreams(true))
      stream.addEventListener('counts', (event) => {
        const told = readCounts(event.data)
        if (!told) return
        queries.setQueryData(['inbox-counts', workspace], (known: Partial<InboxCounts> | undefined) => ({
          ...known,
          ...told,
        }))
        for (const name of ['tasks', 'task', 'run-box', 'runs', 'run', 'flow-runs', 'notifications'])
          void queries.invalidateQueries({ queryKey: [name, workspace] })
      })
      stream.addEventListener('error', () => {
        if (stream?.readyState !== EventSource.CLOSED) return
        setStreams(false)
        later = setTimeout(open, tryAgainAfter)
      })
    }
    const close = () => {
      clearTimeout(later)
      stream?.close()
      stream = null
    }
    const follow = () => {
      if (!document.hidden) return stream === null ? open() : undefined
      close()
      setStreams(false)
    }
    follow()
    document.addEventListener('visibilitychange', follow)
    return () => {
      document.removeEventListener('visibilitychange', follow)
      close()
    }
  }, [api, workspace, queries])
  useEffect(() => {
    if (streams) return
    const timer = setInterval(() => {
      // What nobody looks at is read again with the first word of the stream, when the tab is shown.
      const read = document.hidden ? [] : ['tasks', 'task', 'run-box', 'notifications']
      for (const name of ['inbox-counts', ...read])
        void queries.invalidateQueries({ queryKey: [name, workspace] })
    }, askEvery)
    return () => clearInterval(timer)
  }, [streams, workspace, queries])
}

function readCounts(data: unknown): Partial<InboxCounts> | null {
  try {
    const told: unknown = JSON.parse(String(data))
    return isJsonObject(told) ? (told as Partial<InboxCounts>) : null
  } catch {
    return null
  }
}
