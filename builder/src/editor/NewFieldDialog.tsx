import type { DefinitionEntry } from '@channelwright/runtime/api/definitions.ts'
import { fieldTypes, findFieldType } from '@channelwright/runtime/fields/index.ts'
import { isJsonObject, type Json } from '@channelwright/runtime/json.ts'
import { Button, Group, Modal, Select, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { makeXId } from '../drafts/make-x-id.ts'
import { useLocale } from '../hooks.ts'
import { NameInputs, noName } from '../shell/NameInputs.tsx'

interface Props {
  /** The object's definition as it stands in the editor. */
  readonly text: string
  /** Objects that a reference can lead to. */
  readonly objects: readonly DefinitionEntry[]
  readonly onAdd: (pointer: string, field: Json) => void
  readonly onClose: () => void
}

/** Asks for the least a field needs, and writes it into the definition with an identity of its own. */
export function NewFieldDialog({ text, objects, onAdd, onClose }: Props) {
  const { t } = useTranslation('builder')
  const locale = useLocale()
  const [type, setType] = useState('text')
  const [name, setName] = useState(noName)
  const { key, en, zh } = name
  const [target, setTarget] = useState<string | null>(null)
  const taken = readFieldKeys(text)
  const refersTo = type === 'reference'
  const wrong = !/^[a-z][a-z0-9_]{0,39}$/.test(key)
    ? t('keyHelp')
    : taken?.includes(key)
      ? t('keyTaken')
      : null
  const complete = wrong === null && en.trim() !== '' && (!refersTo || target !== null)

  const add = () => {
    onAdd(`/schema/properties/${key}`, {
      ...findFieldType(type)?.base,
      'x-field': type,
      'x-id': makeXId('f'),
      title: en.trim(),
      'x-title': { zh: zh.trim() || en.trim() },
      ...(refersTo ? { 'x-object': target } : {}),
    })
    onClose()
  }

  return (
    <Modal opened onClose={onClose} title={t('newField')} closeButtonProps={{ 'aria-label': t('close') }}>
      {taken === null ? (
        <Text c="dimmed">{t('solveFirst')}</Text>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault()
            if (complete) add()
          }}
        >
          <Stack gap="sm">
            <Select
              label={t('fieldType')}
              data={fieldTypes.map((one) => ({ value: one.name, label: one.title[locale] }))}
              value={type}
              onChange={(next) => next && setType(next)}
              allowDeselect={false}
              searchable
            />
            {refersTo && (
              <Select
                label={t('refersTo')}
                data={objects.map((one) => ({ value: one.key, label: one.title[locale] }))}
                value={target}
                onChange={setTarget}
                required
              />
            )}
            <NameInputs name={name} onChange={setName} help={t('fieldKeyHelp')} error={wrong} />
            <Group justify="end">
              <Button variant="default" onClick={onClose}>
                {t('cancel')}
              </Button>
              <Button type="submit" disabled={!complete}>
                {t('addField')}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  )
}

/** Keys the object has; null while its text cannot be read as an object. */
function readFieldKeys(text: string): string[] | null {
  try {
    const definition: unknown = JSON.parse(text)
    if (!isJsonObject(definition) || !isJsonObject(definition.schema)) return null
    return isJsonObject(definition.schema.properties) ? Object.keys(definition.schema.properties) : null
  } catch {
    return null
  }
}
