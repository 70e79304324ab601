import { acceptInvitation } from './accept-invitation.ts'
import { approveTasks } from './approve-tasks.ts'
import { cancelPublication } from './cancel-publication.ts'
import { changePassword } from './change-password.ts'
import { checkDrafts } from './check-drafts.ts'
import { clearKeptMail } from './clear-kept-mail.ts'
import { createDelegation } from './create-delegation.ts'
import { createInvitation } from './create-invitation.ts'
import { createRecord } from './create-record.ts'
import { deleteRecord } from './delete-record.ts'
import { discardDraft } from './discard-draft.ts'
import { downloadFile } from './download-file.ts'
import { endDelegation } from './end-delegation.ts'
import { explainLedgerEntry } from './explain-ledger-entry.ts'
import { exportRecords } from './export-records.ts'
import { exportRelease } from './export-release.ts'
import { flowCommandRoutes } from './flow-commands.ts'
import { dropFlowHookSecret, listFlowHooks, renewFlowHookSecret } from './flow-hooks.ts'
import { followMailLink } from './follow-mail-link.ts'
import { getClientRelease } from './get-client-release.ts'
import { getDefinitionSource } from './get-definition-source.ts'
import { getEarnings } from './get-earnings.ts'
import { getFlowFigures } from './get-flow-figures.ts'
import { getFlowVersions } from './get-flow-versions.ts'
import { getForm } from './get-form.ts'
import { getFormValidator } from './get-form-validator.ts'
import { getInvitation } from './get-invitation.ts'
import { getMigration } from './get-migration.ts'
import { getOpenApi } from './get-open-api.ts'
import { getPortal } from './get-portal.ts'
import { getPublication } from './get-publication.ts'
import { getRecord } from './get-record.ts'
import { getRun } from './get-run.ts'
import { getSchema } from './get-schema.ts'
import { getSession } from './get-session.ts'
import { getSharedModule } from './get-shared-module.ts'
import { getStartPicks } from './get-start-picks.ts'
import { getTask } from './get-task.ts'
import { getView } from './get-view.ts'
import { groupRecords } from './group-records.ts'
import { listDefinitions } from './list-definitions.ts'
import { listDelegations } from './list-delegations.ts'
import { listFiles } from './list-files.ts'
import { listFlowRuns } from './list-flow-runs.ts'
import { listFlowStarts } from './list-flow-starts.ts'
import { listFlowVersions } from './list-flow-versions.ts'
import { listHistory } from './list-history.ts'
import { listInboxRuns } from './list-inbox-runs.ts'
import { listInvitations } from './list-invitations.ts'
import { listKeptMail } from './list-kept-mail.ts'
import { listLedger } from './list-ledger.ts'
import { listMembers } from './list-members.ts'
import { listNotifications } from './list-notifications.ts'
import { listPeople } from './list-people.ts'
import { listPickablePeople } from './list-pickable-people.ts'
import { listRecords } from './list-records.ts'
import { listReleases } from './list-releases.ts'
import { listRoles } from './list-roles.ts'
import { listRunsOfRecord } from './list-runs-of-record.ts'
import { listTasks } from './list-tasks.ts'
import { markNotificationsRead } from './mark-notifications-read.ts'
import { markRunRead } from './mark-run-read.ts'
import { openMailLink } from './open-mail-link.ts'
import { planDrafts } from './plan-drafts.ts'
import { previewDocument } from './preview-document.ts'
import { publishDrafts } from './publish-drafts.ts'
import { raiseFlowEvent } from './raise-flow-event.ts'
import { removeFile } from './remove-file.ts'
import { replayFlow } from './replay-flow.ts'
import { restoreRecord } from './restore-record.ts'
import { revokeInvitation } from './revoke-invitation.ts'
import { rollBackRelease } from './roll-back-release.ts'
import type { Route } from './route.ts'
import { runCases } from './run-cases.ts'
import { runPlan } from './run-plan.ts'
import { saveDraft } from './save-draft.ts'
import { signIn } from './sign-in.ts'
import { signOut } from './sign-out.ts'
import { signOutEverywhere } from './sign-out-everywhere.ts'
import { simulateFlow } from './simulate-flow.ts'
import { startFlow } from './start-flow.ts'
import { startMigration } from './start-migration.ts'
import { streamInbox } from './stream-inbox.ts'
import { streamRun } from './stream-run.ts'
import { takeFlowMessage } from './take-flow-message.ts'
import { updateMember } from './update-member.ts'
import { updateRecord } from './update-record.ts'
import { updateUser } from './update-user.ts'
import { uploadFile } from './upload-file.ts'

/** THE list of ways into the server, one line each, sorted. OpenAPI and the clients' types come from it. */
export const routes = [
  acceptInvitation,
  approveTasks,
  cancelPublication,
  changePassword,
  checkDrafts,
  clearKeptMail,
  createDelegation,
  createInvitation,
  createRecord,
  deleteRecord,
  discardDraft,
  downloadFile,
  dropFlowHookSecret,
  endDelegation,
  explainLedgerEntry,
  exportRecords,
  exportRelease,
  ...flowCommandRoutes,
  followMailLink,
  getClientRelease,
  getDefinitionSource,
  getEarnings,
  getFlowFigures,
  getFlowVersions,
  getForm,
  getFormValidator,
  getInvitation,
  getMigration,
  getOpenApi,
  getPortal,
  getPublication,
  getRecord,
  getRun,
  getSchema,
  getSession,
  getSharedModule,
  getStartPicks,
  getTask,
  getView,
  listDefinitions,
  listDelegations,
  listFiles,
  listFlowHooks,
  listFlowRuns,
  listFlowStarts,
  listFlowVersions,
  listHistory,
  listInboxRuns,
  listInvitations,
  listKeptMail,
  listLedger,
  listMembers,
  listNotifications,
  listPeople,
  listPickablePeople,
  groupRecords,
  listRecords,
  listReleases,
  listRoles,
  listRunsOfRecord,
  listTasks,
  markNotificationsRead,
  markRunRead,
  openMailLink,
  planDrafts,
  previewDocument,
  publishDrafts,
  raiseFlowEvent,
  removeFile,
  renewFlowHookSecret,
  restoreRecord,
  revokeInvitation,
  rollBackRelease,
  runCases,
  runPlan,
  saveDraft,
  signIn,
  signOut,
  signOutEverywhere,
  startFlow,
  simulateFlow,
  replayFlow,
  startMigration,
  streamInbox,
  streamRun,
  takeFlowMessage,
  updateMember,
  updateRecord,
  updateUser,
  uploadFile,
] as const

/** The same list for those who only walk it. */
export const routeList: readonly Route[] = routes as unknown as readonly Route[]
