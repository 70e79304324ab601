import { Badge, Stack, Text, Timeline } from '@mantine/core'
import {
  IconAlertTriangle,
  IconArrowBackUp,
  IconBell,
  IconCheck,
  IconClock,
  IconCopy,
  IconFlag,
  IconMessage,
  IconPlayerPause,
  IconPlayerPlay,
  IconUserCheck,
  IconUserShare,
  IconUsers,
  IconX,
} from '@tabler/icons-react'
import type { ComponentType } from 'react'
import type { RunReply } from '../../src/api/flows.ts'
import { isClosed } from '../../src/flow/run.ts'
import { Attachments } from '../files/Attachments.tsx'
import { SignatureImage } from '../files/SignatureImage.tsx'
import { formatMoment, sayMoments } from '../parts/moments.ts'
import type { WordKey } from '../words/en.ts'
import { useSpeech } from '../words/i18n.ts'
import { useWorkspace } from '../workspace.tsx'
import { DueMark } from './flows/DueMark.tsx'
import { nearestDue } from './flows/node-people.ts'

const tones: Readonly<Record<RunReply['status'], string>> = {
  running: 'harbor',
  approved: 'teal',
  rejected: 'red',
  withdrawn: 'gray',
  returned: 'amber',
  suspended: 'gray',
  expired: 'gray',
  terminated: 'gray',
  ended: 'gray',
  incident: 'amber',
}

export function RunBadge({ status }: { status: RunReply['status'] }) {
  const { say } = useSpeech()
  return <Badge color={tones[status]}>{say(`flow.${status}` as WordKey)}</Badge>
}

/** What kind of event it was, by the words of its type. */
function iconOf(type: string): ComponentType<{ size?: number }> {
  if (/approv/.test(type)) return IconCheck
  if (/reject|cancel|terminat/.test(type)) return IconX
  if (/decid/.test(type)) return IconUserCheck
  if (/withdraw|returned|taken_back/.test(type)) return IconArrowBackUp
  if (/signer/.test(type)) return IconUsers
  if (/transferred|delegated|reassigned/.test(type)) return IconUserShare
  if (type === 'copied') return IconCopy
  if (/opinion/.test(type)) return IconMessage
  if (/remind/.test(type)) return IconBell
  if (/suspend/.test(type)) return IconPlayerPause
  if (/start|resum|submitted/.test(type)) return IconPlayerPlay
  if (/incident|fail/.test(type)) return IconAlertTriangle
  if (/end/.test(type)) return IconFlag
  return IconClock
}

/** The story of a run: what happened, by whom and when, and whom it waits for now. */
export function TimelineView({ run }: { run: RunReply }) {
  const { say, locale } = useSpeech()
  const { portal } = useWorkspace()
  const pending = run.tasks.filter((task) => task.state === 'pending')
  const waiting = run.nodes
    .filter(
      // The story may end with who has to act: said once is enough.
      (node) =>
        node.state === 'incident' || (node.state === 'active' && run.timeline.at(-1)?.node !== node.id),
    )
    .map((node) => ({
      ...node,
      due: nearestDue(pending.filter((task) => task.node === node.id)),
      people: pending
        .filter((task) => task.node === node.id)
        .flatMap(({ assignee: { name }, on_behalf_of: other }) => {
          if (name === null) return []
          if (other === null) return name
          return `${name} (${say('flow.forPerson', { name: other.name ?? say('history.somebody') })})`
        }),
    }))
  return (
    <Timeline bulletSize={24} lineWidth={2} active={run.timeline.length - 1}>
      {run.timeline.map((entry, at) => {
        const Icon = iconOf(entry.type)
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: events are told in order and never change
          <Timeline.Item key={at} bullet={<Icon size={14} />}>
            <Text size="sm">
              {sayMoments(entry.sentence[locale], (instant) =>
                formatMoment(instant, locale, portal.workspace.timeZone),
              )}
            </Text>
            {entry.comment && !entry.sentence[locale].includes(entry.comment) && (
              <Text size="sm" className="cw-quote">
                {entry.comment}
              </Text>
            )}
            {entry.signature !== null && (
              <SignatureImage signature={entry.signature} label={say('command.field.signature')} />
            )}
            <Attachments ids={entry.attachments} />
            <Text size="xs" c="dimmed">
              <time dateTime={entry.at}>{formatMoment(entry.at, locale, portal.workspace.timeZone)}</time>
            </Text>
          </Timeline.Item>
        )
      })}
      {!isClosed(run) &&
        run.status !== 'suspended' &&
        waiting.map((node) => (
          <Timeline.Item key={node.id} bullet={<IconClock size={14} />} lineVariant="dashed">
            <Stack gap={2}>
              <Text size="sm" fw={550}>
                {node.title[locale]}
              </Text>
              {node.people.length > 0 && (
                <Text size="sm" c="dimmed">
                  {say('flow.waitingFor', { people: node.people.join(locale === 'zh' ? '、' : ', ') })}
                </Text>
              )}
              {node.due && <DueMark due={node.due} />}
              {node.incident && (
                <Text size="sm" c="red">
                  {node.incident.message[locale]}
                </Text>
              )}
            </Stack>
          </Timeline.Item>
        ))}
    </Timeline>
  )
}
