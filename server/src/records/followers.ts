import { followParty } from '../auth/follow-party.ts'
import type { RecordFollower } from '../db/unit.ts'
import { bindFiles } from '../files/bind-files.ts'
import { keepLocks, startRuns } from '../flows/follow-records.ts'
import { countTurn } from '../flows/manual-turns.ts'
import { signalWaits } from '../flows/signals.ts'
import { markPlansDue } from '../incentives/mark-plans-due.ts'

/** THE list of what follows record writes, in the same transaction, in this order. */
export const followers: readonly RecordFollower[] = [
  followParty,
  bindFiles,
  keepLocks,
  countTurn,
  startRuns,
  signalWaits,
  markPlansDue,
]
