import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useSpeech } from '../../words/i18n.ts'
import { useWorkspace } from '../../workspace.tsx'

/** One flow of all, for administrators: those that they may see, and every one that has cases. */
export function FlowSelect({
  value,
  onChange,
}: {
  value: string | null
  onChange(flow: string | null): void
}) {
  const { say, locale } = useSpeech()
  const { api, key: workspace, release } = useWorkspace()
  const versions = useQuery({
    queryKey: ['flow-versions', workspace],
    enabled: api !== null,
    queryFn: () => api!.listFlowVersions(),
  })
  const titles = new Map([
    ...(versions.data?.cases ?? []).map(({ key, title }) => [key, title[locale]] as const),
    ...Object.entries(release.flows).map(([key, { title }]) => [key, title[locale]] as const),
  ])
  return (
    <Select
      style={{ flex: '0 1 13rem' }}
      aria-label={say('inbox.filterFlow')}
      placeholder={say('runs.allFlows')}
      clearable
      searchable
      nothingFoundMessage={say('table.noMatch')}
      data={[...titles]
        .map(([key, label]) => ({ value: key, label }))
        .sort((a, b) => a.label.localeCompare(b.label, locale))}
      value={value}
      onChange={onChange}
    />
  )
}
