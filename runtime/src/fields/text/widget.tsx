import type { FieldWidgetProps } from '../face.tsx'
import { TextFieldInput } from '../text-input.tsx'

export function TextWidget(props: FieldWidgetProps) {
  return <TextFieldInput {...props} />
}
