import type { ViewDefinition } from '@channelwright/runtime/definition/view.ts'
import { createWorkspaceApi } from '@channelwright/runtime/react/api/client.ts'
import { FailedState, LoadingRows } from '@channelwright/runtime/react/parts/states.tsx'
import { HomeView } from '@channelwright/runtime/react/views/HomeView.tsx'
import { TableView } from '@channelwright/runtime/react/views/TableView.tsx'
import { WorkspaceLoader } from '@channelwright/runtime/react/workspace.tsx'
import { Paper, Text } from '@mantine/core'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { transport } from '../api.ts'
import { useWorkspace } from '../hooks.ts'

/** View types that can be shown without a record at hand. */
export const previewedViews = ['table', 'home'] as const

/** A view as the designer would meet it: drawn by the runtime, on the records the designer may see. */
export function ViewPreview({ view }: { view: ViewDefinition }) {
  const { t } = useTranslation('builder')
  const workspace = useWorkspace()
  const api = useMemo(() => createWorkspaceApi(transport, workspace), [workspace])
  return (
    <Paper p={view.type === 'home' ? 'md' : 0} className="cw-preview">
      <WorkspaceLoader
        api={api}
        loading={<LoadingRows />}
        failed={(error, retry) => <FailedState error={error} onRetry={retry} />}
      >
        {view.type === 'home' ? <HomeView view={view} /> : <TableView view={view} />}
      </WorkspaceLoader>
      <Text size="xs" c="dimmed" p="sm">
        {t('previewOnRelease')}
      </Text>
    </Paper>
  )
}
