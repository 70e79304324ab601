import { useNavigate, useParams } from '@tanstack/react-router'
import { RecordForm } from '../../../react/form/RecordForm.tsx'
import { PageHead, useNavigation, useSpeech, useWorkspace } from '../../../react/index.ts'
import { NotFoundPage } from './NotFoundPage.tsx'

/** A form on a page of its own, for a new record or an old one. */
export function FormPage() {
  const { form: key, id } = useParams({ strict: false })
  const { locale } = useSpeech()
  const { release, key: workspace } = useWorkspace()
  const navigation = useNavigation()
  const navigate = useNavigate()
  const form = key ? release.forms[key]?.definition : undefined
  if (!form || !key) return <NotFoundPage />
  const detail = Object.values(release.views).find(
    (view) => view.type === 'detail' && view.object === form.object,
  )
  return (
    <div className="cw-form-page">
      <PageHead title={form.title[locale]} note={form.description?.[locale]} />
      <div className="cw-panel">
        <div className="cw-panel-body cw-form-body">
          <RecordForm
            form={key}
            id={id}
            onCancel={() => navigation.back()}
            onDone={(reply) =>
              detail
                ? void navigate({ href: navigation.record(detail.key, reply.record.id), replace: true })
                : void navigate({ to: '/w/$workspace', params: { workspace } })
            }
          />
        </div>
      </div>
    </div>
  )
}
