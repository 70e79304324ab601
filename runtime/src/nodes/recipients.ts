import Type, { type Static } from 'typebox'
import type { DefinitionSet } from '../definition/definition-set.ts'
import type { Diagnostic } from '../definition/diagnostic.ts'
import type { FlowDefinition } from '../definition/flow.ts'
import { Key } from '../definition/shared.ts'
import { diagnose } from '../errors/diagnose.ts'
import * as errors from '../errors/flow-checks.ts'
import { suggest } from '../fields/suggest.ts'
import { findFieldByPath } from '../flow/field-rules.ts'
import type { PeopleQuestion } from './node-type.ts'

const closed = { additionalProperties: false } as const

/** Who is told or shown something. Each entry may stand for several people; together they are told once each. */
export const Recipient = Type.Union([
  Type.Object({ kind: Type.Literal('role'), role: Key }, closed),
  Type.Object({ kind: Type.Literal('user'), user: Type.String({ format: 'uuid' }) }, closed),
  /** A path from the record through references to a field of type user. */
  Type.Object({ kind: Type.Literal('field'), path: Type.String() }, closed),
  Type.Object({ kind: Type.Literal('applicant') }, closed),
  /** Members of a group of the organisation. */
  Type.Object({ kind: Type.Literal('group'), group: Key }, closed),
])
export type Recipient = Static<typeof Recipient>
export const Recipients = Type.Array(Recipient, { minItems: 1, maxItems: 20 })

export function questionFor(recipient: Recipient): PeopleQuestion {
  switch (recipient.kind) {
    case 'role':
      return { ask: 'role', role: recipient.role }
    case 'user':
      return { ask: 'user', user: recipient.user }
    case 'field':
      return { ask: 'field', path: recipient.path }
    case 'group':
      return { ask: 'group', group: recipient.group }
    case 'applicant':
      return { ask: 'applicant' }
  }
}

/** Roles exist, paths lead to people. */
export function checkRecipients(
  recipients: readonly Recipient[],
  flow: FlowDefinition,
  set: DefinitionSet,
  pointer: string,
): Diagnostic[] {
  return recipients.flatMap((recipient, index): Diagnostic[] => {
    const path = `${pointer}/${index}`
    if (recipient.kind === 'role') {
      const roles = new Set([...set.grants.values()].map((grant) => grant.role))
      if (roles.has(recipient.role)) return []
      const values = { role: recipient.role, ...suggest(recipient.role, roles) }
      return [diagnose(errors.flowRoleUnknown, `${path}/role`, values)]
    }
    if (recipient.kind !== 'field') return []
    const end = findFieldByPath(recipient.path, flow.object, set)
    if (!('field' in end)) {
      const values = { path: recipient.path, part: end.part, ...suggest(end.part, end.names) }
      return [diagnose(errors.flowPathUnknown, `${path}/path`, values)]
    }
    const type = end.field['x-field']
    if (type === 'user') return []
    return [diagnose(errors.flowPathNotUser, `${path}/path`, { path: recipient.path, type })]
  })
}
