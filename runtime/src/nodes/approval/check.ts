import type { DefinitionSet } from '../../definition/definition-set.ts'
import type { Diagnostic } from '../../definition/diagnostic.ts'
import type { FlowDefinition } from '../../definition/flow.ts'
import { diagnose } from '../../errors/diagnose.ts'
import * as errors from '../../errors/flow-checks.ts'
import { suggest } from '../../fields/suggest.ts'
import { findFieldByPath } from '../../flow/field-rules.ts'
import type { NodeOf } from '../node-type.ts'
import type { ApprovalSettings, Approver } from './settings.ts'

/** Approvers exist and are people, the form and the fields belong to the flow's object, money keeps its defaults. */
export function checkApproval(
  node: NodeOf<typeof ApprovalSettings>,
  flow: FlowDefinition,
  set: DefinitionSet,
  pointer: string,
): Diagnostic[] {
  const found: Diagnostic[] = []
  if (node.approvers.length === 0)
    found.push(diagnose(errors.flowNoApprovers, `${pointer}/approvers`, { node: node['x-id'] }))
  for (const [index, approver] of node.approvers.entries())
    found.push(...checkApprover(approver, flow, set, `${pointer}/approvers/${index}`))
  if (flow.money === true && (node.selfApproval ?? flow.settings?.selfApproval ?? 'forbid') === 'ask')
    found.push(
      diagnose(
        errors.flowMoneySelf,
        node.selfApproval ? `${pointer}/selfApproval` : '/settings/selfApproval',
      ),
    )
  if (node.form !== undefined && set.forms.get(node.form)?.object !== flow.object) {
    const forms = [...set.forms.values()]
      .filter((form) => form.object === flow.object)
      .map((form) => form.key)
    const values = { form: node.form, object: flow.object, ...suggest(node.form, forms) }
    found.push(diagnose(errors.flowFormUnknown, `${pointer}/form`, values))
  }
  const names = Object.keys(set.objects.get(flow.object)?.schema.properties ?? {})
  for (const field of Object.keys(node.fields ?? {}))
    if (field !== '*' && !names.includes(field)) {
      const values = { object: flow.object, field, ...suggest(field, names) }
      found.push(diagnose(errors.flowFieldUnknown, `${pointer}/fields/${field}`, values))
    }
  return found
}

function checkApprover(
  approver: Approver,
  flow: FlowDefinition,
  set: DefinitionSet,
  pointer: string,
): Diagnostic[] {
  if (approver.kind === 'role') {
    const roles = new Set([...set.grants.values()].map((grant) => grant.role))
    if (roles.has(approver.role)) return []
    return [
      diagnose(errors.flowRoleUnknown, `${pointer}/role`, {
        role: approver.role,
        ...suggest(approver.role, roles),
      }),
    ]
  }
  if (approver.kind !== 'field') return []
  const end = findFieldByPath(approver.path, flow.object, set)
  if (!('field' in end)) {
    const values = { path: approver.path, part: end.part, ...suggest(end.part, end.names) }
    return [diagnose(errors.flowPathUnknown, `${pointer}/path`, values)]
  }
  const type = end.field['x-field']
  // Every object's own record of who made it counts as a user field too, but paths name fields only.
  return type === 'user'
    ? []
    : [diagnose(errors.flowPathNotUser, `${pointer}/path`, { path: approver.path, type })]
}
