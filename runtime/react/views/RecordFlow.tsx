import { Alert, Button, Group, Text } from '@mantine/core'
import { IconChecklist } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { RunReply } from '../../src/api/flows.ts'
import { isProblem } from '../api/problem.ts'
import { hasFailed } from '../parts/failed.ts'
import { formatMoment } from '../parts/moments.ts'
import { AppLink, useNavigation } from '../parts/navigation.tsx'
import { FailedState, LoadingRows, Panel } from '../parts/states.tsx'
import { useSpeech } from '../words/i18n.ts'
import { useWorkspace } from '../workspace.tsx'
import { CommandBar } from './flows/CommandMenu.tsx'
import { isOpenRun } from './flows/RunSteps.tsx'
import { RunStory } from './flows/RunStory.tsx'
import { StartButtons } from './flows/StartButtons.tsx'
import { RunBadge } from './TimelineView.tsx'

/** The approvals of a record: the present one told in full, earlier ones on demand. */
export function RecordFlow({
  object,
  record,
  deciding,
  told,
}: {
  object: string
  record: string
  /** The decision stands on the same page: no need to lead there. */
  deciding?: boolean
  /** The case that is told until another one is chosen. Default: the newest in which people had something to do. */
  told?: string
}) {
  const { say } = useSpeech()
  const navigation = useNavigation()
  const runs = useRuns(object, record)
  const [shown, setShown] = useState<string | null>(told ?? null)
  if (runs.isError && isProblem(runs.error) && [403, 404].includes(runs.error.status)) return null
  const list = toldFirst(runs.data?.runs ?? [])
  const run = list.find((one) => one.id === shown) ?? list[0]
  return (
    <Panel
      title={run?.flow.title ? <FlowTitle run={run} /> : say('detail.progress')}
      aside={run && <RunBadge status={run.status} />}
    >
      {!deciding && <StartButtons object={object} record={record} />}
      {runs.isPending ? (
        <LoadingRows rows={3} />
      ) : hasFailed(runs) ? (
        <FailedState error={runs.error} onRetry={() => void runs.refetch()} />
      ) : run ? (
        <>
          {!deciding && <MyTask run={run} />}
          <RunStory key={run.id} run={run} />
          <Group gap="sm" mt="md">
            <CommandBar offers={run.commands} target={{ on: 'run', id: run.id, rev: run.rev }} />
            <AppLink href={navigation.run(run.id)} fz="sm">
              {say('flow.openRun')}
            </AppLink>
          </Group>
          {list.length > 1 && <Cases runs={list} shown={run.id} onShow={setShown} />}
        </>
      ) : (
        <Text size="sm" c="dimmed">
          {say('flow.none')}
        </Text>
      )}
    </Panel>
  )
}

/** Which case of the record is told: by its flow and day. */
function Cases({
  runs,
  shown,
  onShow,
}: {
  runs: readonly RunReply[]
  shown: string
  onShow(run: string): void
}) {
  const { say, locale } = useSpeech()
  const { portal } = useWorkspace()
  const zone = portal.workspace.timeZone
  return (
    <Group gap={4} mt="md" role="group" aria-label={say('detail.cases')}>
      <Text size="xs" c="dimmed" w="100%" aria-hidden>
        {say('detail.cases')}
      </Text>
      {runs.map((run) => (
        <Button
          key={run.id}
          size="compact-xs"
          variant={run.id === shown ? 'light' : 'subtle'}
          aria-pressed={run.id === shown}
          onClick={() => onShow(run.id)}
        >
          {run.flow.title[locale]} · {formatMoment(run.started_at, locale, zone)}
        </Button>
      ))}
    </Group>
  )
}

/** Those in which people had something to do come before those that only the server went through. */
function toldFirst(runs: readonly RunReply[]): readonly RunReply[] {
  return [...runs.filter((run) => run.tasks.length > 0), ...runs.filter((run) => run.tasks.length === 0)]
}

/** The runs of a record. `wanted`: whether there is anything to ask for. */
export function useRuns(object: string, record: string, wanted = true) {
  const { api, key: workspace } = useWorkspace()
  return useQuery({
    queryKey: ['runs', workspace, object, record],
    enabled: api !== null && wanted,
    queryFn: () => api!.listRuns(object, record),
    // Effects are applied in the background: a run that goes on is looked at again.
    refetchInterval: ({ state }) => (state.data?.runs.some(isOpenRun) ? 5000 : false),
  })
}

function FlowTitle({ run }: { run: RunReply }) {
  const { locale } = useSpeech()
  return <>{run.flow.title[locale]}</>
}

/** The reader's own open task on the record leads to the decision. */
export function MyTask({ run }: { run: RunReply }) {
  const { say } = useSpeech()
  const { portal } = useWorkspace()
  const navigation = useNavigation()
  const asks = (task: RunReply['tasks'][number]) =>
    task.state === 'pending' && task.assignee.id === portal.user.id
  const mine = run.status === 'suspended' ? undefined : run.tasks.find(asks)
  if (!mine) return null
  return (
    <Alert color="amber" mb="md" icon={<IconChecklist size={18} />} title={say('detail.yourDecision')}>
      <Button size="xs" onClick={() => navigation.go(navigation.inbox(mine.id))}>
        {say('detail.decide')}
      </Button>
    </Alert>
  )
}
