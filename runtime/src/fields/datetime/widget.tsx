import { TextInput } from '@mantine/core'
import { DateTimePicker } from '@mantine/dates'
import { type KeyboardEvent, useMemo } from 'react'
import { instantToLocal, localToInstant } from '../date-entry.ts'
import { calendarOf, describeInput, type FieldWidgetProps, useFace, useWords } from '../face.tsx'

/** An instant, typed and read on the wall clock of the workspace. */
export function DatetimeWidget(given: FieldWidgetProps) {
  const { touch, timeZone, locale } = useFace()
  const say = useWords()
  const time = useTypedOver()
  // Whoever reads this may sit elsewhere: whose clock is meant is said, not guessed.
  const zone = say({ en: `Time in ${timeZone}`, zh: `${timeZone} 时间` })
  const props = { ...given, help: given.help ? `${given.help} ${zone}` : zone }
  const local = typeof props.value === 'string' ? instantToLocal(props.value, timeZone) : null
  if (props.readonly) return <TextInput {...describeInput(props)} readOnly value={local ?? ''} />
  if (touch) {
    return (
      <TextInput
        {...describeInput(props)}
        type="datetime-local"
        value={local?.replace(' ', 'T') ?? ''}
        onChange={(event) => {
          const typed = event.currentTarget.value
          props.onChange(typed === '' ? undefined : (localToInstant(typed, timeZone) ?? typed))
        }}
      />
    )
  }
  // Drawn as a button, which can't be required; the asterisk and the error say it.
  const { 'aria-required': _, ...input } = describeInput(props)
  return (
    <DateTimePicker
      {...input}
      placeholder={props.placeholder ?? say({ en: 'Pick date and time', zh: '选择日期和时间' })}
      {...calendarOf(locale)}
      valueFormat="YYYY-MM-DD HH:mm"
      clearable={!props.required}
      timePickerProps={time}
      value={local}
      onChange={(next) => props.onChange(next ? (localToInstant(next, timeZone) ?? undefined) : undefined)}
    />
  )
}

/**
 * The first digit typed into hours or minutes stands in place of what was there. The picker means to select it all for
 * that, but loses the selection when the time comes with the day; a 0 typed beside `00` would then lead on to the
 * minutes, and 0830 become 00:30.
 */
function useTypedOver() {
  return useMemo(() => {
    let entered = false
    const enter = () => {
      entered = true
    }
    return {
      onFocusCapture: enter,
      onClickCapture: enter,
      onKeyDownCapture({ key, target }: KeyboardEvent) {
        if (!/^\d$/.test(key)) return
        if (entered && target instanceof HTMLInputElement) target.select()
        entered = false
      },
    }
  }, [])
}
