import { Group, Text } from '@mantine/core'
import { IconAlertTriangle, IconCheck, IconCircle, IconClock, IconX } from '@tabler/icons-react'
import { useMemo } from 'react'
import type { RunReply } from '../../../src/api/flows.ts'
import { formatMoment } from '../../parts/moments.ts'
import type { WordKey } from '../../words/en.ts'
import { useSpeech } from '../../words/i18n.ts'
import { useWorkspace } from '../../workspace.tsx'
import { useNow } from './DueMark.tsx'
import { nestSteps, type RunNode, type RunStep } from './run-steps.ts'
import { formatSpan, secondsBetween } from './spans.ts'
import { TaskTree } from './TaskTree.tsx'

export const stepIcons = {
  active: IconClock,
  done: IconCheck,
  cancelled: IconX,
  waiting: IconCircle,
  incident: IconAlertTriangle,
} as const

/** How long a node has been waiting, or when it was left. */
export function useNodeTime(): (node: RunNode, open: boolean) => string | null {
  const { say, locale } = useSpeech()
  const { portal } = useWorkspace()
  const now = useNow()
  return (node, open) => {
    if (open && (node.state === 'active' || node.state === 'incident') && node.entered_at)
      return say('flow.since', {
        span: formatSpan(secondsBetween(node.entered_at, new Date(now).toISOString()), locale),
      })
    return node.left_at && formatMoment(node.left_at, locale, portal.workspace.timeZone)
  }
}

/** The whole way of a run from top to bottom, with its branches: what the diagram shows, for narrow screens and readers. */
export function RunSteps({ run }: { run: RunReply }) {
  const steps = useMemo(() => nestSteps(run), [run])
  return <Steps run={run} steps={steps} />
}

function Steps({ run, steps }: { run: RunReply; steps: readonly RunStep[] }) {
  const { say } = useSpeech()
  return (
    <ol className="cw-steps">
      {steps.map(({ node, ways }) => (
        <li key={node.id} data-state={node.state}>
          <Step run={run} node={node} />
          {ways.map(({ edge, steps: way }, at) => (
            <div key={edge.id} className="cw-way" data-taken={edge.taken ? '' : undefined}>
              <WayTitle run={run} edge={edge} at={at} />
              {way.length > 0 ? (
                <Steps run={run} steps={way} />
              ) : (
                <Text size="xs" c="dimmed">
                  {say('flow.straightOn')}
                </Text>
              )}
            </div>
          ))}
        </li>
      ))}
    </ol>
  )
}

function WayTitle({ edge, at }: { run: RunReply; edge: RunReply['edges'][number]; at: number }) {
  const { say, locale } = useSpeech()
  return (
    <Text size="xs" c="dimmed" fw={550}>
      {edge.title?.[locale] ?? say('flow.way', { number: at + 1 })}
      {edge.taken && ` · ${say('flow.taken')}`}
    </Text>
  )
}

function Step({ run, node }: { run: RunReply; node: RunNode }) {
  const { say, locale } = useSpeech()
  const timeOf = useNodeTime()
  const Icon = stepIcons[node.state]
  const time = timeOf(node, isOpenRun(run))
  return (
    <div className="cw-step">
      <span className="cw-step-mark" aria-hidden>
        <Icon size={14} />
      </span>
      <div style={{ minWidth: 0, flex: 1 }}>
        <Group gap="xs" justify="space-between" wrap="nowrap" align="baseline">
          <Text size="sm" fw={node.state === 'active' ? 600 : 500}>
            {node.title[locale]}
            <span className="cw-sr"> {say(`flow.node.${node.state}` as WordKey)}</span>
          </Text>
          {time && (
            <Text size="xs" c="dimmed" className="cw-nowrap">
              {time}
            </Text>
          )}
        </Group>
        {node.incident && (
          <Text size="sm" c="red">
            {node.incident.message[locale]}
          </Text>
        )}
        {node.state !== 'waiting' && <TaskTree run={run} node={node.id} />}
      </div>
    </div>
  )
}

export function isOpenRun(run: Pick<RunReply, 'status'>): boolean {
  return ['running', 'returned', 'suspended', 'incident'].includes(run.status)
}
