import { defineError } from './create-error.ts'

// What the server refuses around flows: tasks taken together, people who stand in, links of e-mails.

export const flowNotInBatch = defineError({
  code: 'FLOW_NOT_IN_BATCH',
  status: 409,
  message: {
    en: 'This step asks for something to be filled in, said, signed or attached.',
    zh: '该步骤需要填写字段、意见、签名或附件。',
  },
  hint: { en: 'Open the task and decide it by itself.', zh: '请打开该待办单独处理。' },
})
export const delegationUnknown = defineError({
  code: 'DELEGATION_UNKNOWN',
  status: 404,
  message: { en: 'There is no such delegation.', zh: '该代理设置不存在。' },
  hint: { en: 'Load the list again.', zh: '请刷新列表。' },
})
export const delegationTimes = defineError({
  code: 'DELEGATION_TIMES',
  status: 422,
  message: {
    en: 'A delegation ends after it starts, in the future, and lasts a year at most.',
    zh: '代理的结束时间须晚于开始时间且在将来,最长一年。',
  },
  hint: { en: 'Choose other times.', zh: '请调整起止时间。' },
})
export const delegationPerson = defineError({
  code: 'DELEGATION_PERSON',
  status: 422,
  message: {
    en: 'Choose somebody else who is active here and known to you.',
    zh: '请选择其他在职且您可见的人员。',
  },
  hint: { en: 'Nobody stands in for themselves.', zh: '不能委托给自己。' },
})
export const delegationAmount = defineError({
  code: 'DELEGATION_AMOUNT',
  status: 422,
  message: {
    en: 'None of these flows says an amount: a limit would keep everything back.',
    zh: '所选流程均未设置金额,设置上限后将无任何待办可委托。',
  },
  hint: {
    en: 'Leave out the limit, or choose flows with an amount.',
    zh: '请去掉金额上限,或选择含金额的流程。',
  },
})
export const delegationCircle = defineError({
  code: 'DELEGATION_CIRCLE',
  status: 409,
  message: {
    en: 'That person has handed their tasks to you in the same time.',
    zh: '对方在同一时间段已将待办委托给您。',
  },
  hint: { en: 'Choose somebody else or another time.', zh: '请选择其他人员或时间段。' },
})
export const mailLinkInvalid = defineError({
  code: 'MAIL_LINK_INVALID',
  status: 410,
  message: {
    en: 'This link is not valid any more: the task was decided or has changed.',
    zh: '链接已失效:该待办已处理或已变化。',
  },
  hint: { en: 'Open your inbox to see where it stands.', zh: '请打开待办箱查看最新状态。' },
})
export const flowMigrateOld = defineError({
  code: 'FLOW_MIGRATE_OLD',
  status: 409,
  message: {
    en: 'Release {release} is not in force: cases are moved to release {current}.',
    zh: '版本 {release} 不是当前发布版:流程只能迁移到版本 {current}。',
  },
  hint: {
    en: 'Look again at what the move would come to.',
    zh: '请重新预检后再迁移。',
  },
})
export const flowMigrationReason = defineError({
  code: 'FLOW_MIGRATION_REASON',
  status: 422,
  message: { en: 'Say why the cases are moved.', zh: '请填写迁移原因。' },
  hint: { en: 'It stands in the history of each of them.', zh: '原因会写入每个流程实例的历史。' },
})
export const flowMigrationUnknown = defineError({
  code: 'FLOW_MIGRATION_UNKNOWN',
  status: 404,
  message: { en: 'There is no such move of cases.', zh: '该迁移不存在。' },
  hint: { en: 'Load the list again.', zh: '请刷新列表。' },
})
export const flowRestartChild = defineError({
  code: 'FLOW_RESTART_CHILD',
  status: 409,
  message: {
    en: 'Another case waits for this one, so it can not be begun anew.',
    zh: '另一流程正在等待该流程,不能重新发起。',
  },
  hint: {
    en: 'Move it, or begin the other case anew.',
    zh: '请改为迁移,或重新发起上级流程。',
  },
})
