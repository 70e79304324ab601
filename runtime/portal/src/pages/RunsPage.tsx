import { useWorkspace } from '../../../react/index.ts'
import { FlowFiguresView } from '../../../react/views/flows/FlowFiguresView.tsx'
import { FlowRunsView } from '../../../react/views/flows/FlowRunsView.tsx'
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
