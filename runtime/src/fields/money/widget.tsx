import { DecimalInput } from '../decimal-input.tsx'
import type { FieldWidgetProps } from '../face.tsx'

const signs: Readonly<Record<string, string>> = {
  CNY: '¥',
  USD: '$',
  EUR: '€',
  GBP: '£',
  JPY: '¥',
  HKD: 'HK$',
}

export function MoneyWidget(props: FieldWidgetProps) {
  const scale = props.field['x-scale']
  const currency = String(props.field['x-currency'] ?? '')
  return (
    <DecimalInput
      {...props}
      scale={typeof scale === 'number' ? scale : 2}
      unit={signs[currency] ?? currency}
    />
  )
}
