import {
  Checkbox,
  MultiSelect,
  NumberInput,
  SegmentedControl,
  Select,
  Stack,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { CommandOffer } from '../../../src/api/flows.ts'
import type { Json } from '../../../src/json.ts'
import { AttachmentInput } from '../../files/AttachmentInput.tsx'
import { useSpeech } from '../../words/i18n.ts'
import { useWorkspace } from '../../workspace.tsx'
import type { CommandField } from './command-fields.ts'
import { PeoplePicker, PersonPicker } from './PeoplePicker.tsx'
import { SignaturePad } from './SignaturePad.tsx'

/** The word of a property or of one of its values; a new one reads as it is written until it has one. */
export function useCommandWords(): (
  kind: 'field' | 'value' | 'help',
  name: string,
  command?: string,
) => string {
  const { t, i18n } = useTranslation()
  return (kind, name, command) => {
    // A command may mean something else by it than the others.
    const own = `command.${kind}.${command}.${name}`
    const key = command !== undefined && i18n.exists(own) ? own : `command.${kind}.${name}`
    if (i18n.exists(key)) return t(key)
    return kind === 'help' ? '' : name.replaceAll('_', ' ')
  }
}

/** One input of a command's form. */
export function CommandInput({
  id,
  offer,
  field,
  value,
  error,
  onChange,
}: {
  id: string
  offer: CommandOffer
  field: CommandField
  value: Json | undefined
  error: string | undefined
  onChange(value: Json | undefined): void
}) {
  const { say, locale } = useSpeech()
  const { portal } = useWorkspace()
  const word = useCommandWords()
  const { control, key, required } = field
  const label = word('field', key, offer.name)
  const text = typeof value === 'string' ? value : ''
  const list = Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : []
  const named = { id, label, error, required }
  const common = {
    id,
    label,
    error,
    description: word('help', key) || undefined,
    withAsterisk: required,
    'aria-required': required,
  }
  switch (control.type) {
    case 'words':
      return (
        <Textarea
          {...common}
          autosize
          minRows={2}
          maxRows={8}
          maxLength={key === 'reason' ? 1000 : 4000}
          value={text}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      )
    case 'text':
      return <TextInput {...common} value={text} onChange={(event) => onChange(event.currentTarget.value)} />
    case 'number':
      return (
        <NumberInput
          {...common}
          allowDecimal={false}
          min={control.min}
          max={control.max}
          value={typeof value === 'number' ? value : ''}
          onChange={(next) => onChange(typeof next === 'number' ? next : undefined)}
        />
      )
    case 'person':
      return (
        <PersonPicker
          {...named}
          without={control.others ? [portal.user.id] : []}
          value={text === '' ? null : text}
          onChange={(next) => onChange(next ?? undefined)}
        />
      )
    case 'people':
      return (
        <PeoplePicker
          {...named}
          without={control.others ? [portal.user.id] : []}
          value={list}
          onChange={onChange}
        />
      )
    case 'signature':
      return (
        <SignaturePad
          {...named}
          value={text === '' ? null : text}
          onChange={(next) => onChange(next ?? undefined)}
        />
      )
    case 'switch':
      return (
        <Checkbox
          id={id}
          label={label}
          description={common.description}
          checked={value === true}
          onChange={(event) => onChange(event.currentTarget.checked || undefined)}
        />
      )
    case 'choice': {
      const data = control.values.map((one) => ({ value: one, label: word('value', one) }))
      if (!required || data.length > 3)
        return (
          <Select
            {...common}
            clearable={!required}
            data={data}
            value={text === '' ? null : text}
            onChange={(next) => onChange(next ?? undefined)}
          />
        )
      return (
        <Stack gap={4}>
          <Text size="sm" fw={550} id={`${id}-label`}>
            {label}
          </Text>
          <SegmentedControl
            fullWidth
            aria-labelledby={`${id}-label`}
            data={data}
            value={text}
            onChange={onChange}
          />
        </Stack>
      )
    }
    case 'offered': {
      const data = (offer.choices?.[key] ?? []).map((one) => ({ value: one.id, label: one.title[locale] }))
      const nothing = say('table.noMatch')
      const note = offer.choices?.[key]?.find((one) => one.id === text)?.note?.[locale]
      return control.many ? (
        <MultiSelect
          {...common}
          searchable
          nothingFoundMessage={nothing}
          data={data}
          value={list}
          onChange={onChange}
        />
      ) : (
        <Select
          {...common}
          {...(note === undefined ? {} : { description: note })}
          searchable={data.length > 8}
          nothingFoundMessage={nothing}
          data={data}
          value={text === '' ? null : text}
          onChange={(next) => onChange(next ?? undefined)}
        />
      )
    }
    case 'attachments':
      return <AttachmentInput {...named} value={list} onChange={onChange} />
  }
}
