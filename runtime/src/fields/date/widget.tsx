import { TextInput } from '@mantine/core'
import { DateInput } from '@mantine/dates'
import { readDateEntry } from '../date-entry.ts'
import { calendarOf, describeInput, type FieldWidgetProps, useFace, useWords } from '../face.tsx'
import { formatDate } from '../shared.ts'

/** A calendar day: the device's own picker under a finger, typing and a calendar at a desk. */
export function DateWidget(props: FieldWidgetProps) {
  const { touch, locale } = useFace()
  const say = useWords()
  const value = typeof props.value === 'string' ? props.value : ''
  if (props.readonly) {
    return <TextInput {...describeInput(props)} readOnly value={value && formatDate(value, locale)} />
  }
  if (touch) {
    return (
      <TextInput
        {...describeInput(props)}
        type="date"
        value={value}
        min={bound(props.field.formatMinimum)}
        max={bound(props.field.formatMaximum)}
        onChange={(event) => props.onChange(event.currentTarget.value || undefined)}
      />
    )
  }
  return (
    <DateInput
      {...describeInput(props)}
      placeholder={props.placeholder ?? say({ en: 'yyyy-mm-dd', zh: '年-月-日' })}
      {...calendarOf(locale)}
      valueFormat="YYYY-MM-DD"
      dateParser={readDateEntry}
      minDate={bound(props.field.formatMinimum)}
      maxDate={bound(props.field.formatMaximum)}
      clearable={!props.required && !props.bare}
      value={readDateEntry(value)}
      onChange={(next) => props.onChange(next ?? undefined)}
      popoverProps={{ withinPortal: true }}
      clearButtonProps={{ 'aria-label': say({ en: 'Clear', zh: '清除' }) }}
    />
  )
}

const bound = (value: unknown) => (typeof value === 'string' ? value : undefined)
