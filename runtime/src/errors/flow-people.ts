import { defineError } from './create-error.ts'

// What is wrong with whom a flow asks, when, and what they may fill in. Paths point into its definition.

const status = 422

export const flowOrganisationMissing = defineError({
  code: 'FLOW_ORGANISATION_MISSING',
  status,
  message: {
    en: 'This asks the organisation for {part}, which it does not say.',
    zh: '此处需要组织架构中的{part},但组织架构未定义。',
  },
  hint: {
    en: 'Add {part} to the "organisation" definition of this workspace, or name people otherwise.',
    zh: '请在本工作区的组织架构(organisation)定义中补充{part},或改用其他方式指定人员。',
  },
})
export const flowScopeField = defineError({
  code: 'FLOW_SCOPE_FIELD',
  status,
  message: {
    en: 'People have no field "{field}" in "{object}", so nobody is within this scope.',
    zh: '人员对象“{object}”没有字段“{field}”,该范围内不会有任何人。',
  },
  hint: {
    en: 'A scope names fields of the person; there are: {known}.',
    zh: '范围中应填写人员自身的字段,可选:{known}。',
  },
})
export const flowScopeEmpty = defineError({
  code: 'FLOW_SCOPE_EMPTY',
  status,
  message: {
    en: 'This scope may be empty in the record; the step then finds nobody.',
    zh: '记录中该范围可能为空,届时该步骤找不到处理人。',
  },
  hint: {
    en: 'Make the field required, or say in onEmpty who decides then.',
    zh: '请将该字段设为必填,或在 onEmpty 中指定无人时的处理方式。',
  },
})
export const flowActorNode = defineError({
  code: 'FLOW_ACTOR_NODE',
  status,
  message: {
    en: 'Nobody can have decided at "{node}" when this step is reached.',
    zh: '到达该步骤时,“{node}”不可能已有处理人。',
  },
  hint: {
    en: 'Name an approval or a task that comes before.',
    zh: '请填写在此之前的审批或办理节点。',
  },
})
export const flowActorSkipped = defineError({
  code: 'FLOW_ACTOR_SKIPPED',
  status,
  message: {
    en: 'Some ways to this step pass by "{node}"; nobody has decided there then.',
    zh: '有路径不经过“{node}”,届时那里没有处理人。',
  },
  hint: {
    en: 'Name further people, or say in onEmpty who decides then.',
    zh: '请补充其他人员,或在 onEmpty 中指定无人时的处理方式。',
  },
})
export const flowPickRange = defineError({
  code: 'FLOW_PICK_RANGE',
  status,
  message: {
    en: 'At least {min} and at most {max} people can not be picked.',
    zh: '无法选择至少 {min} 人且至多 {max} 人。',
  },
  hint: { en: 'Let min be at most max.', zh: '请使 min 不大于 max。' },
})
export const flowTimeoutOrder = defineError({
  code: 'FLOW_TIMEOUT_ORDER',
  status,
  message: {
    en: 'This comes before what stands above it: {later} is not after {earlier}.',
    zh: '超时规则未按时间先后排列:{later}不晚于{earlier}。',
  },
  hint: { en: 'Put what happens first first.', zh: '请按发生的先后顺序排列。' },
})
export const flowTimeoutNever = defineError({
  code: 'FLOW_TIMEOUT_NEVER',
  status,
  message: {
    en: 'This never happens: the task has been {done} before.',
    zh: '该规则不会执行:任务此前已{done}。',
  },
  hint: { en: 'Remove it, or let it come first.', zh: '请删除,或将其提前。' },
})
export const flowTimeoutPerson = defineError({
  code: 'FLOW_TIMEOUT_PERSON',
  status,
  message: { en: '"{to}" is not the id of a person.', zh: '“{to}”不是人员编号。' },
  hint: {
    en: 'Give the id of a user, or a role as {"kind": "role", "role": …}.',
    zh: '请填写用户编号,或以 {"kind": "role", "role": …} 指定角色。',
  },
})
export const flowCalendarUnknown = defineError({
  code: 'FLOW_CALENDAR_UNKNOWN',
  status,
  message: { en: 'There is no calendar "{calendar}".', zh: '没有日历“{calendar}”。' },
  hint: {
    en: 'Name a calendar of this workspace; there are: {known}.',
    zh: '请填写本工作区的日历,可选:{known}。',
  },
})
export const flowCalendarMissing = defineError({
  code: 'FLOW_CALENDAR_MISSING',
  status,
  message: {
    en: 'Working time is counted here, but the flow has no calendar: days are counted instead.',
    zh: '此处按工作时间计算,但流程未设置日历,将按自然日计算。',
  },
  hint: { en: 'Name a calendar in settings.calendar.', zh: '请在 settings.calendar 中设置日历。' },
})
export const flowRequiredHidden = defineError({
  code: 'FLOW_REQUIRED_HIDDEN',
  status,
  message: {
    en: 'The form "{form}" requires "{field}", which this step hides.',
    zh: '表单“{form}”要求填写“{field}”,但该步骤将其隐藏。',
  },
  hint: {
    en: 'Let the step write it ("rw"), or require it elsewhere.',
    zh: '请设为可写(rw),或在其他步骤要求填写。',
  },
})
export const flowRequiredClosed = defineError({
  code: 'FLOW_REQUIRED_CLOSED',
  status,
  message: {
    en: 'The form "{form}" requires "{field}", but neither this step nor anything before it lets it be written.',
    zh: '表单“{form}”要求填写“{field}”,但该步骤及之前的步骤均不可写。',
  },
  hint: {
    en: 'Open it here or at an earlier step with "fields": {"{field}": "rw"}.',
    zh: '请在该步骤或之前的步骤中设置 "fields": {"{field}": "rw"}。',
  },
})
export const flowFieldNotShown = defineError({
  code: 'FLOW_FIELD_NOT_SHOWN',
  status,
  message: {
    en: 'This step lets "{field}" be written, but its form "{form}" does not show it.',
    zh: '该步骤允许填写“{field}”,但其表单“{form}”未显示该字段。',
  },
  hint: { en: 'Add the field to the form, or leave it out here.', zh: '请将字段加入表单,或在此去掉。' },
})
export const flowRoleEmpty = defineError({
  code: 'FLOW_ROLE_EMPTY',
  status,
  message: {
    en: 'Nobody active in this workspace has the role "{role}".',
    zh: '本工作区没有启用的成员拥有角色“{role}”。',
  },
  hint: { en: 'Give the role to somebody, or name another one.', zh: '请为成员分配该角色,或改用其他角色。' },
})
export const flowPersonGone = defineError({
  code: 'FLOW_PERSON_GONE',
  status,
  message: {
    en: 'The person named here is no active member of this workspace.',
    zh: '此处指定的人员不是本工作区的启用成员。',
  },
  hint: { en: 'Name somebody else, or a role.', zh: '请改为其他人员或角色。' },
})
export const flowGroupEmpty = defineError({
  code: 'FLOW_GROUP_EMPTY',
  status,
  message: {
    en: 'The group "{group}" has no active member.',
    zh: '工作组“{group}”没有启用的成员。',
  },
  hint: { en: 'Check its name, or put somebody into it.', zh: '请检查名称,或向该组添加成员。' },
})
export const flowStepEmpty = defineError({
  code: 'FLOW_STEP_EMPTY',
  status,
  message: {
    en: '{count} of {all} applicants meet an empty step at {node} ({title}): {why}.',
    zh: '{all} 位申请人中有 {count} 位会在 {node}({title})遇到无人处理:{why}。',
  },
  hint: {
    en: 'What happens then: {then}. Such as: {examples}.',
    zh: '届时处理方式:{then}。例如:{examples}。',
  },
})
export const flowStepSelf = defineError({
  code: 'FLOW_STEP_SELF',
  status,
  message: {
    en: '{count} of {all} applicants decide on their own case at {node} ({title}).',
    zh: '{all} 位申请人中有 {count} 位会在 {node}({title})审批自己的申请。',
  },
  hint: {
    en: 'Set selfApproval to "superior" or "forbid". Such as: {examples}.',
    zh: '请将 selfApproval 设为 superior 或 forbid。例如:{examples}。',
  },
})
