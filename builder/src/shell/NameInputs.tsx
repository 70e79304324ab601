import { TextInput } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

/** What something new is called: its key, and its title in both languages. */
export interface NewName {
  readonly key: string
  readonly en: string
  readonly zh: string
}

export const noName: NewName = { key: '', en: '', zh: '' }

interface Props {
  readonly name: NewName
  readonly onChange: (name: NewName) => void
  /** What a key is for here. */
  readonly help: string
  /** What is wrong with the key, once one is written. */
  readonly error: ReactNode
}

/** Asks for the name of something new. */
export function NameInputs({ name, onChange, help, error }: Props) {
  const { t } = useTranslation('builder')
  return (
    <>
      <TextInput
        label={t('key')}
        description={help}
        value={name.key}
        onChange={(event) => onChange({ ...name, key: event.currentTarget.value })}
        error={name.key === '' ? null : error}
        data-autofocus
        required
      />
      <TextInput
        label={t('titleEn')}
        value={name.en}
        onChange={(event) => onChange({ ...name, en: event.currentTarget.value })}
        required
      />
      <TextInput
        label={t('titleZh')}
        value={name.zh}
        onChange={(event) => onChange({ ...name, zh: event.currentTarget.value })}
      />
    </>
  )
}
