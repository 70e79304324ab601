import { isJsonObject } from '../../json.ts'
import { addDays } from '../date-entry.ts'
import type { FieldCellProps } from '../face.tsx'

/** First and last day, short enough for a list; in words for those who listen. */
export function PeriodCell({ value, text }: FieldCellProps) {
  if (!isJsonObject(value) || typeof value.from !== 'string') return <>{text}</>
  const last = typeof value.to === 'string' ? addDays(value.to, -1) : '…'
  return (
    <span className="cw-num cw-nowrap" title={text}>
      {value.from} – {last}
    </span>
  )
}
