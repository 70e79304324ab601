import { defineError } from './create-error.ts'

// What is wrong with a pack's case (docs/guide/pack-cases.md).

export const caseStepActions = defineError({
  code: 'CASE_STEP_ACTIONS',
  status: 422,
  message: {
    en: 'A step does one thing, or only expects; this one does: {found}.',
    zh: '每个步骤只能执行一个动作或只做检查;此处为:{found}。',
  },
  hint: {
    en: 'Make a step of each thing. Things done at the same instant stand under "together".',
    zh: '请拆分为多个步骤;同一时刻发生的动作写在"together"下。',
  },
})
export const caseNameUnknown = defineError({
  code: 'CASE_NAME_UNKNOWN',
  status: 422,
  message: { en: 'Nothing has the name @{name} here.', zh: '此处没有名为 @{name} 的内容。' },
  hint: {
    en: 'Known up to here: {known}. A text that begins with an at sign is written with two.',
    zh: '到此处已有:{known}。以 @ 开头的文本请写成两个 @。',
  },
})
export const caseNameTwice = defineError({
  code: 'CASE_NAME_TWICE',
  status: 422,
  message: { en: 'The name {name} is given twice.', zh: '名称 {name} 重复。' },
  hint: { en: 'Choose another.', zh: '请换一个名称。' },
})
export const caseNoPerson = defineError({
  code: 'CASE_NO_PERSON',
  status: 422,
  message: { en: 'It is not said who does this.', zh: '未写明由谁执行。' },
  hint: {
    en: 'Add "by": "@name" of one of the case\'s users.',
    zh: '请添加 "by": "@名称"(本用例中的用户)。',
  },
})
export const caseEditUnclear = defineError({
  code: 'CASE_EDIT_UNCLEAR',
  status: 422,
  message: {
    en: 'This change of a definition says too much or too little.',
    zh: '对定义的这处修改写得过多或过少。',
  },
  hint: {
    en: 'Give "path" and "value", or "path" and "remove", or a whole "definition", or only "remove".',
    zh: '请写 "path" 与 "value",或 "path" 与 "remove",或完整的 "definition",或仅 "remove"。',
  },
})
export const caseNothingNamed = defineError({
  code: 'CASE_NOTHING_NAMED',
  status: 422,
  message: { en: 'This expects something of nothing.', zh: '此处的预期没有对象。' },
  hint: { en: 'Name a record, or an object.', zh: '请指明 record 或 object。' },
})
export const caseExpectsLoosely = defineError({
  code: 'CASE_EXPECTS_NOTHING',
  status: 422,
  message: {
    en: '"{name}" is an answer to something that this step does not do.',
    zh: '本步骤没有与"{name}"对应的动作。',
  },
  hint: {
    en: '"reply" belongs to a step with "call", "together" to one with "together", "refused" to one that does something.',
    zh: '"reply" 用于含 "call" 的步骤,"together" 用于含 "together" 的步骤,"refused" 用于有动作的步骤。',
  },
})
export const caseValueUnknown = defineError({
  code: 'CASE_VALUE_UNKNOWN',
  status: 422,
  message: { en: 'There is no value {name}.', zh: '没有取值 {name}。' },
  hint: { en: 'There are: {known}.', zh: '可用:{known}。' },
})
export const caseZoneUnknown = defineError({
  code: 'CASE_TIME_ZONE_UNKNOWN',
  status: 422,
  message: { en: 'There is no time zone "{name}".', zh: '没有名为"{name}"的时区。' },
  hint: { en: 'Take an IANA name: Asia/Shanghai, Europe/Berlin.', zh: '请使用 IANA 名称,如 Asia/Shanghai。' },
})
export const caseCommandUnknown = defineError({
  code: 'CASE_COMMAND_UNKNOWN',
  status: 422,
  message: { en: 'The server knows no command "{name}".', zh: '服务器没有名为"{name}"的命令。' },
  hint: { en: 'It knows: {known}.', zh: '可用:{known}。' },
})
export const caseRouteUnknown = defineError({
  code: 'CASE_ROUTE_UNKNOWN',
  status: 422,
  message: { en: 'The server has no route "{name}".', zh: '服务器没有名为"{name}"的接口。' },
  hint: {
    en: 'Routes like it: {known}. All stand in /openapi.json.',
    zh: '相近的接口:{known}。全部见 /openapi.json。',
  },
})
