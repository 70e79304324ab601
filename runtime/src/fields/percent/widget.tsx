import { shiftDecimalLeft } from '../decimal-entry.ts'
import { DecimalInput } from '../decimal-input.tsx'
import { shiftDecimal } from '../decimal-text.ts'
import type { FieldWidgetProps } from '../face.tsx'

/** Stored as a fraction (0.05), typed and read as a percentage (5). */
export function PercentWidget(props: FieldWidgetProps) {
  return (
    <DecimalInput
      {...props}
      scale={null}
      unit="%"
      unitSide="right"
      toShown={(stored) => shiftDecimal(stored, 2)}
      toStored={(shown) => shiftDecimalLeft(shown, 2)}
    />
  )
}
