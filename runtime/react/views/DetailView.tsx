import { Alert, Button, Group, Menu, Modal, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { IconDots, IconLock, IconPencil, IconTrash } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import type { RecordReply } from '../../src/api/records.ts'
import type { FieldDefinition } from '../../src/definition/object.ts'
import type { ViewDefinition } from '../../src/definition/view.ts'
import { titleOf } from '../../src/fields/shared.ts'
import { isEmpty } from '../../src/forms/is-empty.ts'
import { isProblem } from '../api/problem.ts'
import { FieldValue, isNumeric, useFormat } from '../fields/cells.tsx'
import { hasFailed } from '../parts/failed.ts'
import { newId } from '../parts/ids.ts'
import { LinkRegion, useNavigation } from '../parts/navigation.tsx'
import { EmptyState, FailedState, LoadingRows, PageHead, Panel } from '../parts/states.tsx'
import { useSpeech } from '../words/i18n.ts'
import { readField, useWorkspace } from '../workspace.tsx'
import { HistoryView } from './HistoryView.tsx'
import { RecordEarnings } from './RecordEarnings.tsx'
import { RecordFlow } from './RecordFlow.tsx'
import { Related, type RelatedList } from './Related.tsx'

const RecordForm = lazy(async () => ({ default: (await import('../form/RecordForm.tsx')).RecordForm }))

interface DetailSettings {
  readonly sections?: readonly {
    readonly 'x-id': string
    readonly title?: { readonly en: string; readonly zh: string }
    readonly rows: readonly (readonly string[])[]
  }[]
  readonly related?: readonly RelatedList[]
  readonly edit?: string
  readonly history?: boolean
  readonly flow?: boolean
  readonly earnings?: boolean
}

/** A record's page: its facts, what belongs to it, how its approval stands, what it earned, who changed it. */
export function DetailView({ view, id }: { view: ViewDefinition; id: string }) {
  const { say, locale } = useSpeech()
  const { api, key: workspace, release } = useWorkspace()
  const format = useFormat()
  const navigation = useNavigation()
  const object = view.object ?? ''
  const settings = view as DetailSettings
  const [editing, edit] = useDisclosure(false)
  const record = useQuery({
    queryKey: ['record', workspace, object, id],
    enabled: api !== null,
    queryFn: () => api!.readRecord(object, id),
  })
  if (record.isPending) return <LoadingRows rows={9} />
  if (hasFailed(record)) {
    const gone = isProblem(record.error) && (record.error.status === 404 || record.error.status === 403)
    return gone ? (
      <EmptyState title={say('detail.notFound')}>
        <Button variant="default" onClick={() => navigation.back()}>
          {say('app.back')}
        </Button>
      </EmptyState>
    ) : (
      <FailedState error={record.error} onRetry={() => void record.refetch()} />
    )
  }
  const reply = record.data
  const definition = release.objects[object]?.definition
  const display = definition ? readField(release, object, definition.display) : undefined
  const title = display ? format(reply.record[definition!.display], display, reply.titles) : ''
  const form = settings.edit ? release.forms[settings.edit] : undefined
  const mayEdit = form !== undefined && reply.may.update.length > 0
  const stateKey = definition?.lifecycle?.field
  const state = stateKey ? readField(release, object, stateKey) : undefined

  return (
    <>
      <PageHead
        title={title || view.title[locale]}
        note={
          <Group gap="xs" component="span">
            <span>{view.title[locale]}</span>
            {state && stateKey && (
              <FieldValue value={reply.record[stateKey]} field={state} titles={reply.titles} />
            )}
          </Group>
        }
      >
        {form && reply.may.locked && (
          <Text size="sm" c="dimmed">
            {say('detail.locked')}
          </Text>
        )}
        {mayEdit && (
          <Button variant="default" leftSection={<IconPencil size={16} />} onClick={edit.open}>
            {form.definition.purpose === 'edit' ? form.definition.title[locale] : say('detail.edit')}
          </Button>
        )}
        <MoreActions object={object} reply={reply} />
      </PageHead>
      <div className="cw-detail">
        <Stack gap="md" style={{ minWidth: 0 }}>
          {(settings.sections ?? [])
            // Beyond the first, a part in which nothing is filled in yet says nothing.
            .filter(
              (section, at) => at === 0 || section.rows.flat().some((key) => !isEmpty(reply.record[key])),
            )
            .map((section) => (
              <Panel key={section['x-id']} title={section.title?.[locale]}>
                <Facts object={object} rows={section.rows} reply={reply} under={section.title?.[locale]} />
              </Panel>
            ))}
          <Related lists={settings.related ?? []} object={object} reply={reply} title={title} />
          {settings.earnings && <RecordEarnings record={id} changedAt={String(reply.record.updated_at)} />}
        </Stack>
        <Stack gap="md" style={{ minWidth: 0 }}>
          {settings.flow && <RecordFlow object={object} record={id} />}
          {settings.history && <HistoryView object={object} id={id} />}
        </Stack>
      </div>
      {mayEdit && (
        <Modal
          opened={editing}
          onClose={edit.close}
          size="xl"
          title={<Text fw={600}>{form.definition.title[locale]}</Text>}
          closeButtonProps={{ 'aria-label': say('app.close') }}
          closeOnClickOutside={false}
        >
          <Suspense fallback={<LoadingRows />}>
            <RecordForm form={settings.edit!} id={id} onDone={edit.close} onCancel={edit.close} />
          </Suspense>
        </Modal>
      )}
    </>
  )
}

/** Fields side by side as the definition's rows say, one below the other on a phone. */
export function Facts({
  object,
  rows,
  reply,
  filledOnly,
  under,
}: {
  object: string
  rows: readonly (readonly string[])[]
  reply: Pick<RecordReply, 'record' | 'titles'>
  /** Leaves out what has no value. */
  filledOnly?: boolean
  /** The heading above: a field of the same name does not repeat it. */
  under?: string
}) {
  const { release } = useWorkspace()
  const { locale } = useSpeech()
  const most = Math.max(...rows.map((row) => row.length), 1)
  const shown = rows.flatMap((row) =>
    row.flatMap((key) => {
      const field = readField(release, object, key)
      // A lone field takes the whole row: it is a long one.
      if (filledOnly && isEmpty(reply.record[key])) return []
      return field ? [{ key, field, wide: row.length === 1 && most > 1 }] : []
    }),
  )
  return (
    <LinkRegion as="dl" className="cw-facts" style={{ ['--cw-columns' as string]: most }}>
      {shown.map(({ key, field, wide }) => (
        <div key={key} style={wide ? { gridColumn: '1 / -1' } : undefined}>
          <dt className={titleOf(field, locale) === under ? 'cw-sr' : undefined}>{titleOf(field, locale)}</dt>
          <dd>
            {field['x-field'] === 'lines' ? (
              <LinesTable field={field} value={reply.record[key]} titles={reply.titles} />
            ) : (
              <FieldValue value={reply.record[key]} field={field} titles={reply.titles} />
            )}
          </dd>
        </div>
      ))}
    </LinkRegion>
  )
}

function LinesTable({
  field,
  value,
  titles,
}: {
  field: FieldDefinition
  value: RecordReply['record'][string] | undefined
  titles: Readonly<Record<string, string>>
}) {
  const { locale } = useSpeech()
  const rows = Array.isArray(value) ? (value as Record<string, RecordReply['record'][string]>[]) : []
  const lines = field['x-lines'] as { properties?: Record<string, FieldDefinition> } | undefined
  const columns = Object.entries(lines?.properties ?? {})
  if (rows.length === 0) return <>—</>
  return (
    <div className="cw-scroll">
      <table className="cw-table cw-lines-table">
        <thead>
          <tr>
            {columns.map(([key, column]) => (
              <th key={key} scope="col" className={isNumeric(column) ? 'cw-right' : undefined}>
                {titleOf(column, locale)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <tr key={String(row._id ?? at)}>
              {columns.map(([key, column]) => (
                <td
                  key={key}
                  className={isNumeric(column) ? 'cw-right' : undefined}
                  data-label={titleOf(column, locale)}
                  data-empty={isEmpty(row[key]) || undefined}
                >
                  <FieldValue value={row[key]} field={column} titles={titles} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function MoreActions({ object, reply }: { object: string; reply: RecordReply }) {
  const { say } = useSpeech()
  const { api, key: workspace } = useWorkspace()
  const navigation = useNavigation()
  const queries = useQueryClient()
  const [asking, ask] = useDisclosure(false)
  const remove = useMutation({
    mutationFn: () =>
      api!.deleteRecord(object, reply.record.id, { idempotencyKey: newId(), rev: reply.record.rev }),
    onSuccess: async () => {
      ask.close()
      notifications.show({ message: say('detail.deleted') })
      navigation.back()
      await queries.invalidateQueries({ queryKey: ['records', workspace] })
    },
  })
  if (!reply.may.delete) return null
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" px="xs" aria-label={say('app.more')}>
            <IconDots size={18} />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item color="red" leftSection={<IconTrash size={16} />} onClick={ask.open}>
            {say('detail.delete')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal
        opened={asking}
        onClose={ask.close}
        title={<Text fw={600}>{say('detail.deleteAsk')}</Text>}
        closeButtonProps={{ 'aria-label': say('app.close') }}
      >
        {remove.isError && isProblem(remove.error) && (
          <Alert color="red" mb="sm" icon={<IconLock size={16} />} title={remove.error.message}>
            {remove.error.hint}
          </Alert>
        )}
        <Text size="sm">{say('detail.deleteHint')}</Text>
        <Group mt="lg" justify="flex-end">
          <Button variant="default" onClick={ask.close}>
            {say('app.cancel')}
          </Button>
          <Button color="red" loading={remove.isPending} onClick={() => remove.mutate()}>
            {say('detail.delete')}
          </Button>
        </Group>
      </Modal>
    </>
  )
}
