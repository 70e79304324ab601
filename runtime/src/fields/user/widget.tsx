import { type FieldWidgetProps, useFace } from '../face.tsx'
import { RecordPicker } from '../record-picker.tsx'

export function UserWidget(props: FieldWidgetProps) {
  const face = useFace()
  return (
    <RecordPicker
      {...props}
      search={(query, cursor) => face.searchUsers(query, cursor)}
      findTitle={(id) => face.findTitle('user', id)}
    />
  )
}
