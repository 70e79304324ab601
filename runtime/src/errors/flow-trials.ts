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
