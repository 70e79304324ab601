import type { DefinitionSet } from '../../definition/definition-set.ts'
import type { Diagnostic } from '../../definition/diagnostic.ts'
import type { FlowDefinition, FlowNode } from '../../definition/flow.ts'
import { diagnose } from '../../errors/diagnose.ts'
import * as errors from '../../errors/flow-checks.ts'
import { blocksOf } from '../../flow/blocks.ts'
import { checkApprover } from '../../flow/check-approvers.ts'
import { checkTimeouts, type TimeoutEntry } from '../../flow/check-timeouts.ts'
import type { NodeOf } from '../node-type.ts'
import { checkScreen } from '../task-screen.ts'
import { traitsOf } from '../traits.ts'
import type { Policies } from './policies.ts'
import type { ApprovalSettings, Approver } from './settings.ts'

/** Settings of every node with people. */
type PeopleNode = FlowNode &
  Policies & {
    readonly approvers: readonly Approver[]
    readonly exclude?: readonly Approver[]
    readonly form?: string
    readonly fields?: Readonly<Record<string, string>>
    readonly timeouts?: readonly TimeoutEntry[]
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
      found.push(...checkApprover(approver, { node, flow, set }, `${pointer}/${part}/${index}`))
  found.push(...checkScreen(node, flow, set, pointer))
  found.push(...checkTimeouts(node.timeouts ?? [], flow, set, `${pointer}/timeouts`))
  for (const [index, { do: does, to }] of (node.timeouts ?? []).entries())
    if (does === 'return') found.push(...checkTarget(node, flow, to, `${pointer}/timeouts/${index}/to`))
  for (const [index, to] of (node.returnTo?.targets ?? []).entries())
    if (to !== 'start') found.push(...checkTarget(node, flow, to, `${pointer}/returnTo/targets/${index}`))
  if (flow.money === true && (node.onEmpty ?? flow.settings?.onEmpty) === 'approve')
    found.push(diagnose(errors.flowMoneyEmpty, node.onEmpty ? `${pointer}/onEmpty` : '/settings/onEmpty'))
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
  }
  if (typeof node.pass === 'object' && 'ratio' in node.pass && node.pass.ratio.num > node.pass.ratio.den)
    found.push(diagnose(errors.flowRatio, `${pointer}/pass/ratio`))
  if (node.onReject?.do === 'return')
    found.push(...checkTarget(node, flow, node.onReject.to, `${pointer}/onReject/to`))
  return found
}

/** A case can only go back to people: to a step with tasks, or the start, that lies on every way to here. */
function checkTarget(node: FlowNode, flow: FlowDefinition, to: unknown, path: string): Diagnostic[] {
  const target = flow.nodes.find((one) => one['x-id'] === to)
  const { place, tasks } = traitsOf(target?.type ?? '')
  const hasPeople = place === 'start' || tasks === true
  const isBefore =
    typeof to === 'string' && hasPeople && to !== node['x-id'] && blocksOf(flow).dominates(to, node['x-id'])
  return isBefore ? [] : [diagnose(errors.flowReturnNode, path, { node: node['x-id'], to: String(to ?? '') })]
}
