import type { FormDefinition } from '@channelwright/runtime/definition/form.ts'
import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { FormBoard } from './FormBoard.tsx'
import type { PreviewProps } from './previews.ts'

/** The form as people will meet it. */
export function FormPreview({ definition, set }: PreviewProps) {
  const { t } = useTranslation('builder')
  const form = definition as unknown as FormDefinition
  const object = set.objects.get(form.object)
  if (!object) return <Text c="dimmed">{t('previewWithoutObject', { object: form.object })}</Text>
  return <FormBoard form={form} object={object} set={set} />
}
