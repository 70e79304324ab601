import { Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { readDecimalEntry } from './decimal-entry.ts'
import { groupDecimal, padDecimal } from './decimal-text.ts'
import { describeInput, type FieldWidgetProps } from './face.tsx'

/**
 * An exact decimal: typed or pasted freely, shown with group separators when the focus leaves, and never turned into
 * a number. Text that is no number stays as typed and is handed on, so that validation says what is wrong with it.
 */
export function DecimalInput({
  scale,
  unit,
  unitSide = 'left',
  toShown = (stored) => stored,
  toStored = (shown) => shown,
  ...props
}: FieldWidgetProps & {
  scale: number | null
  unit?: string
  unitSide?: 'left' | 'right'
  /** From what is stored to what is shown and back: a fraction shown as percent. */
  toShown?(stored: string): string
  toStored?(shown: string): string
}) {
  const [typed, setTyped] = useState<string | null>(null)
  const stored = props.value === undefined || props.value === null ? '' : String(props.value)
  const section = unit ? (
    <Text size="sm" c="dimmed" aria-hidden>
      {unit}
    </Text>
  ) : undefined

  const show = () => {
    if (stored === '') return ''
    const read = readDecimalEntry(stored)
    if (typeof read !== 'string') return stored
    const shown = toShown(read)
    return groupDecimal(scale === null ? shown : padDecimal(shown, scale))
  }
  const type = (text: string) => {
    setTyped(text)
    const read = readDecimalEntry(text)
    props.onChange(read === undefined ? undefined : read === null ? text : toStored(read))
  }

  return (
    <TextInput
      {...describeInput(props)}
      inputMode="decimal"
      autoComplete="off"
      readOnly={props.readonly}
      styles={{ input: { fontVariantNumeric: 'tabular-nums', textAlign: props.bare ? 'right' : undefined } }}
      leftSection={unitSide === 'left' && !props.bare ? section : undefined}
      leftSectionWidth={unit && unit.length > 1 ? 48 : undefined}
      rightSection={unitSide === 'right' && !props.bare ? section : undefined}
      value={typed ?? show()}
      onFocus={() => {
        if (props.readonly) return
        const read = readDecimalEntry(stored)
        setTyped(typeof read === 'string' ? toShown(read) : stored)
      }}
      onChange={(event) => type(event.currentTarget.value)}
      onBlur={() => {
        const read = typed === null ? undefined : readDecimalEntry(typed)
        if (typeof read === 'string' && scale !== null) props.onChange(toStored(padDecimal(read, scale)))
        setTyped(null)
        props.onBlur?.()
      }}
    />
  )
}
