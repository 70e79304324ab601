import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { readDecimalEntry } from '../decimal-entry.ts'
import { groupDecimal } from '../decimal-text.ts'
import { describeInput, type FieldWidgetProps } from '../face.tsx'

/** A whole number. JSON carries it as a number while that is exact; anything else is handed on as typed. */
export function IntegerWidget(props: FieldWidgetProps) {
  const [typed, setTyped] = useState<string | null>(null)
  const stored = props.value === undefined || props.value === null ? '' : String(props.value)
  return (
    <TextInput
      {...describeInput(props)}
      inputMode="numeric"
      autoComplete="off"
      readOnly={props.readonly}
      styles={{ input: { fontVariantNumeric: 'tabular-nums', textAlign: props.bare ? 'right' : undefined } }}
      value={typed ?? groupDecimal(stored)}
      onFocus={() => setTyped(props.readonly ? null : stored)}
      onChange={(event) => {
        const text = event.currentTarget.value
        setTyped(text)
        const read = readDecimalEntry(text)
        if (read === undefined) return props.onChange(undefined)
        const whole = typeof read === 'string' && /^-?\d+$/.test(read) ? Number(read) : Number.NaN
        props.onChange(Number.isSafeInteger(whole) ? whole : text)
      }}
      onBlur={() => {
        setTyped(null)
        props.onBlur?.()
      }}
    />
  )
}
