import type { FieldWidgetProps } from '../face.tsx'
import { TextFieldInput } from '../text-input.tsx'

export function PhoneWidget(props: FieldWidgetProps) {
  return <TextFieldInput {...props} type="tel" inputMode="tel" />
}
