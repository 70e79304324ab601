import { formatText, type Text } from '../../text.ts'
import { type Decision, defineNodeType, type NodeContext, type NodeOf, type NodeStep } from '../node-type.ts'
import { pathsOf, settledQuestions } from './approvers.ts'
import { checkApproval } from './check.ts'
import { peopleOfStep, selfApprovalOf } from './policies.ts'
import { beginSeatsOf, goOnWithSeats, readState, type Verdict } from './seat-step.ts'
import { ApprovalSettings } from './settings.ts'
import { traits } from './traits.ts'
import { voteRule } from './votes.ts'

type ApprovalNode = NodeOf<typeof ApprovalSettings>
type ApprovalContext = NodeContext<typeof ApprovalSettings>

export const approval = defineNodeType({
  name: 'approval',
  ...traits,
  title: { en: 'Approval', zh: '审批' },
  icon: 'user-check',
  settings: ApprovalSettings,
  exits: (node) => ((node.onReject?.do ?? 'branch') === 'branch' ? ['approved', 'rejected'] : ['approved']),
  exitTitles: {
    approved: { en: 'Approved', zh: '同意' },
    rejected: { en: 'Rejected', zh: '驳回' },
  },
  check: checkApproval,
  people: (node) => settledQuestions(node.approvers),
  reads: (node) => pathsOf([...node.approvers, ...(node.exclude ?? [])]),
  decisions,
  barred: ({ activation }) => readState(activation.state).barred,
  run(context) {
    const { node, flow, run, activation } = context
    const tasks = run.tasks.filter((task) => task.activation === activation.id)
    // Tried again after an incident: those who were asked before still are.
    if (tasks.length > 0) return goOnWithSeats(context, tasks, finishWith(context))
    const found = peopleOfStep(context, node, selfApprovalOf(node, flow))
    if (found.asked.length === 0 && found.passesBySelf)
      return {
        ...finishWith(context)('approved'),
        events: [{ type: 'auto_approved', data: { rule: 'self' } }],
      }
    return beginSeatsOf(context, found, voteRule(node), node.order === 'sequential', finishWith(context))
  },
  resume: (context, _event, tasks) => goOnWithSeats(context, tasks, finishWith(context)),
  trace(event, locale) {
    const rule = event.type === 'auto_approved' ? String(event.data.rule) : ''
    const sentence = event.type === 'nobody_found' ? nobody : passed[rule]
    return sentence === undefined ? null : formatText(sentence, locale, event.data)
  },
})

const nobody: Text = { en: 'Nobody was found for this step', zh: '该步骤未找到审批人' }
const passed: Readonly<Record<string, Text>> = {
  self: {
    en: 'Passed by itself: the applicant would have decided on their own case',
    zh: '自动通过:审批人即申请人本人',
  },
  empty: { en: 'Passed by itself: nobody was found to decide', zh: '自动通过:未找到审批人' },
  dedupe: {
    en: 'Passed by itself: the same person approved it before and nothing has changed',
    zh: '自动通过:同一审批人此前已同意且内容未变',
  },
}

function finishWith({ node }: ApprovalContext): (verdict: Verdict) => NodeStep {
  return (verdict) => {
    const { onReject = { do: 'branch' } } = node
    if (verdict === 'approved' || onReject.do === 'branch') return { exit: verdict }
    if (onReject.do === 'end') return { exit: null, rejected: true }
    return { exit: null, sendBack: { to: onReject.to, resume: onReject.resume ?? 'replay' } }
  }
}

function decisions(node: ApprovalNode): readonly Decision[] {
  const { comment = [], signature = [], attachments = [] } = node.require ?? {}
  const needs = (key: 'approve' | 'reject') => ({
    commentRequired: comment.includes(key),
    signatureRequired: signature.includes(key),
    attachmentsRequired: attachments.includes(key),
  })
  return [
    {
      key: 'approve',
      title: { en: 'Approve', zh: '同意' },
      done: { en: 'approved it', zh: '同意' },
      state: 'approved',
      ...needs('approve'),
    },
    {
      key: 'reject',
      title: { en: 'Reject', zh: '驳回' },
      done: { en: 'rejected it', zh: '驳回' },
      state: 'rejected',
      ...needs('reject'),
    },
  ]
}
