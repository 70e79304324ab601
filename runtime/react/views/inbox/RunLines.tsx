import { Group, Text } from '@mantine/core'
import type { RunLine } from '../../../src/api/flows.ts'
import { formatMoment } from '../../parts/moments.ts'
import { LinkRegion } from '../../parts/navigation.tsx'
import { useSpeech } from '../../words/i18n.ts'
import { useWorkspace } from '../../workspace.tsx'
import { DueMark } from '../flows/DueMark.tsx'
import { RunBadge } from '../TimelineView.tsx'

/** Where a run stands in one line: the steps, and who is waited for. */
export function useStand(): (run: Partial<Pick<RunLine, 'nodes' | 'waiting_for'>>) => string {
  const { say, locale } = useSpeech()
  return (run) => {
    const join = locale === 'zh' ? '、' : ', '
    const people = (run.waiting_for ?? []).map((one) => one.name ?? say('history.somebody'))
    return [
      (run.nodes ?? []).map((node) => node.title[locale]).join(join),
      people.length > 0 && say('flow.waitingFor', { people: people.join(join) }),
    ]
      .filter(Boolean)
      .join(' · ')
  }
}

export function RunList({
  runs,
  current,
  hrefOf,
}: {
  runs: readonly RunLine[]
  current: string | null
  hrefOf(run: string): string
}) {
  const { locale } = useSpeech()
  const { portal } = useWorkspace()
  const standOf = useStand()
  return (
    <LinkRegion>
      {runs.map((run) => (
        <div className="cw-inbox-line" key={run.id}>
          <a
            href={hrefOf(run.id)}
            className="cw-card cw-task"
            data-line={run.id}
            aria-current={run.id === current ? 'true' : undefined}
          >
            <Group justify="space-between" gap="xs" wrap="nowrap">
              <Text fw={550} size="sm" className="cw-clip">
                {run.title ?? run.flow.title[locale]}
              </Text>
              <RunBadge status={run.status} />
            </Group>
            <Text size="sm" c="dimmed" className="cw-clip">
              {standOf(run) || run.flow.title[locale]}
            </Text>
            <Group gap="xs" justify="space-between">
              <Text size="xs" c="dimmed">
                {formatMoment(run.started_at, locale, portal.workspace.timeZone)}
              </Text>
              {run.ended_at === null && <DueMark due={run.due_at} />}
            </Group>
          </a>
        </div>
      ))}
    </LinkRegion>
  )
}
