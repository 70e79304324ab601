import type { FieldCellProps } from '../face.tsx'

export function DecimalCell({ text }: FieldCellProps) {
  return <span className="cw-num cw-nowrap">{text}</span>
}
