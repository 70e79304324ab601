import type { FormDefinition } from '@channelwright/runtime/definition/form.ts'
import type { ObjectDefinition } from '@channelwright/runtime/definition/object.ts'
import { Faces } from '@channelwright/runtime/react/fields/faces.tsx'
import { FormView } from '@channelwright/runtime/react/form/FormView.tsx'
import { Paper, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../api.ts'
import { useDefinitions, useWorkspace } from '../hooks.ts'
import { Loaded } from '../shell/Loaded.tsx'

/** Nobody in particular: what the form's rules see of the person while it is only looked at. */
const viewer = { id: '00000000-0000-0000-0000-000000000000', partner: null, partners: [], roles: [] }

/** The form as people will meet it, drawn and ruled by the runtime; nothing is sent. */
export function FormPreview({ form }: { form: FormDefinition }) {
  const { t } = useTranslation('builder')
  const workspace = useWorkspace()
  const list = useDefinitions()
  const entry = list.data?.definitions.find((one) => one.kind === 'object' && one.key === form.object)
  const source = useQuery({
    queryKey: ['source', workspace, entry?.pack, entry?.path],
    queryFn: () => api.readSource(workspace, entry?.pack ?? '', entry?.path ?? ''),
    enabled: entry !== undefined,
  })
  const object = useMemo(() => {
    const text = source.data?.draft?.text ?? source.data?.released
    return text ? (JSON.parse(text) as ObjectDefinition) : null
  }, [source.data])

  if (list.data && !entry) return <Text c="dimmed">{t('previewBroken')}</Text>
  return <Loaded query={source}>{object && <FormBoard form={form} object={object} />}</Loaded>
}

/** An object's fields as a form that asks for all of them: what each is called, and what it takes. */
export function ObjectPreview({ object }: { object: ObjectDefinition }) {
  const form = useMemo(() => makeFormOfAll(object), [object])
  return <FormBoard form={form} object={object} />
}

function FormBoard({ form, object }: { form: FormDefinition; object: ObjectDefinition }) {
  return (
    <Paper p="md">
      <Faces api={null} release={null} timeZone={Intl.DateTimeFormat().resolvedOptions().timeZone}>
        <FormView form={form} object={object} actor={viewer} />
      </Faces>
    </Paper>
  )
}

function makeFormOfAll(object: ObjectDefinition): FormDefinition {
  const entered = Object.entries(object.schema.properties).filter(
    ([, field]) => !('readOnly' in field && field.readOnly === true),
  )
  return {
    kind: 'form/1',
    key: 'preview',
    'x-id': 'preview',
    title: object.title,
    object: object.key,
    purpose: 'create',
    steps: [
      {
        'x-id': 'preview_step',
        title: object.title,
        sections: [{ 'x-id': 'preview_section', rows: entered.map(([key]) => [key]) }],
      },
    ],
  }
}
