import { type ReactNode, useState } from 'react'
import type { TaskReply } from '../../src/api/flows.ts'
import type { ClientForm } from '../../src/api/records.ts'
import type { JsonObject } from '../../src/json.ts'
import { EmptyState, LoadingRows } from '../parts/states.tsx'
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
  onReload,
}: {
  task: TaskReply & { readonly form: ClientForm }
  actions(form: FormActions): ReactNode
  children?: ReactNode
} & Pick<FormViewProps, 'beside' | 'onChange' | 'onReload'>) {
  const { say } = useSpeech()
  const { key: workspace, portal, release } = useWorkspace()
  const { form } = task
  const object = release.objects[task.object]
  const served = useServedForm(form)
  // What is being filled in is not changed from below: `onReload` opens it anew.
  const [shown] = useState(task.filled_in ?? task.shown)
  if (!object || shown === null) return <EmptyState title={say('form.noForm')} />
  if (served.isPending) return <LoadingRows rows={4} height={34} />
  return (
    <FormView
      form={form.definition}
      object={object.definition}
      definitions={served.definitions}
      actor={served.actor}
      record={fieldsOnly(shown.record) as JsonObject}
      rev={shown.record.rev}
      titles={shown.titles}
      writable={task.writable}
      check={served.check}
      readRecord={served.readRecord}
      draft={{ workspace, user: portal.user.id, form: form.definition.key, record: task.id }}
      actions={actions}
      beside={beside}
      onChange={onChange}
      onReload={onReload}
    >
      {children}
    </FormView>
  )
}
