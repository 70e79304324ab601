import { Badge, Checkbox, Group, Text } from '@mantine/core'
import type { TaskItem } from '../../../src/api/flows.ts'
import { useFormat } from '../../fields/cells.tsx'
import { formatMoment } from '../../parts/moments.ts'
import { LinkRegion, useNavigation } from '../../parts/navigation.tsx'
import type { WordKey } from '../../words/en.ts'
import { useSpeech } from '../../words/i18n.ts'
import { readField, useWorkspace } from '../../workspace.tsx'
import { DueMark } from '../flows/DueMark.tsx'
import { stateColours } from '../flows/TaskTree.tsx'

/** Which tasks are chosen to be decided together. */
export interface Chosen {
  has(task: string): boolean
  toggle(task: string): void
}

export function TaskList({
  tasks,
  current,
  chosen,
  hrefOf,
}: {
  tasks: readonly TaskItem[]
  current?: string | null
  /** Where several can be decided together. */
  chosen?: Chosen
  hrefOf?(task: string): string
}) {
  const navigation = useNavigation()
  return (
    <LinkRegion>
      {tasks.map((task) => (
        <TaskLine
          key={task.id}
          task={task}
          href={hrefOf?.(task.id) ?? navigation.inbox(task.id)}
          current={task.id === current}
          chosen={chosen}
        />
      ))}
    </LinkRegion>
  )
}

/** What the flow tells with its cases: the amount, most of all. */
function useFacts({ object, facts }: TaskItem): string {
  const { release } = useWorkspace()
  const format = useFormat()
  return Object.entries(facts)
    .flatMap(([key, value]) => {
      const field = readField(release, object, key)
      return field ? format(value, field) || [] : []
    })
    .join(' · ')
}

function TaskLine({
  task,
  href,
  current,
  chosen,
}: {
  task: TaskItem
  href: string
  current: boolean
  chosen?: Chosen
}) {
  const { say, locale } = useSpeech()
  const { portal } = useWorkspace()
  const facts = useFacts(task)
  const title = task.title ?? task.flow.title[locale]
  const notes = [
    task.node.title[locale],
    task.applicant.name && say('inbox.from', { name: task.applicant.name }),
    task.on_behalf_of && say('flow.forPerson', { name: task.on_behalf_of.name ?? say('history.somebody') }),
  ].filter(Boolean)
  return (
    <div className="cw-inbox-line" data-chosen={chosen?.has(task.id) ? '' : undefined}>
      {chosen && (
        <Checkbox
          className="cw-inbox-choose"
          tabIndex={-1}
          disabled={task.batch === false}
          aria-label={say('inbox.choose', { title })}
          title={
            task.batch === false
              ? say(task.suspended ? 'flow.taskSuspended' : 'inbox.notTogether')
              : undefined
          }
          checked={chosen.has(task.id)}
          onChange={() => chosen.toggle(task.id)}
        />
      )}
      <a
        href={href}
        className="cw-card cw-task"
        data-line={task.id}
        aria-current={current ? 'true' : undefined}
      >
        <Group justify="space-between" gap="xs" wrap="nowrap">
          <Text fw={550} size="sm" className="cw-clip">
            {title}
          </Text>
          {task.suspended ? (
            <Badge color="gray" size="sm">
              {say('flow.suspended')}
            </Badge>
          ) : task.state === 'pending' ? (
            <DueMark due={task.due_at} />
          ) : (
            <Badge color={stateColours[task.state] ?? 'gray'} size="sm">
              {say(`flow.state.${task.state}` as WordKey)}
            </Badge>
          )}
        </Group>
        <Text size="sm" c="dimmed" className="cw-clip">
          {notes.join(' · ')}
        </Text>
        {facts !== '' && (
          <Text size="sm" className="cw-clip cw-task-facts">
            {facts}
          </Text>
        )}
        <Text size="xs" c="dimmed">
          {formatMoment(task.decided_at ?? task.created_at, locale, portal.workspace.timeZone)}
          {task.opinion_only && ` · ${say('flow.opinionOnly')}`}
        </Text>
      </a>
    </div>
  )
}
