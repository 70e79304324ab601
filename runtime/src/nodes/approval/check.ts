import type { DefinitionSet } from '../../definition/definition-set.ts'
import type { Diagnostic } from '../../definition/diagnostic.ts'
import type { FlowDefinition, FlowNode } from '../../definition/flow.ts'
import { diagnose } from '../../errors/diagnose.ts'
import * as errors from '../../errors/flow-checks.ts'
import { suggest } from '../../fields/suggest.ts'
import { blocksOf } from '../../flow/blocks.ts'
import { findFieldByPath } from '../../flow/field-rules.ts'
import { findNodeType } from '../index.ts'
import type { NodeOf } from '../node-type.ts'
import { checkScreen } from '../task-screen.ts'
import type { Policies } from './policies.ts'
import type { ApprovalSettings, Approver } from './settings.ts'

/** Settings of every node with people. */
type PeopleNode = FlowNode &
  Policies & {
    readonly approvers: readonly Approver[]
    readonly exclude?: readonly Approver[]
    readonly form?: string
    readonly fields?: Readonly<Record<string, string>>
    readonly timeouts?: readonly { readonly do: string; readonly to?: unknown }[]
    readonly returnTo?: { readonly targets?: readonly string[] }
  }

/** Approvers exist and are people, the form and the fields belong to the flow's object. */
export function checkPeople(
  node: PeopleNode,
  flow: FlowDefinition,
  set: DefinitionSet,
  pointer: string,
): Diagnostic[] {
  const found: Diagnostic[] = []
  if (node.approvers.length === 0)
    found.push(diagnose(errors.flowNoApprovers, `${pointer}/approvers`, { node: node['x-id'] }))
  for (const part of ['approvers', 'exclude'] as const)
    for (const [index, approver] of (node[part] ?? []).entries())
      found.push(...checkApprover(approver, flow, set, `${pointer}/${part}/${index}`))
  found.push(...checkScreen(node, flow, set, pointer))
  for (const [index, { do: does, to }] of (node.timeouts ?? []).entries()) {
    const at = `${pointer}/timeouts/${index}`
    if (does === 'approve' && flow.money === true) found.push(diagnose(errors.flowMoneyTimeout, `${at}/do`))
    if (does === 'return') found.push(...checkTarget(node, flow, to, `${at}/to`))
  }
  for (const [index, to] of (node.returnTo?.targets ?? []).entries())
    if (to !== 'start') found.push(...checkTarget(node, flow, to, `${pointer}/returnTo/targets/${index}`))
  return found
}

/** The same, and where money moves nobody decides for themselves and nothing passes unseen. */
export function checkApproval(
  node: NodeOf<typeof ApprovalSettings>,
  flow: FlowDefinition,
  set: DefinitionSet,
  pointer: string,
): Diagnostic[] {
  const found = checkPeople(node, flow, set, pointer)
  if (flow.money === true) {
    const self = node.selfApproval ?? flow.settings?.selfApproval ?? 'superior'
    const at = node.selfApproval ? `${pointer}/selfApproval` : '/settings/selfApproval'
    const isAlone = node.approvers.length > 0 && node.approvers.every(({ kind }) => kind === 'applicant')
    if (self === 'ask' || (self === 'skip' && isAlone)) found.push(diagnose(errors.flowMoneySelf, at))
    if ((node.onEmpty ?? flow.settings?.onEmpty) === 'approve')
      found.push(diagnose(errors.flowMoneyEmpty, node.onEmpty ? `${pointer}/onEmpty` : '/settings/onEmpty'))
  }
  if (typeof node.pass === 'object' && 'ratio' in node.pass && node.pass.ratio.num > node.pass.ratio.den)
    found.push(diagnose(errors.flowRatio, `${pointer}/pass/ratio`))
  if (node.onReject?.do === 'return')
    found.push(...checkTarget(node, flow, node.onReject.to, `${pointer}/onReject/to`))
  return found
}

/** A case can only go back to a step that lies on every way to here. */
function checkTarget(node: FlowNode, flow: FlowDefinition, to: unknown, path: string): Diagnostic[] {
  const isBefore = typeof to === 'string' && to !== node['x-id'] && blocksOf(flow).dominates(to, node['x-id'])
  return isBefore ? [] : [diagnose(errors.flowReturnNode, path, { node: node['x-id'], to: String(to ?? '') })]
}

function checkApprover(
  approver: Approver,
  flow: FlowDefinition,
  set: DefinitionSet,
  pointer: string,
): Diagnostic[] {
  if (approver.kind === 'picked_by_previous' && isFirst(flow, pointer))
    return [diagnose(errors.flowPickedFirst, pointer)]
  if (approver.kind === 'node_actor')
    return flow.nodes.some((node) => node['x-id'] === approver.node)
      ? []
      : [
          diagnose(errors.flowEdgeTarget, `${pointer}/node`, {
            id: approver.node,
            ...suggest(
              approver.node,
              flow.nodes.map((node) => node['x-id']),
            ),
          }),
        ]
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

/** Nobody with a task comes before the node: nobody can have picked anyone. */
function isFirst(flow: FlowDefinition, pointer: string): boolean {
  const at = flow.nodes[Number(pointer.split('/')[2])]?.['x-id'] ?? ''
  return !flow.nodes.some(
    (node) =>
      node['x-id'] !== at &&
      findNodeType(node.type)?.place === undefined &&
      findNodeType(node.type)?.decisions !== undefined &&
      blocksOf(flow).dominates(node['x-id'], at),
  )
}
