import type { FormDefinition } from '@channelwright/runtime/definition/form.ts'
import type { ObjectDefinition } from '@channelwright/runtime/definition/object.ts'
import { Text } from '@mantine/core'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { FormBoard } from './FormBoard.tsx'
import type { PreviewProps } from './previews.ts'

/** The form as people will meet it. */
export function FormPreview({ definition, set }: PreviewProps) {
  const { t } = useTranslation('builder')
  const form = definition as unknown as FormDefinition
  const object = set.objects.get(form.object)
  const known = useMemo(() => object && withKnownFields(form, object), [form, object])
  if (!object || !known) return <Text c="dimmed">{t('previewWithoutObject', { object: form.object })}</Text>
  return <FormBoard form={known} object={object} set={set} />
}

/** Without the fields that the drafted object lacks: what is left stays in sight, the problems name the others. */
function withKnownFields(form: FormDefinition, object: ObjectDefinition): FormDefinition {
  const isKnown = (key: string) => Object.hasOwn(object.schema.properties, key)
  return {
    ...form,
    steps: form.steps.map((step) => ({
      ...step,
      sections: step.sections.map((section) => ({
        ...section,
        rows: section.rows.map((row) => row.filter(isKnown)).filter((row) => row.length > 0),
      })),
    })),
    fields: Object.fromEntries(Object.entries(form.fields ?? {}).filter(([key]) => isKnown(key))),
  }
}
