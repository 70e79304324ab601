import type { FlowDefinition } from '../../definition/flow.ts'
import * as errors from '../../errors/flows.ts'
import type { Task } from '../../flow/run.ts'
import type { JsonObject } from '../../json.ts'
import { formatText, type Text } from '../../text.ts'
import {
  type Decision,
  defineNodeType,
  type NodeContext,
  type NodeOf,
  type NodeRemark,
  type NodeStep,
  type PeopleQuestion,
} from '../node-type.ts'
import { checkApproval } from './check.ts'
import { ApprovalSettings, type Approver } from './settings.ts'
import { countVotes, type VoteRule } from './votes.ts'

type ApprovalNode = NodeOf<typeof ApprovalSettings>

export const approval = defineNodeType({
  name: 'approval',
  title: { en: 'Approval', zh: '审批' },
  icon: 'user-check',
  settings: ApprovalSettings,
  exits: () => ['approved', 'rejected'],
  exitTitles: {
    approved: { en: 'Approved', zh: '同意' },
    rejected: { en: 'Rejected', zh: '驳回' },
  },
  check: checkApproval,
  people: (node, flow) => [
    ...node.approvers.map(questionFor),
    ...(onEmptyOf(node, flow) === 'admin' ? [{ ask: 'admin' } as const] : []),
  ],
  decisions,
  run: askApprovers,
  resume(context, event, tasks) {
    if (event.type !== 'decided') return { exit: null }
    const verdict = countVotes(readVoteRule(context.activation.state), {
      approved: tasks.filter((task) => task.state === 'approved').length,
      rejected: tasks.filter((task) => task.state === 'rejected').length,
      pending: tasks.filter((task) => task.state === 'pending').length,
    })
    if (verdict === null) return { exit: null }
    const left = tasks.filter((task) => task.state === 'pending')
    return {
      exit: verdict,
      changedTasks: left.map((task) => ({
        ...task,
        state: 'cancelled',
        reason: 'decided',
        rev: task.rev + 1,
        decidedAt: context.now,
      })),
    }
  },
  trace(event, locale) {
    const sentence = sentences[event.type]
    return sentence === undefined ? null : formatText(sentence, locale, event.data)
  },
})

const sentences: Partial<Record<string, Text>> = {
  nobody_found: {
    en: 'Nobody was found for this step',
    zh: '该步骤未找到审批人',
  },
  auto_approved: {
    en: 'Passed by itself: the applicant would have decided on their own case',
    zh: '自动通过:审批人即申请人本人',
  },
}

function questionFor(approver: Approver): PeopleQuestion {
  switch (approver.kind) {
    case 'role':
      return { ask: 'role', role: approver.role }
    case 'user':
      return { ask: 'user', user: approver.user }
    case 'field':
      return { ask: 'field', path: approver.path }
    case 'applicant':
      return { ask: 'applicant' }
  }
}

function decisions(node: ApprovalNode): readonly Decision[] {
  const comment = node.require?.comment ?? []
  return [
    {
      key: 'approve',
      title: { en: 'Approve', zh: '同意' },
      done: { en: 'approved it', zh: '同意' },
      state: 'approved',
      commentRequired: comment.includes('approve'),
    },
    {
      key: 'reject',
      title: { en: 'Reject', zh: '驳回' },
      done: { en: 'rejected it', zh: '驳回' },
      state: 'rejected',
      commentRequired: comment.includes('reject'),
    },
  ]
}

export function selfApprovalOf(node: ApprovalNode, flow: FlowDefinition): 'ask' | 'skip' | 'forbid' {
  return node.selfApproval ?? flow.settings?.selfApproval ?? 'forbid'
}

export function onEmptyOf(node: ApprovalNode, flow: FlowDefinition): 'admin' | 'reject' | 'incident' {
  return node.onEmpty ?? flow.settings?.onEmpty ?? 'admin'
}

function askApprovers(context: NodeContext<typeof ApprovalSettings>): NodeStep {
  const { node, flow, applicant } = context
  const found = new Set(node.approvers.flatMap((_, index) => context.people[index] ?? []))
  const self = selfApprovalOf(node, flow)
  const wasAlone = found.size === 1 && found.has(applicant)
  if (self !== 'ask') found.delete(applicant)
  const pass = node.pass ?? 'any'
  const rule: VoteRule = { pass, reject: node.reject ?? (pass === 'any' ? 'all' : 'any') }
  if (found.size > 0) return ask(context, [...found], rule, [])
  if (wasAlone && self === 'skip' && flow.money !== true)
    return { exit: 'approved', events: [{ type: 'auto_approved', data: { rule: 'self' } }] }

  const who: JsonObject[] = node.approvers.map((approver) => ({ ...approver }))
  const nobody: NodeRemark = {
    type: 'nobody_found',
    data: { approvers: who, instead: onEmptyOf(node, flow) },
  }
  switch (onEmptyOf(node, flow)) {
    case 'reject':
      return { exit: 'rejected', events: [nobody] }
    case 'admin': {
      const admins = (context.people[node.approvers.length] ?? []).filter(
        (person) => self === 'ask' || person !== applicant,
      )
      // Whoever of the administrators comes first decides: the rule of the step was made for other people.
      if (admins.length > 0) return ask(context, admins, { pass: 'any', reject: 'any' }, [nobody])
      break
    }
  }
  return {
    exit: null,
    events: [nobody],
    incident: { code: errors.flowNobodyToDecide.code, data: { approvers: who } },
  }
}

function ask(
  context: NodeContext<typeof ApprovalSettings>,
  people: readonly string[],
  rule: VoteRule,
  events: readonly NodeRemark[],
): NodeStep {
  const newTasks = people.map(
    (assignee): Task => ({
      id: context.newId(),
      activation: context.activation.id,
      node: context.node['x-id'],
      assignee,
      state: 'pending',
      rev: 1,
      reason: null,
      comment: null,
      createdAt: context.now,
      decidedAt: null,
      decidedBy: null,
    }),
  )
  return {
    exit: null,
    newTasks,
    events,
    state: { pass: rule.pass, reject: rule.reject, people: [...people] },
  }
}

function readVoteRule(state: JsonObject): VoteRule {
  return { pass: state.pass === 'all' ? 'all' : 'any', reject: state.reject === 'all' ? 'all' : 'any' }
}
