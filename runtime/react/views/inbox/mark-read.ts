import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useWorkspace } from '../../workspace.tsx'

/** Says of a case that was copied to me, and stands open unread, that I have looked at it now. */
export function useMarkRead(run: string | null): void {
  const { api, key: workspace } = useWorkspace()
  const queries = useQueryClient()
  useEffect(() => {
    if (api === null || run === null) return
    // Should it fail the case counts as not looked at, which the next opening mends.
    api.markRunRead(run).then(
      () => {
        void queries.invalidateQueries({ queryKey: ['inbox-counts', workspace] })
        void queries.invalidateQueries({ queryKey: ['run', workspace, run] })
      },
      () => undefined,
    )
  }, [api, run, workspace, queries])
}
