import { Badge, Button, Group, SegmentedControl, Text } from '@mantine/core'
import { IconArrowLeft, IconChecklist } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { TaskItem } from '../../src/api/flows.ts'
import { formatMoment } from '../parts/moments.ts'
import { useFollow, useNavigation } from '../parts/navigation.tsx'
import { EmptyState, FailedState, LoadingRows, PageHead, Panel } from '../parts/states.tsx'
import type { WordKey } from '../words/en.ts'
import { useSpeech } from '../words/i18n.ts'
import { useWorkspace } from '../workspace.tsx'
import { TaskView } from './TaskView.tsx'

/** What waits for me and what I have done; at a desk the task stands beside the list. */
export function InboxView({ task }: { task: string | null }) {
  const { say } = useSpeech()
  const navigation = useNavigation()
  const [state, setState] = useState<'todo' | 'done'>('todo')
  const todo = useTasks(state)
  const tasks = todo.data?.pages.flatMap((page) => page.tasks) ?? []
  const waiting = todo.data?.pages[0]?.counts.todo
  return (
    <>
      <PageHead title={say('inbox.title')}>
        <SegmentedControl
          aria-label={say('inbox.title')}
          value={state}
          onChange={(next) => setState(next === 'done' ? 'done' : 'todo')}
          data={[
            {
              value: 'todo',
              label: waiting === undefined ? say('inbox.open') : `${say('inbox.open')} ${waiting}`,
            },
            { value: 'done', label: say('inbox.done') },
          ]}
        />
      </PageHead>
      <div className="cw-inbox" data-open={task ? '' : undefined}>
        <div className="cw-inbox-list">
          <Panel flush>
            {todo.isPending ? (
              <LoadingRows rows={6} />
            ) : todo.isError ? (
              <FailedState error={todo.error} onRetry={() => void todo.refetch()} />
            ) : tasks.length === 0 ? (
              <EmptyState
                icon={IconChecklist}
                title={say(state === 'todo' ? 'inbox.empty' : 'inbox.doneEmpty')}
                hint={state === 'todo' ? say('inbox.emptyHint') : undefined}
              />
            ) : (
              <TaskList tasks={tasks} current={task} />
            )}
            {todo.hasNextPage && (
              <Group justify="center" p="xs">
                <Button
                  variant="subtle"
                  loading={todo.isFetchingNextPage}
                  onClick={() => void todo.fetchNextPage()}
                >
                  {say('table.more')}
                </Button>
              </Group>
            )}
          </Panel>
        </div>
        <div className="cw-inbox-task">
          {task ? (
            <>
              <Button
                hiddenFrom="md"
                variant="subtle"
                leftSection={<IconArrowLeft size={16} />}
                size="compact-sm"
                mb="sm"
                onClick={() => navigation.go(navigation.inbox())}
              >
                {say('inbox.title')}
              </Button>
              <TaskView id={task} />
            </>
          ) : (
            <Panel>
              <EmptyState icon={IconChecklist} title={say('inbox.pick')} />
            </Panel>
          )}
        </div>
      </div>
    </>
  )
}

function useTasks(state: 'todo' | 'done') {
  const { api, key: workspace } = useWorkspace()
  return useInfiniteQuery({
    queryKey: ['tasks', workspace, state],
    enabled: api !== null,
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) => api!.listTasks({ state, cursor: pageParam, limit: 30 }),
    getNextPageParam: (last) => last.next,
    refetchInterval: 30_000,
  })
}

/** How many tasks wait for me, for the badge beside the menu entry. */
export function useWaiting(): number {
  return useTasks('todo').data?.pages[0]?.counts.todo ?? 0
}

export function TaskList({ tasks, current }: { tasks: readonly TaskItem[]; current?: string | null }) {
  const { say, locale } = useSpeech()
  const { portal } = useWorkspace()
  const navigation = useNavigation()
  const follow = useFollow()
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the links inside take the keys
    // biome-ignore lint/a11y/noStaticElementInteractions: only hands clicks on its links to the router
    <div onClick={follow}>
      {tasks.map((task) => (
        <a
          key={task.id}
          href={navigation.inbox(task.id)}
          className="cw-card cw-task"
          aria-current={task.id === current ? 'true' : undefined}
        >
          <Group justify="space-between" gap="xs" wrap="nowrap">
            <Text fw={550} size="sm" className="cw-clip">
              {task.title ?? task.flow.title[locale]}
            </Text>
            {task.state !== 'pending' && (
              <Badge
                color={task.state === 'approved' ? 'teal' : task.state === 'rejected' ? 'red' : 'gray'}
                size="sm"
              >
                {say(`flow.state.${task.state}` as WordKey)}
              </Badge>
            )}
          </Group>
          <Text size="sm" c="dimmed" className="cw-clip">
            {task.node.title[locale]}
            {task.applicant.name && ` · ${say('inbox.from', { name: task.applicant.name })}`}
          </Text>
          <Text size="xs" c="dimmed">
            {formatMoment(task.decided_at ?? task.created_at, locale, portal.workspace.timeZone)}
          </Text>
        </a>
      ))}
    </div>
  )
}
