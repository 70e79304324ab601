import type { ViewDefinition } from '@channelwright/runtime/definition/view.ts'
import type { WorkspaceApi } from '@channelwright/runtime/react/api/client.ts'
import { LoadingRows } from '@channelwright/runtime/react/parts/states.tsx'
import { DetailView } from '@channelwright/runtime/react/views/DetailView.tsx'
import { EarningsView } from '@channelwright/runtime/react/views/EarningsView.tsx'
import { HomeView } from '@channelwright/runtime/react/views/HomeView.tsx'
import { TableView } from '@channelwright/runtime/react/views/TableView.tsx'
import { useWorkspace } from '@channelwright/runtime/react/workspace.tsx'
import { Paper, Select, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type ComponentType, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { PreviewStage } from './PreviewStage.tsx'
import { mostSummed } from './preview-sums.ts'
import type { PreviewProps } from './previews.ts'
import { sampleId } from './sample-values.ts'

/** View type → its face in the portal. */
const faces: Readonly<Record<string, ComponentType<{ view: ViewDefinition }>>> = {
  detail: DetailBoard,
  earnings: EarningsView,
  home: HomeView,
  table: TableView,
}

/** A view as the designer would meet it: drawn by the runtime, on the records the designer may see. */
export function ViewPreview({ definition, set }: PreviewProps) {
  const { t } = useTranslation('builder')
  const view = definition as unknown as ViewDefinition
  const Face = faces[view.type]
  if (!Face) return <Text c="dimmed">{t('noPreview')}</Text>
  if (view.object !== undefined && !set.objects.has(view.object))
    return <Text c="dimmed">{t('previewWithoutObject', { object: view.object })}</Text>
  return (
    <Paper p={view.type === 'table' ? 0 : 'md'} className="cw-preview">
      <PreviewStage set={set}>{() => <Face view={view} />}</PreviewStage>
      <Text size="xs" c="dimmed" p="sm">
        {t('previewOnDrafts')}
        {view.group !== undefined && ` ${t('previewSums', { count: mostSummed })}`}
      </Text>
    </Paper>
  )
}

/** A record's page needs a record: one of the first real ones, or one made up. */
function DetailBoard({ view }: { view: ViewDefinition }) {
  const { t } = useTranslation('builder')
  const { api, release, key } = useWorkspace()
  const [chosen, setChosen] = useState<string | null>(null)
  const object = view.object ?? ''
  const display = release.objects[object]?.definition.display ?? ''
  const records = useQuery({
    queryKey: ['preview-records', key, object],
    // A preview always has one; without it nothing stands here.
    queryFn: () => (api as WorkspaceApi).listRecords({ object, limit: 20 }),
  })
  if (records.isPending) return <LoadingRows />
  const options = (records.data?.records ?? []).map((record) => ({
    value: record.id,
    label: String(record[display] ?? record.id),
  }))
  const made = sampleId(object, 0)
  if (!options.some((one) => one.value === made)) options.push({ value: made, label: t('sampleRecord') })
  const id = options.find((one) => one.value === chosen)?.value ?? options[0]?.value ?? made
  return (
    <Stack gap="md">
      <Select
        size="xs"
        maw={320}
        label={t('record')}
        data={options}
        value={id}
        onChange={setChosen}
        allowDeselect={false}
        searchable
      />
      <DetailView key={id} view={view} id={id} />
    </Stack>
  )
}
