import { Badge, Group, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { RunReply } from '../../../src/api/flows.ts'
import { useFace } from '../../../src/fields/face.tsx'
import { isProblem } from '../../api/problem.ts'
import { hasFailed } from '../../parts/failed.ts'
import { formatMoment } from '../../parts/moments.ts'
import { AppLink } from '../../parts/navigation.tsx'
import { EmptyState, FailedState, LoadingRows, Panel } from '../../parts/states.tsx'
import { useSpeech } from '../../words/i18n.ts'
import { useWorkspace } from '../../workspace.tsx'
import { useMarkRead } from '../inbox/mark-read.ts'
import { MyTask } from '../RecordFlow.tsx'
import { RunBadge } from '../TimelineView.tsx'
import { CommandBar } from './CommandMenu.tsx'
import { isOpenRun } from './RunSteps.tsx'
import { RunStory } from './RunStory.tsx'
import { TaskTree } from './TaskTree.tsx'

/** A case on a page of its own: where it stands, what may be done with it, its story and its way. */
export function RunView({ id, heading = 1 }: { id: string; heading?: 1 | 2 }) {
  const { api, key: workspace } = useWorkspace()
  const run = useQuery({
    queryKey: ['run', workspace, id],
    enabled: api !== null,
    queryFn: () => api!.readRun(id),
    // Effects are applied in the background: a case that goes on is looked at again.
    refetchInterval: ({ state }) => (state.data && isOpenRun(state.data) ? 8000 : false),
  })
  if (run.isPending) return <LoadingRows rows={8} />
  if (hasFailed(run)) {
    return isProblem(run.error) && run.error.status === 404 ? (
      <EmptyState title={run.error.message} hint={run.error.hint} />
    ) : (
      <FailedState error={run.error} onRetry={() => void run.refetch()} />
    )
  }
  return <WholeRun run={run.data} heading={heading} />
}

function WholeRun({ run, heading }: { run: RunReply; heading: 1 | 2 }) {
  const { say, locale } = useSpeech()
  const { portal } = useWorkspace()
  const face = useFace()
  const href = face.recordHref(run.object, run.record)
  const zone = portal.workspace.timeZone
  useMarkRead(
    run.copies.some((copy) => copy.reader.id === portal.user.id && copy.read_at === null) ? run.id : null,
  )
  const stands = run.nodes.filter((node) => node.state === 'active' || node.state === 'incident')
  const facts = [
    run.applicant.name && say('flow.startedBy', { name: run.applicant.name }),
    formatMoment(run.started_at, locale, zone),
    (run.round ?? 1) > 1 && say('flow.round', { number: run.round }),
    say('flow.release', { number: run.release }),
  ].filter(Boolean)
  return (
    <Stack gap="md">
      <Group justify="space-between" align="flex-start" gap="sm">
        <div style={{ minWidth: 0 }}>
          <Title order={heading} size="h2">
            {run.title ?? run.flow.title[locale]}
          </Title>
          <Text size="sm" c="dimmed" component="div" className="cw-dots">
            {[run.title ? run.flow.title[locale] : null, ...facts].filter(Boolean).map((fact) => (
              <span key={String(fact)}>{fact}</span>
            ))}
          </Text>
        </div>
        <Group gap="xs">
          {href && (
            <AppLink href={href} fz="sm">
              {say('inbox.openRecord')}
            </AppLink>
          )}
          <RunBadge status={run.status} />
        </Group>
      </Group>
      <MyTask run={run} />
      {(run.commands?.length ?? 0) > 0 && (
        <Group gap="sm">
          <CommandBar offers={run.commands} target={{ on: 'run', id: run.id, rev: run.rev }} />
        </Group>
      )}
      {isOpenRun(run) && stands.length > 0 && (
        <Panel title={say('flow.standsAt')}>
          <Stack gap="md">
            {stands.map((node) => (
              <div key={node.id}>
                <Group gap="xs">
                  <Text size="sm" fw={600}>
                    {node.title[locale]}
                  </Text>
                  {node.entered_at && (
                    <Text size="xs" c="dimmed">
                      {say('flow.sinceMoment', { when: formatMoment(node.entered_at, locale, zone) })}
                    </Text>
                  )}
                  {node.state === 'incident' && <Badge color="red">{say('flow.incident')}</Badge>}
                </Group>
                {node.incident && (
                  <Text size="sm" c="red" mt={4}>
                    {node.incident.message[locale]}
                  </Text>
                )}
                <TaskTree run={run} node={node.id} />
              </div>
            ))}
          </Stack>
        </Panel>
      )}
      {run.copies.length > 0 && (
        <Panel title={say('flow.copiedTo')}>
          <ul className="cw-copies">
            {run.copies.map((copy) => (
              <li key={copy.reader.id}>
                <Text size="sm" fw={550} span>
                  {copy.reader.name ?? say('history.somebody')}
                </Text>
                <Text size="xs" c="dimmed" span>
                  {formatMoment(copy.at, locale, zone)}
                </Text>
                <Badge color={copy.read_at === null ? 'gray' : 'teal'} tt="none" size="sm">
                  {copy.read_at === null
                    ? say('flow.copyUnread')
                    : say('flow.copyRead', { at: formatMoment(copy.read_at, locale, zone) })}
                </Badge>
              </li>
            ))}
          </ul>
        </Panel>
      )}
      <Panel title={say('flow.course')}>
        <RunStory run={run} wide />
      </Panel>
    </Stack>
  )
}
