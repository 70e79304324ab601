import { Checkbox, Switch } from '@mantine/core'
import { describeInput, type FieldWidgetProps } from '../face.tsx'

export function BooleanWidget(props: FieldWidgetProps) {
  const { placeholder: _, variant: __, withAsterisk: ___, ...common } = describeInput(props)
  const Control = props.bare ? Checkbox : Switch
  return (
    <Control
      {...common}
      mt={props.bare ? 'xs' : { base: 0, sm: '1.7rem' }}
      checked={props.value === true}
      disabled={props.readonly}
      onChange={(event) => props.onChange(event.currentTarget.checked)}
    />
  )
}
