import { defineError } from './create-error.ts'

// What goes wrong when a flow starts another one, reaches out to another system, or is started from outside.

export const flowNotStarted = defineError({
  code: 'FLOW_NOT_STARTED',
  status: 422,
  message: { en: 'The flow "{flow}" could not be started.', zh: '无法启动流程“{flow}”。' },
  hint: {
    en: 'Check that this release has it and that the record it is about exists.',
    zh: '请检查该版本是否包含此流程,以及对应记录是否存在。',
  },
})
export const flowNestedTooDeep = defineError({
  code: 'FLOW_NESTED_TOO_DEEP',
  status: 422,
  message: {
    en: 'The flow "{flow}" was not started: too many flows wait for one another.',
    zh: '流程“{flow}”未启动:相互等待的流程层数过多。',
  },
  hint: { en: 'Look for flows that start each other.', zh: '请检查是否有流程相互调用。' },
})
export const flowWebhookAnswer = defineError({
  code: 'FLOW_WEBHOOK_ANSWER',
  status: 422,
  message: {
    en: '{host} refused the message with status {status}.',
    zh: '{host} 以状态 {status} 拒绝了消息。',
  },
  hint: {
    en: 'Put the address or what is sent right, then let an administrator retry or skip the step.',
    zh: '请修正地址或内容,然后由管理员重试或跳过该步骤。',
  },
})
export const flowWebhookRefused = defineError({
  code: 'FLOW_WEBHOOK_REFUSED',
  status: 422,
  message: { en: '{host} does not lead to the public internet.', zh: '{host} 不是公网地址。' },
  hint: {
    en: 'Nothing was sent. Whoever runs this server can open a host of its own network with CW_WEBHOOK_HOSTS.',
    zh: '消息未发送。服务器管理员可通过 CW_WEBHOOK_HOSTS 开放内网主机。',
  },
})
export const flowButtonClosed = defineError({
  code: 'FLOW_BUTTON_CLOSED',
  status: 403,
  message: { en: 'The flow "{flow}" can not be started here by you.', zh: '您不能在此启动流程“{flow}”。' },
  hint: {
    en: 'Only flows with a button are started by people, by the roles and on the records that the flow names.',
    zh: '只有设置了按钮的流程可由指定角色在指定记录上人工启动。',
  },
})
