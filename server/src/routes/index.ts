import { explainLedgerEntry } from './explain-ledger-entry.ts'
import { getEarnings } from './get-earnings.ts'
import { getSession } from './get-session.ts'
import { listLedger } from './list-ledger.ts'
import type { Route } from './route.ts'
import { runPlan } from './run-plan.ts'
import { signIn } from './sign-in.ts'
import { signOut } from './sign-out.ts'
import { signOutEverywhere } from './sign-out-everywhere.ts'

/** THE list of ways into the server, one line each, sorted. OpenAPI and the clients' types come from it. */
export const routes = [
  explainLedgerEntry,
  getEarnings,
  listLedger,
  runPlan,
  getSession,
  signIn,
  signOut,
  signOutEverywhere,
] as const

/** The same list for those who only walk it. */
export const routeList: readonly Route[] = routes as unknown as readonly Route[]
