import { type FieldWidgetProps, useFace } from '../face.tsx'
import { RecordPicker } from '../record-picker.tsx'

export function ReferenceWidget(props: FieldWidgetProps) {
  const face = useFace()
  const object = String(props.field['x-object'] ?? '')
  return (
    <RecordPicker
      {...props}
      search={(query, cursor) => face.searchRecords(object, query, cursor)}
      findTitle={(id) => face.findTitle({ object }, id)}
      href={typeof props.value === 'string' ? face.recordHref(object, props.value) : undefined}
    />
  )
}
