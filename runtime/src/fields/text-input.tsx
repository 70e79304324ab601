import { TextInput } from '@mantine/core'
import type { HTMLInputAutoCompleteAttribute } from 'react'
import { describeInput, type FieldWidgetProps } from './face.tsx'

/** One line of text with the keyboard and the completion that fit its meaning. */
export function TextFieldInput({
  type = 'text',
  inputMode,
  autoComplete = 'off',
  ...props
}: FieldWidgetProps & {
  type?: 'text' | 'email' | 'tel' | 'url'
  inputMode?: 'text' | 'email' | 'tel' | 'url' | 'numeric'
  autoComplete?: HTMLInputAutoCompleteAttribute
}) {
  const limit = props.field.maxLength
  return (
    <TextInput
      {...describeInput(props)}
      type={type}
      inputMode={inputMode}
      autoComplete={autoComplete}
      readOnly={props.readonly}
      maxLength={typeof limit === 'number' ? limit : undefined}
      value={typeof props.value === 'string' ? props.value : ''}
      onChange={(event) =>
        props.onChange(event.currentTarget.value === '' ? undefined : event.currentTarget.value)
      }
    />
  )
}
