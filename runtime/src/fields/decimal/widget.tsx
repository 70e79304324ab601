import { DecimalInput } from '../decimal-input.tsx'
import type { FieldWidgetProps } from '../face.tsx'

export function DecimalWidget(props: FieldWidgetProps) {
  const scale = props.field['x-scale']
  return <DecimalInput {...props} scale={typeof scale === 'number' ? scale : null} />
}
