import { acceptInvitation } from './accept-invitation.ts'
import { changePassword } from './change-password.ts'
import { createInvitation } from './create-invitation.ts'
import { explainLedgerEntry } from './explain-ledger-entry.ts'
import { getEarnings } from './get-earnings.ts'
import { getInvitation } from './get-invitation.ts'
import { getSession } from './get-session.ts'
import { listInvitations } from './list-invitations.ts'
import { listLedger } from './list-ledger.ts'
import { listMembers } from './list-members.ts'
import { revokeInvitation } from './revoke-invitation.ts'
import type { Route } from './route.ts'
import { runPlan } from './run-plan.ts'
import { signIn } from './sign-in.ts'
import { signOut } from './sign-out.ts'
import { signOutEverywhere } from './sign-out-everywhere.ts'
import { updateMember } from './update-member.ts'
import { updateUser } from './update-user.ts'

/** THE list of ways into the server, one line each, sorted. OpenAPI and the clients' types come from it. */
export const routes = [
  acceptInvitation,
  changePassword,
  createInvitation,
  explainLedgerEntry,
  getEarnings,
  getInvitation,
  getSession,
  listInvitations,
  listLedger,
  listMembers,
  revokeInvitation,
  runPlan,
  signIn,
  signOut,
  signOutEverywhere,
  updateMember,
  updateUser,
] as const

/** The same list for those who only walk it. */
export const routeList: readonly Route[] = routes as unknown as readonly Route[]
