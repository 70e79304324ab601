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
    en: 'The flow "{flow}" was not started: too many flows have started one another.',
    zh: '流程“{flow}”未启动:相互触发的流程层数过多。',
  },
  hint: {
    en: 'Look for flows that start each other, or write what makes each other begin.',
    zh: '请检查是否有流程相互调用,或写入的数据使彼此反复启动。',
  },
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

export const flowEventReused = defineError({
  code: 'FLOW_EVENT_REUSED',
  status: 409,
  message: { en: 'The id "{id}" belongs to another event.', zh: '标识“{id}”已用于其他事件。' },
  hint: {
    en: 'Give every event an id of its own; send the same id only with the same event.',
    zh: '每个事件请使用独立标识;仅在重发同一事件时使用相同标识。',
  },
})
export const flowEventSubject = defineError({
  code: 'FLOW_EVENT_SUBJECT',
  status: 400,
  message: {
    en: 'An event is about one record, or about those that a condition finds, not both.',
    zh: '事件只能指定一条记录或一个条件,不能同时指定。',
  },
  hint: { en: 'Leave "record" or "match" out.', zh: '请去掉 record 或 match。' },
})
export const flowEventTooMany = defineError({
  code: 'FLOW_EVENT_TOO_MANY',
  status: 422,
  message: {
    en: 'The condition finds more than {limit} records.',
    zh: '该条件匹配的记录超过 {limit} 条。',
  },
  hint: {
    en: 'Narrow it down, or leave "match" out to reach every case that waits.',
    zh: '请缩小条件,或去掉 match 以通知所有等待的流程。',
  },
})
export const hookRefused = defineError({
  code: 'HOOK_REFUSED',
  status: 401,
  message: { en: 'The message was not accepted.', zh: '消息未被接受。' },
  hint: {
    en: 'Check the address, the secret, the signature and the clock of the sender.',
    zh: '请检查地址、密钥、签名以及发送方时钟。',
  },
})
export const hookInvalid = defineError({
  code: 'HOOK_INVALID',
  status: 422,
  message: { en: 'The message does not fit what the flow takes.', zh: '消息内容不符合流程要求。' },
  hint: { en: 'See the details for each mistake.', zh: '请查看每处错误的说明。' },
})
export const hookIdReused = defineError({
  code: 'HOOK_ID_REUSED',
  status: 409,
  message: { en: 'The id of this message belongs to another one.', zh: '该消息标识已用于其他消息。' },
  hint: {
    en: 'Give every message an id of its own; send the same id only with the same body.',
    zh: '每条消息请使用独立标识;仅在重发同一内容时使用相同标识。',
  },
})
export const hookUnknown = defineError({
  code: 'HOOK_UNKNOWN',
  status: 404,
  message: { en: 'The flow "{flow}" takes no messages.', zh: '流程“{flow}”不接收外部消息。' },
  hint: {
    en: 'Only flows whose trigger is "webhook" do; publish it first.',
    zh: '仅触发方式为 webhook 的流程可接收;请先发布。',
  },
})
