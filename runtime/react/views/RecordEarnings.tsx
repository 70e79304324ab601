import { useWorkspace } from '../workspace.tsx'
import { LedgerList } from './EarningsView.tsx'

/** Amounts follow a change by a moment; for so long after one they are looked at again, in ms. */
const followsWithin = 20_000

/** What a record earned, for readers who may see any plan. */
export function RecordEarnings({ record, changedAt }: { record: string; changedAt: string }) {
  const { release } = useWorkspace()
  if (Object.keys(release.plans).length === 0) return null
  return <LedgerList record={record} freshUntil={Date.parse(changedAt) + followsWithin} />
}
