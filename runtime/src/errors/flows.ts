import { defineError } from './create-error.ts'

// What a running flow refuses.

export const flowTaskUnknown = defineError({
  code: 'FLOW_TASK_UNKNOWN',
  status: 404,
  message: { en: 'This task does not exist, or it is not yours to see.', zh: '该待办不存在,或您无权查看。' },
  hint: { en: 'Open your list of tasks again.', zh: '请重新打开待办列表。' },
})
export const flowRunUnknown = defineError({
  code: 'FLOW_RUN_UNKNOWN',
  status: 404,
  message: {
    en: 'This case does not exist, or it is not yours to see.',
    zh: '该流程实例不存在,或您无权查看。',
  },
  hint: { en: 'Open the record again.', zh: '请重新打开记录。' },
})
export const flowTaskNotYours = defineError({
  code: 'FLOW_TASK_NOT_YOURS',
  status: 403,
  message: { en: 'This task waits for somebody else.', zh: '该待办由他人处理。' },
  hint: { en: 'Only the person it is assigned to can decide it.', zh: '只有被指派的人可以处理。' },
})
export const flowTaskDecided = defineError({
  code: 'FLOW_TASK_DECIDED',
  status: 409,
  message: { en: 'This task is closed already ({state}).', zh: '该待办已结束({state})。' },
  hint: { en: 'Reload to see what has happened; nothing of yours was lost.', zh: '请刷新查看最新进展。' },
})
export const flowTaskStale = defineError({
  code: 'FLOW_TASK_STALE',
  status: 409,
  message: { en: 'The task has changed since you opened it.', zh: '您打开后该待办已发生变化。' },
  hint: { en: 'Reload it and decide again.', zh: '请刷新后重新处理。' },
})
export const flowRunClosed = defineError({
  code: 'FLOW_RUN_CLOSED',
  status: 409,
  message: { en: 'This case has ended already ({status}).', zh: '该流程已结束({status})。' },
  hint: { en: 'Reload to see how it ended.', zh: '请刷新查看结果。' },
})
export const flowDecisionUnknown = defineError({
  code: 'FLOW_DECISION_UNKNOWN',
  status: 400,
  message: { en: 'This task does not offer "{decision}".', zh: '该待办不支持操作“{decision}”。' },
  hint: { en: 'Offered are: {offered}.', zh: '可用的操作:{offered}。' },
})
export const flowCommentRequired = defineError({
  code: 'FLOW_COMMENT_REQUIRED',
  status: 400,
  message: { en: 'A comment is needed for this decision.', zh: '该操作必须填写意见。' },
  hint: { en: 'Say in a sentence why.', zh: '请用一句话说明理由。' },
})
export const flowWithdrawLate = defineError({
  code: 'FLOW_WITHDRAW_LATE',
  status: 409,
  message: { en: 'This case can no longer be taken back.', zh: '该流程已不能撤回。' },
  hint: { en: 'Somebody has decided on it already; ask them to reject it.', zh: '已有人处理,可请其驳回。' },
})
export const flowWithdrawNever = defineError({
  code: 'FLOW_WITHDRAW_NEVER',
  status: 409,
  message: { en: 'Cases of this flow can not be taken back.', zh: '该流程不允许撤回。' },
  hint: { en: 'Ask the person who decides.', zh: '请联系审批人。' },
})
export const flowNotApplicant = defineError({
  code: 'FLOW_NOT_APPLICANT',
  status: 403,
  message: { en: 'Only the person who submitted this can take it back.', zh: '只有提交人可以撤回。' },
  hint: { en: 'Ask them, or an administrator of flows.', zh: '请联系提交人或流程管理员。' },
})
export const flowNothingToRetry = defineError({
  code: 'FLOW_NOTHING_TO_RETRY',
  status: 409,
  message: { en: 'Nothing of this case waits for a retry.', zh: '该流程没有需要重试的步骤。' },
  hint: { en: 'Reload to see where it stands.', zh: '请刷新查看当前状态。' },
})
export const flowCommandReused = defineError({
  code: 'FLOW_COMMAND_REUSED',
  status: 409,
  message: { en: 'This command id was used for something else.', zh: '该命令编号已用于其他操作。' },
  hint: {
    en: 'Use a new id for a new command; repeat one only unchanged.',
    zh: '新操作请使用新的编号,仅在重发同一操作时复用。',
  },
})
export const flowRecordLocked = defineError({
  code: 'FLOW_RECORD_LOCKED',
  status: 409,
  message: {
    en: 'The record is in approval and can not be changed until the case ends.',
    zh: '记录正在审批中,流程结束前不能修改。',
  },
  hint: { en: 'Wait for the decision, or take the case back first.', zh: '请等待审批结果,或先撤回流程。' },
})
export const flowFieldsNotOpen = defineError({
  code: 'FLOW_FIELDS_NOT_OPEN',
  status: 403,
  message: {
    en: 'At this step these fields can not be written: {fields}.',
    zh: '当前步骤不能填写这些字段:{fields}。',
  },
  hint: { en: 'Send only the fields that the step opens.', zh: '请只提交该步骤允许填写的字段。' },
})

// Codes of incidents: a case that can't go on by itself.

export const flowNobodyToDecide = defineError({
  code: 'FLOW_NOBODY_TO_DECIDE',
  status: 409,
  message: { en: 'Nobody was found who may decide this step.', zh: '未找到可处理该步骤的人员。' },
  hint: { en: 'Fill in who is responsible, then retry the step.', zh: '请补充负责人后重试。' },
})
export const flowEffectFailed = defineError({
  code: 'FLOW_EFFECT_FAILED',
  status: 409,
  message: {
    en: 'An automatic step failed after all tries: {reason}',
    zh: '自动步骤多次尝试后仍失败:{reason}',
  },
  hint: { en: 'Remove the cause, then retry; or terminate the case.', zh: '请排除原因后重试,或终止流程。' },
})
export const flowRuleFailed = defineError({
  code: 'FLOW_RULE_FAILED',
  status: 409,
  message: { en: 'A rule of this step could not be computed: {reason}', zh: '该步骤的规则无法计算:{reason}' },
  hint: { en: 'Correct the record, then retry.', zh: '请更正记录数据后重试。' },
})
export const flowTooManySteps = defineError({
  code: 'FLOW_TOO_MANY_STEPS',
  status: 409,
  message: {
    en: 'The case went through too many steps at once and was stopped.',
    zh: '流程单次推进步数过多,已停止。',
  },
  hint: { en: 'Check the flow for steps that feed each other.', zh: '请检查流程是否存在相互触发的步骤。' },
})
