import { useSearch } from '@tanstack/react-router'
import { useWorkspace } from '../../../react/index.ts'
import { FlowFiguresView } from '../../../react/views/flows/FlowFiguresView.tsx'
import { FlowRunsView } from '../../../react/views/flows/FlowRunsView.tsx'
import { FlowVersionsView } from '../../../react/views/flows/FlowVersionsView.tsx'
import { NotFoundPage } from './NotFoundPage.tsx'

function useMayAdminister(): boolean {
  return useWorkspace().portal.rights.includes('administer_flows')
}

export function RunsPage() {
  return useMayAdminister() ? <FlowRunsView /> : <NotFoundPage />
}

export function FiguresPage() {
  return useMayAdminister() ? <FlowFiguresView /> : <NotFoundPage />
}

export function VersionsPage() {
  const { run } = useSearch({ strict: false })
  const only = typeof run === 'string' && run !== '' ? run : null
  return useMayAdminister() ? (
    <div className="cw-narrow-page">
      <FlowVersionsView key={only} run={only} />
    </div>
  ) : (
    <NotFoundPage />
  )
}
