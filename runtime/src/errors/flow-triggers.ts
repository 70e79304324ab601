import { defineError } from './create-error.ts'

// What is wrong with how a flow begins, what it is handed and when it ends by itself; found before it is published.

const status = 400

export const flowInputUnknown = defineError({
  code: 'FLOW_INPUT_UNKNOWN',
  status,
  message: { en: 'Flow "{flow}" takes no value "{input}".', zh: '流程“{flow}”没有输入项“{input}”。' },
  hint: { en: 'It takes: {known}.', zh: '可用的输入项:{known}。' },
})
export const flowInputMissing = defineError({
  code: 'FLOW_INPUT_MISSING',
  status,
  message: {
    en: 'Flow "{flow}" must be handed a value "{input}".',
    zh: '启动流程“{flow}”必须提供输入项“{input}”。',
  },
  hint: { en: 'Give it under "input".', zh: '请在 input 中填写。' },
})
export const flowLineMissing = defineError({
  code: 'FLOW_LINE_MISSING',
  status,
  message: {
    en: 'Flow "{flow}" treats one line of "{lines}" and is not handed one here.',
    zh: '流程“{flow}”处理“{lines}”的一行明细,此处未提供明细行。',
  },
  hint: {
    en: 'Start it by a step "for_each" over these lines, or take "lines" out of its trigger.',
    zh: '请用逐项处理节点遍历该明细启动它,或去掉其触发器的 lines。',
  },
})
export const flowCron = defineError({
  code: 'FLOW_CRON',
  status,
  message: { en: '"{cron}" is no schedule that ever comes.', zh: '“{cron}”不是有效的定时表达式。' },
  hint: {
    en: 'Five fields: minute, hour, day, month, day of the week. "0 9 * * 1-5" is at nine on workdays.',
    zh: '五段依次为:分、时、日、月、星期。例如“0 9 * * 1-5”表示工作日 9 点。',
  },
})
export const flowScheduleSubject = defineError({
  code: 'FLOW_SCHEDULE_SUBJECT',
  status,
  message: {
    en: 'A schedule says which records its cases are about: either "records" or "create".',
    zh: '定时触发须指定针对的记录:records 与 create 二选一。',
  },
  hint: {
    en: '"records" is a rule over the records that there are, "create" holds the fields of a new one.',
    zh: 'records 为已有记录的条件,create 为新建记录的字段。',
  },
})
export const flowApplicantField = defineError({
  code: 'FLOW_APPLICANT_FIELD',
  status,
  message: { en: '"{field}" is no field that names a person.', zh: '“{field}”不是人员字段。' },
  hint: { en: 'Name a field of type user, or a role.', zh: '请选择人员类型字段,或指定角色。' },
})
export const flowMatchField = defineError({
  code: 'FLOW_MATCH_FIELD',
  status,
  message: {
    en: 'Records can not be found by "{field}": several may have the same value, or the message does not fill it.',
    zh: '不能按“{field}”查找记录:该字段不唯一,或消息未填写该字段。',
  },
  hint: {
    en: 'Declare the field unique in its object, without a condition, and give its value under "values".',
    zh: '请在对象中声明该字段唯一(不带条件),并在 values 中给出其值。',
  },
})
export const flowExpireEnd = defineError({
  code: 'FLOW_EXPIRE_END',
  status,
  message: { en: '"{node}" is no end of this flow.', zh: '“{node}”不是本流程的结束节点。' },
  hint: { en: 'Name the x-id of an end, or leave it out.', zh: '请填写结束节点的 x-id,或留空。' },
})
