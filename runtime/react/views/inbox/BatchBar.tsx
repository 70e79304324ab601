import { Alert, Button, Group, List, Modal, Text, Textarea } from '@mantine/core'
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { BatchReply, TaskItem } from '../../../src/api/flows.ts'
import { isProblem } from '../../api/problem.ts'
import { Refused, useRefusal } from '../../parts/refusal.tsx'
import { useSpeech } from '../../words/i18n.ts'
import { useWorkspace } from '../../workspace.tsx'
import { useCommandIds } from '../flows/command-ids.ts'

/** Most tasks that are approved at once. */
export const mostAtOnce = 200

/** Chooses and approves tasks one after another, and says of each how it went. */
export function BatchBar({
  tasks,
  all,
  isMore,
  onAll,
  onClear,
}: {
  tasks: readonly TaskItem[]
  /** How many in the list could be chosen, and whether further pages may hold more. */
  all: number
  isMore: boolean
  onAll(): Promise<void>
  onClear(): void
}) {
  const { say } = useSpeech()
  const [asking, ask] = useState(false)
  const [choosing, choose] = useState(false)
  const chooseAll = () => {
    choose(true)
    void onAll().finally(() => choose(false))
  }
  const more = tasks.length < mostAtOnce && (tasks.length < all || isMore)
  const everything = more && (
    <Button size="compact-md" variant="subtle" loading={choosing} onClick={chooseAll}>
      {isMore ? say('inbox.chooseEvery') : say('inbox.chooseAll', { count: all })}
    </Button>
  )
  if (tasks.length === 0 && !asking) return all > 1 ? <div className="cw-batch-none">{everything}</div> : null
  return (
    <div className="cw-batch" role="status">
      <Text size="sm" fw={550}>
        {say('inbox.chosen', { count: tasks.length })}
      </Text>
      <Group gap="xs">
        <Button size="compact-md" onClick={() => ask(true)}>
          {say('inbox.approveChosen', { count: tasks.length })}
        </Button>
        {everything}
        <Button size="compact-md" variant="subtle" onClick={onClear}>
          {say('inbox.chooseNone')}
        </Button>
      </Group>
      {asking && (
        <BatchDialog
          tasks={tasks}
          onClose={(done) => {
            ask(false)
            if (done) onClear()
          }}
        />
      )}
    </div>
  )
}

function BatchDialog({
  tasks: given,
  onClose,
}: {
  tasks: readonly TaskItem[]
  onClose(done: boolean): void
}) {
  const { say, locale } = useSpeech()
  const { api, key: workspace } = useWorkspace()
  const queries = useQueryClient()
  // Approved ones leave the list behind: what was chosen stays as it was.
  const [tasks] = useState(given)
  const [comment, setComment] = useState('')
  const commandId = useCommandIds()
  const approve = useMutation({
    mutationFn: () =>
      api!.approveTasks({
        decision: 'approve',
        ...(comment.trim() ? { comment: comment.trim() } : {}),
        items: tasks.map((task) => ({
          task: task.id,
          taskRev: task.rev,
          commandId: commandId(task.id, task.rev, task.record_rev, comment.trim()),
          ...(task.record_rev === null ? {} : { seenVersion: task.record_rev }),
        })),
      }),
    onSettled: () => queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[1] === workspace }),
  })
  const refusal = useRefusal(approve, [comment])
  const reply = approve.data
  const nameOf = (id: string) => {
    const task = tasks.find((one) => one.id === id)
    return task?.title ?? task?.flow.title[locale] ?? id
  }
  return (
    <Modal
      opened
      // Which ones were refused is told here and nowhere else.
      onClose={() => approve.isPending || onClose(reply !== undefined)}
      title={<Text fw={600}>{say('inbox.approveChosen', { count: tasks.length })}</Text>}
      closeButtonProps={{ 'aria-label': say('app.close') }}
    >
      {isProblem(refusal) && <Refused problem={refusal} />}
      {reply ? (
        <Results reply={reply} nameOf={nameOf} />
      ) : (
        <>
          <List size="sm" mb="md" className="cw-batch-list">
            {tasks.map((task) => (
              <List.Item key={task.id}>
                {nameOf(task.id)} · {task.node.title[locale]}
              </List.Item>
            ))}
          </List>
          <Textarea
            label={say('inbox.comment')}
            description={say('inbox.commentOptional')}
            autosize
            minRows={2}
            maxLength={2000}
            value={comment}
            onChange={(event) => setComment(event.currentTarget.value)}
          />
        </>
      )}
      <Group justify="flex-end" mt="md">
        {reply ? (
          <Button onClick={() => onClose(true)}>{say('app.close')}</Button>
        ) : (
          <>
            <Button variant="default" disabled={approve.isPending} onClick={() => onClose(false)}>
              {say('app.cancel')}
            </Button>
            <Button loading={approve.isPending} onClick={() => approve.mutate()}>
              {say('inbox.approve')}
            </Button>
          </>
        )}
      </Group>
    </Modal>
  )
}

function Results({ reply, nameOf }: { reply: BatchReply; nameOf(task: string): string }) {
  const { say } = useSpeech()
  const failed = reply.results.filter((one) => !one.done)
  const done = reply.results.length - failed.length
  return (
    <>
      {done > 0 && (
        <Alert color="teal" icon={<IconCheck size={18} />} mb="sm">
          {say('inbox.batchDone', { count: done })}
        </Alert>
      )}
      {failed.map(({ task, problem }) => (
        <Alert key={task} color="red" mb="sm" icon={<IconAlertTriangle size={18} />} title={nameOf(task)}>
          {problem ? `${problem.message} ${problem.hint}` : say('inbox.conflict')}
        </Alert>
      ))}
    </>
  )
}
