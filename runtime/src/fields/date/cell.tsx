import type { FieldCellProps } from '../face.tsx'

/** Year first: days stand under each other in a list and sort as they read. */
export function DateCell({ value, text }: FieldCellProps) {
  return (
    <span className="cw-num cw-nowrap" title={text}>
      {String(value)}
    </span>
  )
}
