import { Badge, Button, Group, Stack, Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import type { HistoryChange, HistoryEntry } from '../../src/api/records.ts'
import type { FieldDefinition } from '../../src/definition/object.ts'
import { titleOf } from '../../src/fields/shared.ts'
import type { Json } from '../../src/json.ts'
import type { Locale } from '../../src/text.ts'
import { useFormat } from '../fields/cells.tsx'
import { hasFailed } from '../parts/failed.ts'
import { formatMoment } from '../parts/moments.ts'
import { FailedState, LoadingRows, Panel } from '../parts/states.tsx'
import { gatherPages } from '../parts/titled-pages.ts'
import type { WordKey } from '../words/en.ts'
import { type Speech, useSpeech } from '../words/i18n.ts'
import { readField, useWorkspace } from '../workspace.tsx'
import { LineChanges } from './LineChanges.tsx'

const verbs: Readonly<Record<HistoryEntry['action'], WordKey>> = {
  create: 'history.created',
  update: 'history.updated',
  delete: 'history.deleted',
  restore: 'history.restored',
}

/** Who changed what and when, under which release; newest first. */
export function HistoryView({ object, id }: { object: string; id: string }) {
  const { say } = useSpeech()
  const { api, key: workspace } = useWorkspace()
  const pages = useInfiniteQuery({
    queryKey: ['history', workspace, object, id],
    enabled: api !== null,
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) => api!.readHistory(object, id, pageParam),
    getNextPageParam: (last) => last.next,
  })
  const { entries, titles } = gatherPages(pages.data?.pages)
  return (
    <Panel title={say('detail.history')} flush>
      {pages.isPending ? (
        <LoadingRows rows={3} />
      ) : hasFailed(pages) ? (
        <FailedState error={pages.error} onRetry={() => void pages.refetch()} />
      ) : entries.length === 0 ? (
        <Text size="sm" c="dimmed" p="md">
          {say('history.empty')}
        </Text>
      ) : (
        <>
          {entries.map((entry) => (
            <Entry key={entry.id} entry={entry} object={object} id={id} titles={titles} />
          ))}
          {pages.hasNextPage && (
            <Button
              m="xs"
              variant="subtle"
              size="compact-sm"
              loading={pages.isFetchingNextPage}
              onClick={() => void pages.fetchNextPage()}
            >
              {say(pages.isFetchNextPageError ? 'app.retry' : 'history.more')}
            </Button>
          )}
        </>
      )}
    </Panel>
  )
}

/** Who wrote, and by what: "System (flow …) on behalf of …". */
function describeAuthor({ name, cause }: HistoryEntry, say: Speech['say'], locale: Locale): string {
  if (!cause) return name ?? say('history.system')
  const title = cause.title?.[locale]
  const place = [title, cause.nodeTitle?.[locale]].filter(Boolean).join(' · ')
  if (cause.kind === 'task') {
    const person = name ?? say('history.somebody')
    return place ? say('history.at_task', { person, place }) : person
  }
  const kind = say(`history.kind.${cause.kind}`)
  const by = place ? say('history.by_named', { kind, place }) : say('history.by', { kind })
  return name ? say('history.on_behalf', { by, person: name }) : by
}

/** A value in words. The server names all that the reader may see: an id without a name is none for their eyes. */
export function useToldValue(titles: Readonly<Record<string, string>>) {
  const { say } = useSpeech()
  const format = useFormat()
  return (value: Json | undefined, field: FieldDefinition): string => {
    const isUnseen = typeof value === 'string' && value !== '' && titles[value] === undefined
    if (isUnseen && field['x-field'] === 'reference') return say('history.unseen')
    if (isUnseen && field['x-field'] === 'user') return say('history.somebody')
    return format(value, field, titles)
  }
}

function Entry({
  entry,
  object,
  id,
  titles,
}: {
  entry: HistoryEntry
  object: string
  id: string
  titles: Readonly<Record<string, string>>
}) {
  const { say, locale } = useSpeech()
  const { release, portal } = useWorkspace()
  const tell = useToldValue(titles)
  const changes = entry.changes.flatMap((change) => {
    const field = readField(release, object, change.field)
    if (!field || change.line || (entry.action === 'create' && change.after === null)) return []
    return [{ ...change, field, key: change.field }]
  })
  const lines = new Map<string, HistoryChange[]>()
  for (const change of entry.changes)
    if (change.line && readField(release, object, change.field))
      lines.set(change.field, [...(lines.get(change.field) ?? []), change])
  return (
    <div className="cw-card">
      <Group justify="space-between" gap="xs" wrap="nowrap" align="baseline">
        <Text size="sm">
          <Text span fw={550}>
            {describeAuthor(entry, say, locale)}
          </Text>{' '}
          {say(verbs[entry.action])}
        </Text>
        <Badge size="xs" color="gray" style={{ flex: 'none' }}>
          {say('history.release', { number: entry.release })}
        </Badge>
      </Group>
      <Text size="xs" c="dimmed">
        <time dateTime={entry.at}>{formatMoment(entry.at, locale, portal.workspace.timeZone)}</time>
      </Text>
      {entry.action !== 'create' && (changes.length > 0 || lines.size > 0) && (
        <Stack gap={2} mt={6}>
          {[...lines].map(([key, rows]) => (
            <LineChanges key={key} object={object} id={id} field={key} changes={rows} titles={titles} />
          ))}
          {changes.map(({ key, field, before, after }) => (
            <Text size="sm" key={key}>
              <Text span c="dimmed">
                {titleOf(field, locale)}:{' '}
              </Text>
              {tell(after, field) || say('history.none')}
              {before !== null && before !== '' && (
                <Text span c="dimmed" size="xs">
                  {' '}
                  {say('history.from', { before: tell(before, field) })}
                </Text>
              )}
            </Text>
          ))}
        </Stack>
      )}
    </div>
  )
}
