import Type, { type Static } from 'typebox'
import type { Diagnostic } from '../definition/diagnostic.ts'
import { checkApprover } from '../flow/check-approvers.ts'
import { findApprovers } from './approval/approvers.ts'
import { personKinds } from './approval/people-settings.ts'
import type { NodeContext } from './node-type.ts'

/**
 * Who is told or shown something: everybody who could be asked to decide, apart from those that somebody picks. Each
 * entry may stand for several people; together they are told once each.
 */
export const Recipient = Type.Union([...personKinds({})])
export type Recipient = Static<typeof Recipient>
export const Recipients = Type.Array(Recipient, { minItems: 1, maxItems: 20 })

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
