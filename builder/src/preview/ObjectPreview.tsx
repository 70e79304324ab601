import type { FormDefinition } from '@channelwright/runtime/definition/form.ts'
import type { ObjectDefinition } from '@channelwright/runtime/definition/object.ts'
import { findFieldType } from '@channelwright/runtime/fields/index.ts'
import { Stack, Text } from '@mantine/core'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { FormBoard } from './FormBoard.tsx'
import type { PreviewProps } from './previews.ts'

/** More fields than anybody looks through; each one drawn costs time with every edit. */
const most = 60

/** An object's fields as a form that asks for all of them: what each is called, and what it takes. */
export function ObjectPreview({ definition, set }: PreviewProps) {
  const { t } = useTranslation('builder')
  const object = useMemo(() => keepReadable(definition as unknown as ObjectDefinition), [definition])
  const entered = useMemo(() => enteredFields(object), [object])
  const form = useMemo(() => makeForm(object, entered.slice(0, most)), [object, entered])
  return (
    <Stack gap="sm">
      {entered.length > most && (
        <Text size="sm" c="dimmed">
          {t('firstFields', { shown: most, count: entered.length })}
        </Text>
      )}
      <FormBoard form={form} object={object} set={set} actions={() => null} />
    </Stack>
  )
}

/** Without the fields that are still being written: the others show meanwhile. */
function keepReadable(object: ObjectDefinition): ObjectDefinition {
  const properties = Object.fromEntries(
    Object.entries(object.schema.properties).filter(
      ([, field]) =>
        findFieldType(field['x-field']) !== undefined && typeof field['x-title']?.zh === 'string',
    ),
  )
  return { ...object, schema: { ...object.schema, properties } }
}

function enteredFields(object: ObjectDefinition): string[] {
  return Object.entries(object.schema.properties)
    .filter(([, field]) => !('readOnly' in field && field.readOnly === true))
    .map(([key]) => key)
}

function makeForm(object: ObjectDefinition, fields: readonly string[]): FormDefinition {
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
        sections: [{ 'x-id': 'preview_section', rows: fields.map((key) => [key]) }],
      },
    ],
  }
}
