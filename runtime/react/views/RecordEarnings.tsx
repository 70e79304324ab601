import { useWorkspace } from '../workspace.tsx'
import { LedgerList } from './EarningsView.tsx'

/** What a record earned, for readers who may see any plan. */
export function RecordEarnings({ record }: { record: string }) {
  const { release } = useWorkspace()
  if (Object.keys(release.plans).length === 0) return null
  return <LedgerList record={record} />
}
