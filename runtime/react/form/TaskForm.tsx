import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { TaskReply } from '../../src/api/flows.ts'
import type { ClientForm } from '../../src/api/records.ts'
import type { JsonObject } from '../../src/json.ts'
import { EmptyState, FailedState, LoadingRows } from '../parts/states.tsx'
import { useSpeech } from '../words/i18n.ts'
import { useWorkspace } from '../workspace.tsx'
import { fieldsOnly } from './engine.ts'
import { FormView } from './FormView.tsx'
import type { FormActions, FormViewProps } from './form-props.ts'
import { useServedForm } from './use-served-form.ts'

/**
 * The form that a task names, over the record that the task is about. Only what the task opens can be written; it
 * travels with the decision, whose buttons `actions` draws.
 */
export function TaskForm({
  task,
  actions,
  children,
  beside,
  onChange,
}: {
  task: TaskReply & { readonly form: ClientForm }
  actions(form: FormActions): ReactNode
  children?: ReactNode
} & Pick<FormViewProps, 'beside' | 'onChange'>) {
  const { say } = useSpeech()
  const { api, key: workspace, portal, release } = useWorkspace()
  const { form } = task
  const object = release.objects[task.object]
  const served = useServedForm(form)
  const record = useQuery({
    queryKey: ['task-record', workspace, task.id, task.rev],
    enabled: api !== null,
    queryFn: () => api!.readRecord(task.object, task.record),
    // What is being filled in is not changed from below.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  })
  if (!object) return <EmptyState title={say('form.noForm')} />
  if (record.isError) return <FailedState error={record.error} onRetry={() => void record.refetch()} />
  if (served.isPending || record.isPending) return <LoadingRows rows={4} height={34} />
  return (
    <FormView
      form={form.definition}
      object={object.definition}
      definitions={served.definitions}
      actor={served.actor}
      record={fieldsOnly(record.data.record) as JsonObject}
      rev={record.data.record.rev}
      titles={record.data.titles}
      writable={task.writable}
      check={served.check}
      readRecord={served.readRecord}
      draft={{ workspace, user: portal.user.id, form: form.definition.key, record: task.id }}
      actions={actions}
      beside={beside}
      onChange={onChange}
    >
      {children}
    </FormView>
  )
}
