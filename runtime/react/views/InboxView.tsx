import { Button, Group, SegmentedControl } from '@mantine/core'
import { IconArrowLeft, IconChecklist, IconCopy, IconSend } from '@tabler/icons-react'
import { type ReactNode, useMemo, useState } from 'react'
import { hasFailed } from '../parts/failed.ts'
import { useNavigation } from '../parts/navigation.tsx'
import { EmptyState, FailedState, LoadingRows, PageHead, Panel } from '../parts/states.tsx'
import type { WordKey } from '../words/en.ts'
import { useSpeech } from '../words/i18n.ts'
import { RunView } from './flows/RunView.tsx'
import { BatchBar, mostAtOnce } from './inbox/BatchBar.tsx'
import {
  type Box,
  boxes,
  emptyInbox,
  type InboxState,
  isFiltered,
  unfiltered,
  useRunBox,
  useTaskBox,
} from './inbox/boxes.ts'
import { InboxFilters } from './inbox/InboxFilters.tsx'
import { InboxKeys } from './inbox/InboxKeys.tsx'
import { useCounts } from './inbox/live-counts.ts'
import { RunList } from './inbox/RunLines.tsx'
import { TaskList } from './inbox/TaskLines.tsx'
import { TaskView } from './TaskView.tsx'

const icons = { todo: IconChecklist, done: IconChecklist, started: IconSend, copied: IconCopy }

/** What waits for me, what I have done, started and was copied on; at a desk the case stands beside the list. */
export function InboxView({
  task,
  state,
  hrefOf,
  onChange,
}: {
  task: string | null
  state: InboxState
  /** Address of a task or case with the list as it stands beside it. */
  hrefOf(open: { readonly task?: string; readonly run?: string }): string
  onChange(state: InboxState): void
}) {
  const { say } = useSpeech()
  const navigation = useNavigation()
  const counts = useCounts()
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const byTask = state.box === 'todo' || state.box === 'done'
  const taskBox = useTaskBox(state)
  const runBox = useRunBox(state)
  const box = byTask ? taskBox : runBox
  const tasks = useMemo(() => taskBox.data?.pages.flatMap((page) => page.tasks) ?? [], [taskBox.data])
  const runs = useMemo(() => runBox.data?.pages.flatMap((page) => page.runs) ?? [], [runBox.data])
  const picked = tasks.filter((one) => chosen.has(one.id) && one.batch !== false)
  const toggle = (id: string) => {
    if (state.box !== 'todo' || tasks.find((one) => one.id === id)?.batch === false) return
    setChosen((before) => {
      const after = new Set(before)
      if (!after.delete(id)) after.add(id)
      return after
    })
  }
  /** All that the list holds, page after page, as many as are approved at once. */
  const chooseAll = async () => {
    let pages = taskBox.data?.pages ?? []
    let more = taskBox.hasNextPage
    const fitting = () => pages.flatMap((page) => page.tasks).filter((one) => one.batch !== false)
    while (more && fitting().length < mostAtOnce) {
      const next = await taskBox.fetchNextPage()
      pages = next.data?.pages ?? pages
      more = !next.isError && next.hasNextPage
    }
    setChosen(
      new Set(
        fitting()
          .slice(0, mostAtOnce)
          .map((one) => one.id),
      ),
    )
  }
  const flows = useFlowsSeen(byTask ? tasks : runs)
  const isEmpty = byTask ? tasks.length === 0 : runs.length === 0
  const open = task ?? state.run
  return (
    <>
      <PageHead title={say('inbox.title')}>
        <InboxKeys onChoose={toggle} />
      </PageHead>
      <div className="cw-inbox" data-open={open ? '' : undefined}>
        <div className="cw-inbox-list">
          <SegmentedControl
            fullWidth
            mb="sm"
            className="cw-inbox-boxes"
            aria-label={say('inbox.title')}
            value={state.box}
            onChange={(next) => {
              setChosen(new Set())
              onChange({ ...emptyInbox, box: boxes.find((one) => one === next) ?? 'todo' })
            }}
            data={boxes.map((one) => ({ value: one, label: <BoxLabel box={one} counts={counts} /> }))}
          />
          <InboxFilters state={state} flows={flows} onChange={onChange} />
          {state.box === 'todo' && (
            <BatchBar
              tasks={picked}
              all={tasks.filter((one) => one.batch !== false).length}
              isMore={taskBox.hasNextPage}
              onAll={chooseAll}
              onClear={() => setChosen(new Set())}
            />
          )}
          <Panel flush>
            {box.isPending ? (
              <LoadingRows rows={6} />
            ) : hasFailed(box) ? (
              <FailedState error={box.error} onRetry={() => void box.refetch()} />
            ) : isEmpty ? (
              <Nothing state={state} onClear={() => onChange(unfiltered(state))} />
            ) : byTask ? (
              <TaskList
                tasks={tasks}
                current={task}
                chosen={state.box === 'todo' ? { has: (id) => chosen.has(id), toggle } : undefined}
                hrefOf={(id) => hrefOf({ task: id })}
              />
            ) : (
              <RunList runs={runs} current={state.run} hrefOf={(id) => hrefOf({ run: id })} />
            )}
            {box.hasNextPage && (
              <Group justify="center" p="xs">
                <Button
                  variant="subtle"
                  loading={box.isFetchingNextPage}
                  onClick={() => void box.fetchNextPage()}
                >
                  {say(box.isFetchNextPageError ? 'app.retry' : 'table.more')}
                </Button>
              </Group>
            )}
          </Panel>
        </div>
        <div className="cw-inbox-task">
          {open ? (
            <Opened onBack={() => navigation.go(hrefOf({}))}>
              {task ? <TaskView key={task} id={task} /> : <RunView key={open} id={open} heading={2} />}
            </Opened>
          ) : (
            <Panel>
              <EmptyState icon={icons[state.box]} title={say(byTask ? 'inbox.pick' : 'inbox.pickRun')} />
            </Panel>
          )}
        </div>
      </div>
    </>
  )
}

