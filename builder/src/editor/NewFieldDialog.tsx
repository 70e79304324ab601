import type { DefinitionEntry } from '@channelwright/runtime/api/definitions.ts'
import { fieldTypes, findFieldType } from '@channelwright/runtime/fields/index.ts'
import { isJsonObject, type Json } from '@channelwright/runtime/json.ts'
import { Button, Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { makeXId } from '../drafts/make-x-id.ts'
import { useLocale } from '../hooks.ts'

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
  const [key, setKey] = useState('')
  const [en, setEn] = useState('')
  const [zh, setZh] = useState('')
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
            <TextInput
              label={t('key')}
              description={t('fieldKeyHelp')}
              value={key}
              onChange={(event) => setKey(event.currentTarget.value)}
              error={key === '' ? null : wrong}
              data-autofocus
              required
            />
            <TextInput
              label={t('titleEn')}
              value={en}
              onChange={(event) => setEn(event.currentTarget.value)}
              required
            />
            <TextInput
              label={t('titleZh')}
              value={zh}
              onChange={(event) => setZh(event.currentTarget.value)}
            />
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
