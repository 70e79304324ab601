import { DecimalInput } from '../decimal-input.tsx'
import type { FieldWidgetProps } from '../face.tsx'
import { signOf } from './currency.ts'

export function MoneyWidget(props: FieldWidgetProps) {
  const scale = props.field['x-scale']
  return (
    <DecimalInput
      {...props}
      scale={typeof scale === 'number' ? scale : 2}
      unit={signOf(String(props.field['x-currency'] ?? ''))}
    />
  )
}
