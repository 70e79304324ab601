import { Checkbox, Group, MultiSelect } from '@mantine/core'
import { describeInput, type FieldWidgetProps, readChoices, useFace, useWords } from '../face.tsx'

/** Few choices stand open as check boxes; many fold into a searchable list. */
export function MultiChoiceWidget(props: FieldWidgetProps) {
  const { locale } = useFace()
  const say = useWords()
  const data = readChoices(props.field, locale, props.value)
  const value = Array.isArray(props.value) ? props.value.map(String) : []
  const change = (next: string[]) => props.onChange(next.length === 0 ? undefined : next)
  if (data.length <= 6 && !props.bare) {
    const { placeholder: _, variant: __, ...common } = describeInput(props)
    return (
      <Checkbox.Group {...common} value={value} onChange={change} readOnly={props.readonly}>
        <Group gap="md" mt={6}>
          {data.map((choice) => (
            <Checkbox
              key={choice.value}
              value={choice.value}
              label={choice.label}
              disabled={props.readonly}
            />
          ))}
        </Group>
      </Checkbox.Group>
    )
  }
  return (
    <MultiSelect
      {...describeInput(props)}
      placeholder={value.length > 0 ? undefined : (props.placeholder ?? say({ en: 'Choose', zh: '请选择' }))}
      data={data}
      value={value}
      // Few enough to see at once: no keyboard needs to come up on a phone.
      searchable={data.length > 8}
      readOnly={props.readonly}
      nothingFoundMessage={say({ en: 'Nothing found', zh: '没有匹配项' })}
      onChange={change}
    />
  )
}
