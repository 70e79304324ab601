import { ActionIcon, Button, Group, Indicator, Popover, Text, UnstyledButton } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconBell, IconBellOff } from '@tabler/icons-react'
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import type { NotificationItem } from '../../../src/api/flows.ts'
import { hasFailed } from '../../parts/failed.ts'
import { formatMoment } from '../../parts/moments.ts'
import { AppLink, LinkRegion, type Navigation, useNavigation } from '../../parts/navigation.tsx'
import { EmptyState, FailedState, LoadingRows, PageHead, Panel } from '../../parts/states.tsx'
import { useSpeech } from '../../words/i18n.ts'
import { useWorkspace } from '../../workspace.tsx'
import { useCounts } from '../inbox/live-counts.ts'

function useNotes(wanted: boolean) {
  const { api, key: workspace } = useWorkspace()
  return useInfiniteQuery({
    queryKey: ['notifications', workspace],
    enabled: api !== null && wanted,
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) => api!.listNotifications({ cursor: pageParam, limit: 20 }),
    getNextPageParam: (last) => last.next,
  })
}

function useReading() {
  const { api, key: workspace } = useWorkspace()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (which: { ids: readonly string[] } | { all: true }) => api!.readNotifications(which),
    onSuccess: async () => {
      for (const name of ['notifications', 'inbox-counts'])
        await queries.invalidateQueries({ queryKey: [name, workspace] })
    },
  })
}

/** What is new for me, wherever I am. */
export function NotificationBell({ position = 'bottom-end' }: { position?: 'bottom-end' | 'top-end' }) {
  const { say } = useSpeech()
  const navigation = useNavigation()
  const unread = useCounts().notifications ?? 0
  const [open, { close, toggle }] = useDisclosure(false)
  const notes = useNotes(open)
  const reading = useReading()
  return (
    <Popover
      opened={open}
      onChange={(next) => !next && close()}
      width={340}
      position={position}
      trapFocus
      withinPortal
      shadow="md"
    >
      <Indicator
        label={unread > 99 ? '99+' : unread}
        disabled={unread === 0}
        size={16}
        offset={5}
        color="red"
      >
        <Popover.Target>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            aria-label={unread > 0 ? say('notes.unread', { count: unread }) : say('notes.title')}
            onClick={toggle}
          >
            <IconBell size={20} stroke={1.6} />
          </ActionIcon>
        </Popover.Target>
      </Indicator>
      <Popover.Dropdown p={0} aria-label={say('notes.title')}>
        <Group justify="space-between" px="md" py="xs">
          <Text fw={600} size="sm">
            {say('notes.title')}
          </Text>
          {unread > 0 && (
            <Button size="compact-xs" variant="subtle" onClick={() => reading.mutate({ all: true })}>
              {say('notes.readAll')}
            </Button>
          )}
        </Group>
        <div className="cw-notes-short">
          <Notes
            notes={notes}
            most={8}
            onOpen={(note, leads) => {
              if (leads) close()
              if (note.read_at === null) reading.mutate({ ids: [note.id] })
            }}
          />
        </div>
        <Group justify="center" py="xs" onClick={close}>
          <AppLink href={navigation.notifications()} fz="sm">
            {say('notes.all')}
          </AppLink>
        </Group>
      </Popover.Dropdown>
    </Popover>
  )
}

/** All that I was told, newest first. */
export function NotificationsView() {
  const { say } = useSpeech()
  const notes = useNotes(true)
  const reading = useReading()
  const unread = notes.data?.pages[0]?.unread ?? 0
  return (
    <div className="cw-narrow-page">
      <PageHead title={say('notes.title')}>
        {unread > 0 && (
          <Button variant="default" loading={reading.isPending} onClick={() => reading.mutate({ all: true })}>
            {say('notes.readAll')}
          </Button>
        )}
      </PageHead>
      <Panel flush>
        <Notes
          notes={notes}
          onOpen={(note) => {
            if (note.read_at === null) reading.mutate({ ids: [note.id] })
          }}
        />
        {notes.hasNextPage && (
          <Group justify="center" p="xs">
            <Button
              variant="subtle"
              loading={notes.isFetchingNextPage}
              onClick={() => void notes.fetchNextPage()}
            >
              {say(notes.isFetchNextPageError ? 'app.retry' : 'table.more')}
            </Button>
          </Group>
        )}
      </Panel>
    </div>
  )
}

/** The task if it is still theirs, else the case; where many are stuck, all cases. */
function hrefOf(note: NotificationItem, navigation: Navigation): string | undefined {
  if (note.task) return navigation.inbox(note.task)
  if (note.run) return navigation.run(note.run)
  return note.kind === 'incident' ? navigation.runs() : undefined
}

function Notes({
  notes,
  most,
  onOpen,
}: {
  notes: ReturnType<typeof useNotes>
  most?: number
  /** `leads`: to another page. */
  onOpen(note: NotificationItem, leads: boolean): void
}) {
  const { say, locale } = useSpeech()
  const { portal } = useWorkspace()
  const navigation = useNavigation()
  if (notes.isPending) return <LoadingRows rows={4} />
  if (hasFailed(notes)) return <FailedState error={notes.error} onRetry={() => void notes.refetch()} />
  const all = notes.data.pages.flatMap((page) => page.notifications).slice(0, most)
  if (all.length === 0)
    return <EmptyState icon={IconBellOff} title={say('notes.none')} hint={say('notes.noneHint')} />
  return (
    <LinkRegion>
      {all.map((note) => {
        const href = hrefOf(note, navigation)
        const said = (
          <>
            <Text component="span" display="block" size="sm" fw={note.read_at === null ? 550 : 400}>
              {note.read_at === null && <span className="cw-sr">{say('notes.new')} </span>}
              {note.sentence[locale]}
            </Text>
            <Text component="span" display="block" size="xs" c="dimmed">
              <time dateTime={note.at}>{formatMoment(note.at, locale, portal.workspace.timeZone)}</time>
            </Text>
          </>
        )
        const line = {
          className: 'cw-card cw-note',
          'data-unread': note.read_at === null ? '' : undefined,
          onClick: () => onOpen(note, href !== undefined),
        }
        // What is about no case leads nowhere: pressing it says that it was read.
        return href === undefined ? (
          <UnstyledButton key={note.id} {...line}>
            {said}
          </UnstyledButton>
        ) : (
          <a key={note.id} href={href} {...line}>
            {said}
          </a>
        )
      })}
    </LinkRegion>
  )
}
