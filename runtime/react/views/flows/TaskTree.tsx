import { Badge, Group, Text } from '@mantine/core'
import type { RunReply } from '../../../src/api/flows.ts'
import type { WordKey } from '../../words/en.ts'
import { useSpeech } from '../../words/i18n.ts'
import { CommandMenu, drawable } from './CommandMenu.tsx'
import { DueMark } from './DueMark.tsx'
import { nestTasks, type TaskBranch, tasksAt } from './node-people.ts'

export const stateColours: Readonly<Record<string, string>> = {
  pending: 'amber',
  approved: 'teal',
  auto_approved: 'teal',
  done: 'teal',
  rejected: 'red',
  auto_rejected: 'red',
  returned: 'amber',
}

/** Who is asked at a node, with those whom they asked in turn. */
export function TaskTree({ run, node }: { run: RunReply; node: string }) {
  const branches = nestTasks(tasksAt(run, node))
  return branches.length === 0 ? null : <Branches branches={branches} explains={run.may.administer} />
}

/** `explains`: to an administrator, by which calendar due times were reckoned. */
function Branches({ branches, explains }: { branches: readonly TaskBranch[]; explains: boolean }) {
  return (
    <ul className="cw-task-tree">
      {branches.map((branch) => (
        <li key={branch.task.id}>
          <Line branch={branch} explains={explains} />
          {branch.added.length > 0 && <Branches branches={branch.added} explains={explains} />}
        </li>
      ))}
    </ul>
  )
}

function Line({ branch: { task }, explains }: { branch: TaskBranch; explains: boolean }) {
  const { say, locale } = useSpeech()
  const name = task.assignee.name ?? say('history.somebody')
  const notes = [
    task.on_behalf_of && say('flow.forPerson', { name: task.on_behalf_of.name ?? say('history.somebody') }),
    task.link && say(`flow.link.${task.link}` as WordKey),
    task.opinion_only && say('flow.opinionOnly'),
  ].filter(Boolean)
  return (
    <Group gap="xs" wrap="nowrap" align="flex-start" justify="space-between">
      <Group gap={6}>
        <Text size="sm">{name}</Text>
        <Badge size="sm" color={stateColours[task.state] ?? 'gray'}>
          {say(`flow.state.${task.state}` as WordKey)}
        </Badge>
        {notes.length > 0 && (
          <Text size="xs" c="dimmed">
            {notes.join(' · ')}
          </Text>
        )}
        {task.state === 'pending' && <DueMark due={task.due_at} />}
        {explains && task.state === 'pending' && task.due_by && (
          <Text size="xs" c="dimmed">
            {say('flow.dueBy', {
              calendar: task.due_by.title?.[locale] ?? task.due_by.key,
              release: task.due_by.release,
            })}
          </Text>
        )}
      </Group>
      {task.rev !== undefined && (
        <CommandMenu
          small
          offers={drawable(task.commands)}
          target={{ on: 'task', id: task.id, rev: task.rev }}
          label={say('flow.moreAbout', { name })}
        />
      )}
    </Group>
  )
}
