import { instantToLocal } from '../date-entry.ts'
import { type FieldCellProps, useFace } from '../face.tsx'

/** Day and time on the workspace's wall clock. */
export function DatetimeCell({ value, text }: FieldCellProps) {
  const { timeZone } = useFace()
  return (
    <span className="cw-num cw-nowrap" title={`${text} (${timeZone})`}>
      {(typeof value === 'string' && instantToLocal(value, timeZone)) || text}
    </span>
  )
}
