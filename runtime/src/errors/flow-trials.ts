import { defineError } from './create-error.ts'

// Trying a flow before it is published: walking one case, replaying many.

export const flowTrialUnknown = defineError({
  code: 'FLOW_TRIAL_UNKNOWN',
  status: 404,
  message: {
    en: 'There is no flow "{flow}" over records of this workspace.',
    zh: '本工作区没有可试运行的流程“{flow}”。',
  },
  hint: {
    en: 'Check the key. A flow over an object that is not published yet can be tried once the object is.',
    zh: '请检查流程标识;若其对象尚未发布,请先发布对象。',
  },
})
export const flowTrialUnsound = defineError({
  code: 'FLOW_TRIAL_UNSOUND',
  status: 422,
  message: {
    en: 'The flow "{flow}" has errors and can not be tried.',
    zh: '流程“{flow}”存在错误,无法试运行。',
  },
  hint: { en: 'Solve what the check tells, then try again.', zh: '请先解决检查出的问题,再重试。' },
})
export const flowTrialRecord = defineError({
  code: 'FLOW_TRIAL_RECORD',
  status: 422,
  message: {
    en: 'A trial is about one record: either one that there is, or values of one that is made up.',
    zh: '试运行需要一条记录:已有记录,或一组假设的字段值,二者选一。',
  },
  hint: {
    en: 'Give "record" or "values"; references in "values" are ids of records that you may see.',
    zh: '请提供 record 或 values;values 中的关联须为您可见的记录编号。',
  },
})
export const flowTrialInput = defineError({
  code: 'FLOW_TRIAL_INPUT',
  status: 422,
  message: {
    en: 'What the trial is to go by does not fit the flow, its records or its people.',
    zh: '试运行的输入与流程、记录或人员不符。',
  },
  hint: { en: 'Each of the details names a place and what is wrong there.', zh: '请按明细逐项修正。' },
})
export const flowTrialStep = defineError({
  code: 'FLOW_TRIAL_STEP',
  status: 422,
  message: {
    en: 'The flow has no step "{step}" that is answered.',
    zh: '流程中没有可作答的步骤“{step}”。',
  },
  hint: {
    en: 'Name steps by their x-id: approvals, tasks, assignments, and steps that wait for something outside.',
    zh: '请填写步骤的 x-id:审批、办理、分派,或等待外部事件的步骤。',
  },
})
export const flowTrialAnswer = defineError({
  code: 'FLOW_TRIAL_ANSWER',
  status: 422,
  message: {
    en: '"{answer}" is not offered at this step. Answers: {known}.',
    zh: '该步骤没有“{answer}”这一选项。可选:{known}。',
  },
  hint: {
    en: 'Take one of those that are offered, or "-" for nobody answering.',
    zh: '请选用所列选项,或以 - 表示无人处理。',
  },
})
export const flowTrialApplicant = defineError({
  code: 'FLOW_TRIAL_APPLICANT',
  status: 422,
  message: {
    en: 'Nobody with this id is an active member of the workspace.',
    zh: '工作区中没有该编号的在职成员。',
  },
  hint: { en: 'Give the id of a member, or leave it out.', zh: '请填写成员编号,或留空。' },
})
export const flowReplayGone = defineError({
  code: 'FLOW_REPLAY_GONE',
  status: 422,
  message: {
    en: 'What its record was when it began is not known any more.',
    zh: '已无法得知该流程开始时的记录内容。',
  },
  hint: {
    en: 'The record was removed for good, or is older than its history.',
    zh: '记录已被彻底删除,或早于历史记录。',
  },
})
export const flowReplayFailed = defineError({
  code: 'FLOW_REPLAY_FAILED',
  status: 422,
  message: { en: 'This case could not be replayed.', zh: '该流程实例无法重放。' },
  hint: {
    en: 'The others are not concerned; the log of the server says why.',
    zh: '其他实例不受影响;原因见服务器日志。',
  },
})
export const flowTrialNobody = defineError({
  code: 'FLOW_TRIAL_NOBODY',
  status: 422,
  message: {
    en: 'Nobody in "{workspace}" in whose name the flow could be tried may design.',
    zh: '“{workspace}”中没有具备设计权限、可用于试运行的成员。',
  },
  hint: {
    en: 'Name a member with the right "design" by --as and their e-mail address.',
    zh: '请用 --as 加邮箱指定一位具有 design 权限的成员。',
  },
})
