import type { Diagnostic } from '../definition/diagnostic.ts'
import { checkApprover } from '../flow/check-approvers.ts'
import { findApprovers } from './approval/approvers.ts'
import type { NodeContext } from './node-type.ts'
import type { Recipient } from './recipients-settings.ts'

/** The people that the entries stand for as the record and the organisation are now, each once. */
export function findRecipients(context: NodeContext, recipients: readonly Recipient[]): readonly string[] {
  return findApprovers(context, recipients).map(({ user }) => user)
}

/** What the entries name exists and leads to people. `pointer` leads to the list. */
export function checkRecipients(
  recipients: readonly Recipient[],
  place: Parameters<typeof checkApprover>[1],
  pointer: string,
): Diagnostic[] {
  return recipients.flatMap((recipient, index) => checkApprover(recipient, place, `${pointer}/${index}`))
}
