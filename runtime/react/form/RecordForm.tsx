import { notifications } from '@mantine/notifications'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import type { RecordReply } from '../../src/api/records.ts'
import type { JsonObject } from '../../src/json.ts'
import { hasFailed } from '../parts/failed.ts'
import { EmptyState, FailedState, LoadingRows } from '../parts/states.tsx'
import { useSpeech } from '../words/i18n.ts'
import { useWorkspace } from '../workspace.tsx'
import { fieldsOnly } from './engine.ts'
import { FormView } from './FormView.tsx'
import type { FormViewProps } from './form-props.ts'
import { type StartPicks, useChoosing } from './use-choosing.tsx'
import { useServedForm } from './use-served-form.ts'

/** A form of the release in force, for a new record or an old one; sends what is entered to the server. */
export function RecordForm({
  form: key,
  id,
  given,
  titles,
  onDone,
  onSend,
  sendTitle,
  onCancel,
  children,
  beside,
}: {
  form: string
  id?: string
  /** What a new record begins with, and what references in it are called. */
  given?: JsonObject
  titles?: Readonly<Record<string, string>>
  onDone(reply: RecordReply): void
  /** On the button, where it is sent another way. */
  sendTitle?: string
  /** Sends what was entered another way than by writing the record; `onDone` is then for whoever sends. */
  onSend?(values: JsonObject, rev: number | undefined): Promise<void>
  onCancel?(): void
  children?: ReactNode
} & Pick<FormViewProps, 'beside'>) {
  const { say } = useSpeech()
  const { api, key: workspace, portal, release } = useWorkspace()
  const queries = useQueryClient()
  const form = release.forms[key]
  const object = form ? release.objects[form.definition.object] : undefined
  const objectKey = form?.definition.object ?? ''

  const choosing = useChoosing()
  const served = useServedForm(form)
  // The form stands on the record as it was when it opened: a newer one is noticed by the server and taken up on
  // demand, never slipped under the entries.
  const [opening, setOpening] = useState(0)
  const record = useQuery({
    queryKey: ['form-record', workspace, objectKey, id, opening],
    enabled: api !== null && object !== undefined && id !== undefined,
    queryFn: () => api!.readRecord(objectKey, id!),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  })
  if (!form || !object || !api) return <EmptyState title={say('form.noForm')} />
  if (hasFailed(record)) return <FailedState error={record.error} onRetry={() => void record.refetch()} />
  if (served.isPending || (id !== undefined && record.isPending)) return <LoadingRows rows={6} height={34} />

  const stored = record.data?.record
  const submit = async (values: JsonObject, { idempotencyKey }: { idempotencyKey: string }) => {
    if (onSend) return onSend(values, stored?.rev)
    const write = (picks?: StartPicks) => {
      const options = { idempotencyKey, form: key, rev: stored?.rev, ...(picks ? { picks } : {}) }
      return id
        ? api.updateRecord(objectKey, id, values, options)
        : api.createRecord(objectKey, values, options)
    }
    const reply = await choosing.retry(write)
    await queries.invalidateQueries({
      predicate: ({ queryKey }) =>
        queryKey[1] === workspace && !['release', 'portal', 'form-record'].includes(String(queryKey[0])),
    })
    notifications.show({ message: say('form.done'), color: 'teal', autoClose: 2500 })
    onDone(reply)
  }
  return (
    <>
      {choosing.dialog}
      <FormView
        key={`${key} ${id ?? ''} ${opening}`}
        form={form.definition}
        object={object.definition}
        definitions={served.definitions}
        actor={served.actor}
        record={stored ? fieldsOnly(stored) : undefined}
        rev={stored?.rev ?? null}
        titles={record.data?.titles ?? titles}
        given={given}
        writable={id ? (record.data?.may.update ?? []) : object.create}
        check={served.check}
        readRecord={served.readRecord}
        draft={{ workspace, user: portal.user.id, form: key, record: id ?? draftOf(given) }}
        onSubmit={submit}
        sendTitle={sendTitle}
        onReload={id ? () => setOpening(opening + 1) : undefined}
        onCancel={onCancel}
        beside={beside}
      >
        {children}
      </FormView>
    </>
  )
}

/** A new record that begins with something of another one has a draft of its own. */
function draftOf(given: JsonObject | undefined): string {
  const first = Object.values(given ?? {}).find((value) => typeof value === 'string')
  return typeof first === 'string' ? `new ${first}` : 'new'
}
