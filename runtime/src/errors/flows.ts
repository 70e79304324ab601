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
export const flowRunStale = defineError({
  code: 'FLOW_RUN_STALE',
  status: 409,
  message: { en: 'The case has changed since you opened it.', zh: '您打开后该流程已有进展。' },
  hint: {
    en: 'Nothing was done. Look where it stands now, then decide again.',
    zh: '本次操作未执行,请查看最新进展后再决定。',
  },
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
  message: { en: 'Cases of this flow cannot be taken back.', zh: '该流程不允许撤回。' },
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
export const flowFieldLocked = defineError({
  code: 'FLOW_FIELD_LOCKED',
  status: 409,
  message: {
    en: 'The record is in approval; until the case ends these fields can not be changed: {fields}.',
    zh: '记录正在审批中,流程结束前不能修改以下字段:{fields}。',
  },
  hint: {
    en: 'Change other fields, or wait for the decision, or take the case back first.',
    zh: '可修改其他字段;如需修改以上字段,请等待审批结果,或先撤回流程。',
  },
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

export const flowTaskWaiting = defineError({
  code: 'FLOW_TASK_WAITING',
  status: 409,
  message: { en: 'This task waits for somebody else first.', zh: '该待办正在等待他人先处理。' },
  hint: { en: 'It opens as soon as they have acted.', zh: '他人处理后即可操作。' },
})
export const flowSuspended = defineError({
  code: 'FLOW_SUSPENDED',
  status: 409,
  message: { en: 'This case is suspended.', zh: '该流程已挂起。' },
  hint: { en: 'Ask an administrator of flows to resume it.', zh: '请联系流程管理员恢复。' },
})
export const flowRunOpen = defineError({
  code: 'FLOW_RUN_STATE',
  status: 409,
  message: {
    en: 'This is not possible while the case is {status}.',
    zh: '流程处于{status}状态,不能执行该操作。',
  },
  hint: { en: 'Reload to see where it stands.', zh: '请刷新查看当前状态。' },
})
export const flowActionOff = defineError({
  code: 'FLOW_ACTION_OFF',
  status: 403,
  message: { en: 'This step does not offer that ({action}).', zh: '该步骤未开放此操作({action})。' },
  hint: { en: 'Use one of the actions that the task shows.', zh: '请使用待办上显示的操作。' },
})
export const flowSignatureRequired = defineError({
  code: 'FLOW_SIGNATURE_REQUIRED',
  status: 400,
  message: { en: 'A signature is needed for this decision.', zh: '该操作必须签名。' },
  hint: { en: 'Sign, then decide again.', zh: '请签名后重新提交。' },
})
export const flowAttachmentRequired = defineError({
  code: 'FLOW_ATTACHMENT_REQUIRED',
  status: 400,
  message: { en: 'An attachment is needed for this decision.', zh: '该操作必须上传附件。' },
  hint: { en: 'Attach a file, then decide again.', zh: '请上传附件后重新提交。' },
})
export const flowRecordChanged = defineError({
  code: 'FLOW_RECORD_CHANGED',
  status: 409,
  message: { en: 'The record has changed since you opened it.', zh: '您打开后记录已被修改。' },
  hint: { en: 'Read it again and decide on what it says now.', zh: '请重新查看记录后再处理。' },
})
export const flowPersonInactive = defineError({
  code: 'FLOW_PERSON_INACTIVE',
  status: 400,
  message: { en: 'This person is not active here.', zh: '该人员不在职或未启用。' },
  hint: { en: 'Name somebody who is.', zh: '请选择在职人员。' },
})
export const flowPersonBarred = defineError({
  code: 'FLOW_PERSON_BARRED',
  status: 403,
  message: {
    en: 'This person may not decide here: it is their own case, or the step leaves them out.',
    zh: '该人员不能处理此步骤:本人的申请或已被排除。',
  },
  hint: { en: 'Name somebody else.', zh: '请选择其他人员。' },
})
export const flowPersonAsked = defineError({
  code: 'FLOW_PERSON_ASKED',
  status: 409,
  message: { en: 'This person is asked at this step already.', zh: '该人员已是当前步骤的处理人。' },
  hint: { en: 'Name somebody else.', zh: '请选择其他人员。' },
})
export const flowPersonSelf = defineError({
  code: 'FLOW_PERSON_SELF',
  status: 400,
  message: { en: 'It is with you already.', zh: '不能转给自己。' },
  hint: { en: 'Name somebody else.', zh: '请选择其他人员。' },
})
export const flowTransferChain = defineError({
  code: 'FLOW_TRANSFER_CHAIN',
  status: 409,
  message: { en: 'The task was passed on {most} times already.', zh: '该待办已转办 {most} 次。' },
  hint: { en: 'Decide it, or ask an administrator of flows.', zh: '请直接处理或联系流程管理员。' },
})
export const flowDelegationEnded = defineError({
  code: 'FLOW_DELEGATION_ENDED',
  status: 403,
  message: { en: 'The time in which you act for somebody else is over.', zh: '代理期限已结束。' },
  hint: { en: 'The task is theirs again.', zh: '该待办已归还被代理人。' },
})
export const flowOpinionOnly = defineError({
  code: 'FLOW_OPINION_ONLY',
  status: 403,
  message: {
    en: 'You are asked for an opinion; that gives no right to do this.',
    zh: '您仅提供意见,不能执行该操作。',
  },
  hint: { en: 'Give your opinion; the person who asked decides.', zh: '请填写意见,由委派人决定。' },
})
export const flowCopyOutside = defineError({
  code: 'FLOW_COPY_OUTSIDE',
  status: 403,
  message: {
    en: 'The case cannot be copied to all of these people.',
    zh: '所选人员中有人不能查看该流程,无法抄送。',
  },
  hint: {
    en: 'Choose colleagues who are still here, or people of the organisation that the record belongs to.',
    zh: '请选择在职同事,或该记录所属组织的人员。',
  },
})
export const flowNotAdded = defineError({
  code: 'FLOW_NOT_ADDED',
  status: 409,
  message: { en: 'Only people who were added can be removed.', zh: '只能减去加签人员。' },
  hint: { en: 'Pass the task on, or ask an administrator of flows.', zh: '可转办或联系流程管理员。' },
})
export const flowNotAdder = defineError({
  code: 'FLOW_NOT_ADDER',
  status: 403,
  message: { en: 'Only whoever added a person can remove them.', zh: '只有加签人可以减签。' },
  hint: { en: 'Ask them, or an administrator of flows.', zh: '请联系加签人或流程管理员。' },
})
export const flowTooDeep = defineError({
  code: 'FLOW_TOO_DEEP',
  status: 409,
  message: {
    en: 'People were added by people who were added, {most} deep: no further.',
    zh: '加签层级已达上限({most} 层)。',
  },
  hint: { en: 'Decide, or pass the task on.', zh: '请直接处理或转办。' },
})
export const flowTooManyPeople = defineError({
  code: 'FLOW_TOO_MANY_PEOPLE',
  status: 409,
  message: { en: 'A step asks {most} people at most.', zh: '单个步骤最多 {most} 人。' },
  hint: { en: 'Add fewer people.', zh: '请减少人员。' },
})
export const flowTakeBackNothing = defineError({
  code: 'FLOW_TAKE_BACK_NOTHING',
  status: 409,
  message: { en: 'There is no decision of yours here that stands.', zh: '没有可取回的处理结果。' },
  hint: { en: 'Reload to see what has happened.', zh: '请刷新查看最新进展。' },
})
export const flowTakeBackLate = defineError({
  code: 'FLOW_TAKE_BACK_LATE',
  status: 409,
  message: {
    en: 'It is too late to take the decision back: others have built on it.',
    zh: '后续已有处理,不能取回。',
  },
  hint: { en: 'Ask whoever has the task now to send it back.', zh: '请联系当前处理人退回。' },
})
export const flowReturnTarget = defineError({
  code: 'FLOW_RETURN_TARGET',
  status: 409,
  message: {
    en: 'The case can not be sent back to that step from here.',
    zh: '不能从当前步骤退回到该步骤。',
  },
  hint: {
    en: 'Only to steps that it has been through and that lie on every way to here.',
    zh: '只能退回到已执行且必经的步骤。',
  },
})
export const flowReturnCap = defineError({
  code: 'FLOW_RETURN_CAP',
  status: 409,
  message: { en: 'The case was sent back {cap} times already.', zh: '该流程已退回 {cap} 次,达到上限。' },
  hint: { en: 'Approve, or reject it for good.', zh: '请同意或驳回。' },
})
export const flowReturnDirect = defineError({
  code: 'FLOW_RETURN_DIRECT',
  status: 409,
  message: {
    en: 'From beyond a split the case can not come straight back.',
    zh: '跨分支退回不能直接返回本步骤。',
  },
  hint: { en: 'Send it back so that the steps are done again.', zh: '请选择逐级重新审批。' },
})
export const flowReturnResume = defineError({
  code: 'FLOW_RETURN_RESUME',
  status: 400,
  message: { en: 'This step says itself how the case comes back.', zh: '该步骤已规定退回后的处理方式。' },
  hint: { en: 'Leave out "resume".', zh: '请不要填写 resume。' },
})
export const flowNobodyToRemind = defineError({
  code: 'FLOW_NOBODY_TO_REMIND',
  status: 409,
  message: { en: 'Nobody is waited for.', zh: '当前没有待催办的人员。' },
  hint: { en: 'Reload to see where it stands.', zh: '请刷新查看当前状态。' },
})
export const flowRemindedLately = defineError({
  code: 'FLOW_REMINDED_LATELY',
  status: 429,
  message: { en: 'They were reminded less than two hours ago.', zh: '两小时内已催办过。' },
  hint: { en: 'Wait a little.', zh: '请稍后再试。' },
})
export const flowStepGone = defineError({
  code: 'FLOW_STEP_GONE',
  status: 409,
  message: { en: 'This step is not active.', zh: '该步骤当前未激活。' },
  hint: { en: 'Reload to see where the case stands.', zh: '请刷新查看当前状态。' },
})
export const flowSkipRefused = defineError({
  code: 'FLOW_SKIP_REFUSED',
  status: 409,
  message: { en: 'This step can not be skipped.', zh: '该步骤不能跳过。' },
  hint: {
    en: 'Splits and joins can not; nor decisions where money moves. Give the task to somebody else.',
    zh: '分支节点及涉及资金的审批不能跳过,可改派他人。',
  },
})
export const flowNodeUnknown = defineError({
  code: 'FLOW_NODE_UNKNOWN',
  status: 400,
  message: { en: 'The case can not go on at that step.', zh: '流程不能从该步骤继续。' },
  hint: {
    en: 'Name a step of this flow; to open a case again, one that it had come to.',
    zh: '请选择本流程中的步骤;重新打开时须为已到达的步骤。',
  },
})
export const flowJumpBranch = defineError({
  code: 'FLOW_JUMP_BRANCH',
  status: 409,
  message: { en: 'Into a branch a case gets only from within it.', zh: '只能从同一分支内跳转到该步骤。' },
  hint: { en: 'Choose a step before the split or behind its join.', zh: '请选择分支之前或汇聚之后的步骤。' },
})
export const flowMoveMoney = defineError({
  code: 'FLOW_MOVE_MONEY',
  status: 409,
  message: {
    en: 'Where money moves a case can only be moved back.',
    zh: '涉及资金的流程只能退回到之前的步骤。',
  },
  hint: {
    en: 'Nobody stands in for those who must decide. Give the task to somebody else, or terminate the case.',
    zh: '不能越过须审批的步骤。可改派他人,或终止流程。',
  },
})
export const flowRunBeside = defineError({
  code: 'FLOW_RUN_BESIDE',
  status: 409,
  message: {
    en: 'Another case of this flow is open over the same record.',
    zh: '同一记录上已有该流程的另一进行中实例。',
  },
  hint: { en: 'Let that one end first.', zh: '请先结束另一实例。' },
})
export const flowReleaseUnknown = defineError({
  code: 'FLOW_RELEASE_UNKNOWN',
  status: 404,
  message: { en: 'Release {release} does not have this flow.', zh: '版本 {release} 中没有该流程。' },
  hint: { en: 'Name a release that has it.', zh: '请选择包含该流程的版本。' },
})
export const flowMigrateNode = defineError({
  code: 'FLOW_MIGRATE_NODE',
  status: 409,
  message: {
    en: 'The step "{node}" is active and has no counterpart in that release.',
    zh: '进行中的步骤“{node}”在目标版本中没有对应节点。',
  },
  hint: {
    en: 'Map it to a step of the same type, or let the case finish on its own release.',
    zh: '请映射到同类型步骤,或让流程在原版本上完成。',
  },
})
export const flowMigrateBranch = defineError({
  code: 'FLOW_MIGRATE_BRANCH',
  status: 409,
  message: {
    en: 'The step "{node}" is active and would come to stand in other branches of that release.',
    zh: '进行中的步骤“{node}”在目标版本中位于不同的分支。',
  },
  hint: {
    en: 'Map it to a step in the same branch, or let the case finish on its own release.',
    zh: '请映射到同一分支内的步骤,或让流程在原版本上完成。',
  },
})
export const flowMigrateSame = defineError({
  code: 'FLOW_MIGRATE_SAME',
  status: 409,
  message: { en: 'The case follows release {release} already.', zh: '该流程实例已在版本 {release} 上。' },
  hint: { en: 'Choose another release.', zh: '请选择其他版本。' },
})
export const flowTimerEarly = defineError({
  code: 'FLOW_TIMER_EARLY',
  status: 409,
  message: { en: 'It is not time yet: due {due}.', zh: '尚未到时间:{due}。' },
  hint: { en: 'Fire it again when it is due.', zh: '请在到期后再触发。' },
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
export const flowPartNotTakenBack = defineError({
  code: 'FLOW_PART_NOT_TAKEN_BACK',
  status: 409,
  message: {
    en: 'A case that this step began could not be taken back whole.',
    zh: '该步骤启动的一个流程未能完整撤销。',
  },
  hint: {
    en: 'Open that case, retry or skip what stands still there, then retry here.',
    zh: '请打开该流程,重试或跳过其中的异常,再在此处重试。',
  },
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
export const flowMoneyAuto = defineError({
  code: 'FLOW_MONEY_AUTO',
  status: 409,
  message: {
    en: 'Where money moves nothing is approved by the passing of time.',
    zh: '涉及资金的流程不能超时自动同意。',
  },
  hint: { en: 'Give the task to somebody who decides.', zh: '请改派给可处理的人员。' },
})