function Opened({ onBack, children }: { onBack(): void; children: ReactNode }) {
  const { say } = useSpeech()
  return (
    <>
      <Button
        hiddenFrom="md"
        variant="subtle"
        leftSection={<IconArrowLeft size={16} />}
        size="compact-sm"
        mb="sm"
        onClick={onBack}
      >
        {say('inbox.title')}
      </Button>
      {children}
    </>
  )
}

function BoxLabel({ box, counts }: { box: Box; counts: ReturnType<typeof useCounts> }) {
  const { say } = useSpeech()
  const count = box === 'todo' ? counts.todo : box === 'copied' ? counts.copied : undefined
  return (
    <span className="cw-counted">
      {say(`inbox.box.${box}`)}
      {count ? <span className="cw-count">{count}</span> : null}
    </span>
  )
}

function Nothing({ state, onClear }: { state: InboxState; onClear(): void }) {
  const { say } = useSpeech()
  if (isFiltered(state))
    return (
      <EmptyState title={say('table.noMatch')} hint={say('table.noMatchHint')}>
        <Button variant="default" size="xs" onClick={onClear}>
          {say('table.clearFilters')}
        </Button>
      </EmptyState>
    )
  return (
    <EmptyState
      icon={icons[state.box]}
      title={say(`inbox.empty.${state.box}` as WordKey)}
      hint={say(`inbox.emptyHint.${state.box}` as WordKey)}
    />
  )
}

/** Flows that the list has shown so far: filtering by one must not take the others from the choice. */
function useFlowsSeen(
  items: readonly { readonly flow: { readonly key: string; readonly title: { en: string; zh: string } } }[],
) {
  const { locale } = useSpeech()
  const [seen] = useState(() => new Map<string, { readonly en: string; readonly zh: string }>())
  for (const { flow } of items) seen.set(flow.key, flow.title)
  return [...seen].map(([key, title]) => ({ key, title: title[locale] }))
}

/** How many tasks wait for me and how many cases for an administrator, for the badges beside the menu's entries. */
export function useWaiting(): { readonly todo: number; readonly stuck: number } {
  const { todo = 0, stuck = 0 } = useCounts()
  return { todo, stuck }
}
