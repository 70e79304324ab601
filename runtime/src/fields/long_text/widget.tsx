import { Textarea } from '@mantine/core'
import { describeInput, type FieldWidgetProps } from '../face.tsx'

export function LongTextWidget(props: FieldWidgetProps) {
  const limit = props.field.maxLength
  const length = typeof props.value === 'string' ? props.value.length : 0
  const near = typeof limit === 'number' && length > limit * 0.8
  return (
    <Textarea
      {...describeInput(props)}
      autosize
      minRows={props.bare ? 1 : 3}
      maxRows={14}
      readOnly={props.readonly}
      maxLength={typeof limit === 'number' ? limit : undefined}
      value={typeof props.value === 'string' ? props.value : ''}
      onChange={(event) =>
        props.onChange(event.currentTarget.value === '' ? undefined : event.currentTarget.value)
      }
      rightSection={near ? <span className="cw-num">{limit - length}</span> : undefined}
      rightSectionWidth={near ? 52 : undefined}
    />
  )
}
