import { Alert, Badge, Button, Group, SegmentedControl, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconChartBar, IconSearch } from '@tabler/icons-react'
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { RunPage } from '../../../src/api/flows.ts'
import type { RunStateWanted } from '../../api/flow-calls.ts'
import { hasFailed } from '../../parts/failed.ts'
import { formatMoment } from '../../parts/moments.ts'
import { LinkRegion, useNavigation } from '../../parts/navigation.tsx'
import { EmptyState, FailedState, LoadingRows, PageHead, Panel } from '../../parts/states.tsx'
import { useSpeech } from '../../words/i18n.ts'
import { useWorkspace } from '../../workspace.tsx'
import { useStand } from '../inbox/RunLines.tsx'
import { RunBadge } from '../TimelineView.tsx'
import { DueMark } from './DueMark.tsx'
import { FlowSelect } from './FlowSelect.tsx'

const states = ['open', 'stuck', 'late', 'closed'] as const

/** All cases, for administrators: those that are stuck first, then those that are late. */
export function FlowRunsView() {
  const { say } = useSpeech()
  const { api, key: workspace } = useWorkspace()
  const navigation = useNavigation()
  const [state, setState] = useState<RunStateWanted>('open')
  const [search, setSearch] = useState('')
  const [flow, setFlow] = useState<string | null>(null)
  const [wanted] = useDebouncedValue(search.trim(), 300)
  const runs = useInfiniteQuery({
    queryKey: ['flow-runs', workspace, state, wanted, flow],
    enabled: api !== null,
    placeholderData: keepPreviousData,
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      api!.listFlowRuns({
        state,
        ...(wanted ? { search: wanted } : {}),
        ...(flow ? { flow } : {}),
        cursor: pageParam,
        limit: 50,
      }),
    getNextPageParam: (last) => last.next,
    refetchInterval: 30_000,
  })
  const list = runs.data?.pages.flatMap((page) => page.runs) ?? []
  const counts = runs.data?.pages[0]?.counts
  const countOf = (one: RunStateWanted) =>
    one === 'open'
      ? counts?.running
      : one === 'stuck'
        ? counts?.incident
        : one === 'late'
          ? counts?.late
          : undefined
  return (
    <>
      <PageHead title={say('runs.title')} note={say('runs.note')}>
        <Button
          variant="default"
          leftSection={<IconChartBar size={16} />}
          onClick={() => navigation.go(navigation.runs('figures'))}
        >
          {say('figures.title')}
        </Button>
      </PageHead>
      <OlderReleases />
      <Group gap="sm" mb="sm">
        <SegmentedControl
          aria-label={say('runs.title')}
          value={state}
          onChange={(next) => setState(states.find((one) => one === next) ?? 'open')}
          data={states.map((one) => ({
            value: one,
            label: (
              <span className="cw-counted">
                {say(`runs.state.${one}`)}
                {countOf(one) ? <span className="cw-count">{countOf(one)}</span> : null}
              </span>
            ),
          }))}
        />
        <FlowSelect value={flow} onChange={setFlow} />
        <TextInput
          style={{ flex: '1 1 14rem' }}
          aria-label={say('table.search')}
          placeholder={say('runs.search')}
          leftSection={<IconSearch size={16} />}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
      </Group>
      <Panel flush>
        {runs.isPending ? (
          <LoadingRows rows={8} />
        ) : hasFailed(runs) ? (
          <FailedState error={runs.error} onRetry={() => void runs.refetch()} />
        ) : list.length === 0 ? (
          <EmptyState
            title={say(wanted || flow ? 'table.noMatch' : `runs.none.${state}`)}
            hint={wanted || flow ? say('table.noMatchHint') : undefined}
          />
        ) : (
          <RunRows runs={list} />
        )}
        {runs.hasNextPage && (
          <Group justify="center" p="xs">
            <Button
              variant="subtle"
              loading={runs.isFetchingNextPage}
              onClick={() => void runs.fetchNextPage()}
            >
              {say(runs.isFetchNextPageError ? 'app.retry' : 'table.more')}
            </Button>
          </Group>
        )}
      </Panel>
    </>
  )
}

/** After a publish: how many open cases go on by an older release, and the way to what may become of them. */
function OlderReleases() {
  const { say } = useSpeech()
  const { api, key: workspace } = useWorkspace()
  const navigation = useNavigation()
  const versions = useQuery({
    queryKey: ['flow-versions', workspace],
    enabled: api !== null,
    queryFn: () => api!.listFlowVersions(),
  })
  const count = versions.data?.flows.reduce((sum, flow) => sum + flow.older, 0) ?? 0
  if (count === 0) return null
  return (
    <Alert color="gray" mb="sm" p="xs">
      <Group justify="space-between" gap="xs">
        <Text size="sm">{say('versions.notice', { count })}</Text>
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => navigation.go(navigation.runs('versions'))}
        >
          {say('versions.look')}
        </Button>
      </Group>
    </Alert>
  )
}

function RunRows({ runs }: { runs: RunPage['runs'] }) {
  const { say, locale } = useSpeech()
  const { portal } = useWorkspace()
  const navigation = useNavigation()
  const standOf = useStand()
  const zone = portal.workspace.timeZone
  return (
    <LinkRegion className="cw-scroll">
      <table className="cw-table cw-runs-table">
        <thead>
          <tr>
            <th>{say('runs.case')}</th>
            <th>{say('runs.stands')}</th>
            <th>{say('runs.applicant')}</th>
            <th>{say('runs.started')}</th>
            <th>{say('runs.status')}</th>
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <tr key={run.id}>
              <td>
                <a className="cw-row-link" href={navigation.run(run.id)}>
                  {run.title ?? run.flow.title[locale]}
                </a>
                {run.title && (
                  <Text size="xs" c="dimmed">
                    {run.flow.title[locale]}
                  </Text>
                )}
              </td>
              <td data-label={say('runs.stands')}>
                <div>
                  <Text size="sm">{standOf(run) || '—'}</Text>
                  {run.incident && (
                    <Text size="xs" c="red">
                      {run.incident.message[locale]}
                    </Text>
                  )}
                  {run.since && run.ended_at === null && (
                    <Text size="xs" c="dimmed">
                      {say('flow.sinceMoment', { when: formatMoment(run.since, locale, zone) })}
                    </Text>
                  )}
                </div>
              </td>
              <td data-label={say('runs.applicant')}>{run.applicant.name ?? '—'}</td>
              <td className="cw-nowrap" data-label={say('runs.started')}>
                {formatMoment(run.started_at, locale, zone)}
              </td>
              <td data-label={say('runs.status')}>
                <Group gap={6}>
                  <RunBadge status={run.status} />
                  {run.ended_at === null && <DueMark due={run.due_at} />}
                  {run.outcome && run.outcome !== run.status && (
                    <Badge size="sm" color="gray">
                      {run.outcome_title?.[locale] ?? run.outcome}
                    </Badge>
                  )}
                </Group>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </LinkRegion>
  )
}
