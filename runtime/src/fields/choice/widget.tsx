import { NativeSelect, Select } from '@mantine/core'
import { describeInput, type FieldWidgetProps, readChoices, useFace, useWords } from '../face.tsx'

export function ChoiceWidget(props: FieldWidgetProps) {
  const { locale, touch } = useFace()
  const say = useWords()
  const data = readChoices(props.field, locale, props.value)
  const value = typeof props.value === 'string' ? props.value : null
  const empty = props.placeholder ?? say({ en: 'Choose', zh: '请选择' })
  if (touch && !props.readonly) {
    return (
      <NativeSelect
        {...describeInput(props)}
        data={[{ value: '', label: empty }, ...data]}
        value={value ?? ''}
        onChange={(event) => props.onChange(event.currentTarget.value || undefined)}
      />
    )
  }
  return (
    <Select
      {...describeInput(props)}
      placeholder={props.readonly ? undefined : empty}
      data={data}
      value={value}
      readOnly={props.readonly}
      searchable={data.length > 8}
      clearable={!props.required && !props.readonly && !props.bare}
      allowDeselect={!props.required}
      nothingFoundMessage={say({ en: 'Nothing found', zh: '没有匹配项' })}
      comboboxProps={{ withinPortal: true }}
      clearButtonProps={{ 'aria-label': say({ en: 'Clear', zh: '清除' }) }}
      onChange={(next) => props.onChange(next ?? undefined)}
    />
  )
}
