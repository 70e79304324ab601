import type { FieldWidgetProps } from '../face.tsx'
import { TextFieldInput } from '../text-input.tsx'

export function EmailWidget(props: FieldWidgetProps) {
  return <TextFieldInput {...props} type="email" inputMode="email" />
}
