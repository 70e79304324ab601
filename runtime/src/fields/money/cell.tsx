import type { FieldCellProps } from '../face.tsx'

export function MoneyCell({ text }: FieldCellProps) {
  return <span className="cw-num cw-nowrap">{text}</span>
}
