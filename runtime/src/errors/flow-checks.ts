import { defineError } from './create-error.ts'

// What is wrong with the definition of a flow. Paths point into it.

const status = 422

export const flowObjectUnknown = defineError({
  code: 'FLOW_OBJECT_UNKNOWN',
  status,
  message: { en: 'There is no object "{object}".', zh: '没有对象“{object}”。' },
  hint: {
    en: 'Name one of the objects of this workspace; there are: {known}.',
    zh: '请填写本工作区中的对象,可选:{known}。',
  },
})
export const flowAmountField = defineError({
  code: 'FLOW_AMOUNT_FIELD',
  status,
  message: {
    en: '"{field}" is no number or amount of the object "{object}".',
    zh: '“{field}”不是对象“{object}”的数字或金额字段。',
  },
  hint: { en: 'Name one of: {known}.', zh: '可选字段:{known}。' },
})
export const flowStart = defineError({
  code: 'FLOW_START',
  status,
  message: {
    en: 'A flow has exactly one start; this one has {count}.',
    zh: '流程必须有且仅有一个开始节点,当前有 {count} 个。',
  },
  hint: { en: 'Keep one node of type start.', zh: '请保留一个开始节点。' },
})
export const flowNoEnd = defineError({
  code: 'FLOW_NO_END',
  status,
  message: { en: 'The flow has no end.', zh: '流程没有结束节点。' },
  hint: {
    en: 'Add a node of type end and lead every way to one.',
    zh: '请添加结束节点,并使每条路径都到达结束。',
  },
})
export const flowDuplicateId = defineError({
  code: 'FLOW_DUPLICATE_ID',
  status,
  message: { en: 'The id "{id}" stands twice in this flow.', zh: '编号“{id}”在流程中重复。' },
  hint: { en: 'Give each node and edge an x-id of its own.', zh: '请为每个节点和连线设置唯一的 x-id。' },
})
export const flowEdgeTarget = defineError({
  code: 'FLOW_EDGE_TARGET',
  status,
  message: {
    en: 'This edge names the node "{id}", which does not exist.',
    zh: '连线指向不存在的节点“{id}”。',
  },
  hint: {
    en: 'Use the x-id of a node of this flow; there are: {known}.',
    zh: '请使用本流程中节点的 x-id,可选:{known}。',
  },
})
export const flowNodeType = defineError({
  code: 'FLOW_NODE_TYPE',
  status,
  message: { en: 'There is no node type "{type}".', zh: '没有节点类型“{type}”。' },
  hint: { en: 'Known are: {known}.', zh: '可用类型:{known}。' },
})
export const flowExitUnknown = defineError({
  code: 'FLOW_EXIT_UNKNOWN',
  status,
  message: { en: 'Node "{node}" has no exit "{exit}".', zh: '节点“{node}”没有出口“{exit}”。' },
  hint: { en: 'Its exits are: {exits}.', zh: '可用出口:{exits}。' },
})
export const flowExitOpen = defineError({
  code: 'FLOW_EXIT_OPEN',
  status,
  message: {
    en: 'Node "{node}" leads nowhere when it leaves by "{exit}".',
    zh: '节点“{node}”的出口“{exit}”没有连线。',
  },
  hint: { en: 'Draw an edge from this exit.', zh: '请从该出口连线到下一节点。' },
})
export const flowExitTwice = defineError({
  code: 'FLOW_EXIT_TWICE',
  status,
  message: {
    en: 'Several edges leave node "{node}" by "{exit}".',
    zh: '节点“{node}”的出口“{exit}”有多条连线。',
  },
  hint: {
    en: 'Keep one; to choose between ways use a condition node.',
    zh: '请只保留一条;需要分支时使用条件节点。',
  },
})
export const flowArity = defineError({
  code: 'FLOW_ARITY',
  status,
  message: {
    en: 'No edge may lead {direction} node "{node}".',
    zh: '节点“{node}”不允许有{direction}的连线。',
  },
  hint: {
    en: 'Nothing leads into a start and nothing out of an end.',
    zh: '开始节点没有入线,结束节点没有出线。',
  },
})
export const flowUnreachable = defineError({
  code: 'FLOW_UNREACHABLE',
  status,
  message: { en: 'Node "{node}" can never be reached.', zh: '节点“{node}”永远无法到达。' },
  hint: { en: 'Lead an edge to it, or remove it.', zh: '请连线到该节点,或将其删除。' },
})
export const flowDeadEnd = defineError({
  code: 'FLOW_DEAD_END',
  status,
  message: { en: 'From node "{node}" no end can be reached.', zh: '从节点“{node}”无法到达结束。' },
  hint: { en: 'Lead it on to an end.', zh: '请连线至结束节点。' },
})
export const flowCycle = defineError({
  code: 'FLOW_CYCLE',
  status,
  message: { en: 'These nodes lead in a circle: {nodes}.', zh: '以下节点形成循环:{nodes}。' },
  hint: {
    en: 'Edges only lead forward; sending back is a decision, not an edge.',
    zh: '连线只能向前;退回由审批操作完成,不用连线。',
  },
})
export const flowUnpaired = defineError({
  code: 'FLOW_UNPAIRED',
  status,
  message: {
    en: 'The branches of node "{node}" do not meet as they should: {pattern}.',
    zh: '节点“{node}”的分支未正确汇合:{pattern}。',
  },
  hint: {
    en: 'Lead all branches of the split into one join of its own; look at {region}.',
    zh: '请将所有分支汇合到该分支专用的汇聚节点;请检查:{region}。',
  },
})
export const flowDefault = defineError({
  code: 'FLOW_DEFAULT',
  status,
  message: {
    en: 'Condition "{node}" needs exactly one default edge; it has {count}.',
    zh: '条件节点“{node}”需要且仅需要一条默认连线,当前有 {count} 条。',
  },
  hint: {
    en: 'Mark one edge as the way to go when no condition holds.',
    zh: '请将一条连线设为默认,在所有条件都不满足时使用。',
  },
})
export const flowEdgeCondition = defineError({
  code: 'FLOW_EDGE_CONDITION',
  status,
  message: { en: '{problem}', zh: '{problem}' },
  hint: {
    en: 'Edges of a condition carry a rule each, except the default; other edges carry none.',
    zh: '条件节点的连线除默认外都需要规则;其他节点的连线不带规则。',
  },
})
export const flowDefaultNever = defineError({
  code: 'FLOW_DEFAULT_NEVER',
  status,
  message: {
    en: 'The default way is never taken: one of the rules beside it always holds.',
    zh: '默认分支永远不会执行:其他连线的条件总有一个成立。',
  },
  hint: {
    en: 'Take the rule from the last of the other ways and make that one the default.',
    zh: '请去掉最后一条连线的条件,将其设为默认。',
  },
})
export const flowEdgeOrder = defineError({
  code: 'FLOW_EDGE_ORDER',
  status,
  message: {
    en: 'Two edges of condition "{node}" have the same place in the order.',
    zh: '条件节点“{node}”有两条连线的顺序相同。',
  },
  hint: {
    en: 'Give each its own x-order; the first that holds is taken.',
    zh: '请为每条连线设置不同的 x-order;按顺序取第一条满足的。',
  },
})
export const flowNoApprovers = defineError({
  code: 'FLOW_NO_APPROVERS',
  status,
  message: { en: 'Node "{node}" names nobody to decide.', zh: '节点“{node}”没有设置审批人。' },
  hint: { en: 'Name at least one approver.', zh: '请至少设置一个审批人。' },
})
export const flowRoleUnknown = defineError({
  code: 'FLOW_ROLE_UNKNOWN',
  status,
  message: { en: 'There is no role "{role}".', zh: '没有角色“{role}”。' },
  hint: {
    en: 'Name a role that some grant gives; there are: {known}.',
    zh: '请填写授权中存在的角色,可选:{known}。',
  },
})
export const flowPathUnknown = defineError({
  code: 'FLOW_PATH_UNKNOWN',
  status,
  message: {
    en: 'The path "{path}" does not lead to a field: there is no "{part}".',
    zh: '路径“{path}”不存在:没有“{part}”。',
  },
  hint: {
    en: 'Go from the record through references to a field; there are: {known}.',
    zh: '请从记录经由引用字段填写路径,可选:{known}。',
  },
})
export const flowPathNotUser = defineError({
  code: 'FLOW_PATH_NOT_USER',
  status,
  message: {
    en: 'The path "{path}" leads to a field of type {type}, not to a user.',
    zh: '路径“{path}”指向 {type} 类型字段,不是用户字段。',
  },
  hint: { en: 'Approvers come from fields of type user.', zh: '审批人必须来自用户类型字段。' },
})
export const flowFormUnknown = defineError({
  code: 'FLOW_FORM_UNKNOWN',
  status,
  message: { en: 'There is no form "{form}" for object "{object}".', zh: '对象“{object}”没有表单“{form}”。' },
  hint: {
    en: 'Name a form of the same object; there are: {known}.',
    zh: '请填写同一对象的表单,可选:{known}。',
  },
})
export const flowFieldUnknown = defineError({
  code: 'FLOW_FIELD_UNKNOWN',
  status,
  message: { en: 'Object "{object}" has no field "{field}".', zh: '对象“{object}”没有字段“{field}”。' },
  hint: { en: 'Check its spelling; there are: {known}.', zh: '请检查拼写,可选:{known}。' },
})
export const flowFieldComputed = defineError({
  code: 'FLOW_FIELD_COMPUTED',
  status,
  message: {
    en: 'The field "{field}" is computed and can not be written.',
    zh: '字段“{field}”由系统计算,不能写入。',
  },
  hint: { en: 'Leave it out; change what it is computed from.', zh: '请去掉该字段,修改其计算来源。' },
})
export const flowNoMove = defineError({
  code: 'FLOW_NO_MOVE',
  status,
  message: {
    en: 'The lifecycle of "{object}" has no move to "{state}".',
    zh: '对象“{object}”的生命周期没有到“{state}”的流转。',
  },
  hint: { en: 'Add a move to that state, by anyone or by flow.', zh: '请在生命周期中添加到该状态的流转。' },
})
export const flowFieldRequired = defineError({
  code: 'FLOW_FIELD_REQUIRED',
  status,
  message: {
    en: 'A new record of "{object}" needs the field "{field}".',
    zh: '新建“{object}”记录必须填写字段“{field}”。',
  },
  hint: { en: 'Give it a value in "with".', zh: '请在 with 中赋值。' },
})
export const flowMoneySelf = defineError({
  code: 'FLOW_MONEY_SELF',
  status,
  message: {
    en: 'In a flow that moves money nobody decides on their own case.',
    zh: '涉及资金的流程不允许本人审批自己的申请。',
  },
  hint: { en: 'Set selfApproval to "forbid".', zh: '请将 selfApproval 设为 forbid。' },
})
export const flowWithdrawLeaves = defineError({
  code: 'FLOW_WITHDRAW_LEAVES',
  status,
  message: {
    en: 'A case can be taken back, but nothing brings its record out of the state that started the flow.',
    zh: '流程可撤回,但撤回后记录仍停留在触发流程的状态。',
  },
  hint: {
    en: 'Say in settings.onWithdraw which state it returns to, or set withdraw to "never".',
    zh: '请在 settings.onWithdraw 中设置返回的状态,或将 withdraw 设为 never。',
  },
})
export const flowEffectUnknown = defineError({
  code: 'FLOW_EFFECT_UNKNOWN',
  status,
  message: { en: 'There is no effect "{effect}".', zh: '没有动作“{effect}”。' },
  hint: { en: 'Known are: {known}.', zh: '可用动作:{known}。' },
})
export const flowTooManyBranches = defineError({
  code: 'FLOW_TOO_MANY_BRANCHES',
  status,
  message: {
    en: '{count} edges leave node "{node}"; {limit} at most.',
    zh: '节点“{node}”有 {count} 条分支,最多 {limit} 条。',
  },
  hint: {
    en: 'Group branches that belong together under a node of their own, or treat the parts with a "for each" node.',
    zh: '请将相关分支归入单独节点,或使用“逐项处理”节点。',
  },
})
export const flowTooDeep = defineError({
  code: 'FLOW_NESTING',
  status,
  message: {
    en: 'Node "{node}" splits inside more than {limit} other splits.',
    zh: '节点“{node}”的分支嵌套超过 {limit} 层。',
  },
  hint: { en: 'Move the inner part into a flow of its own.', zh: '请将内层部分移入独立的子流程。' },
})
export const flowUnknown = defineError({
  code: 'FLOW_UNKNOWN',
  status,
  message: { en: 'There is no flow "{flow}".', zh: '没有流程“{flow}”。' },
  hint: {
    en: 'Name a flow of this workspace; there are: {known}.',
    zh: '请填写本工作区的流程,可选:{known}。',
  },
})
export const flowStartsItself = defineError({
  code: 'FLOW_STARTS_ITSELF',
  status,
  message: {
    en: 'This flow would start itself without end: {flows}.',
    zh: '流程会无限调用自身:{flows}。',
  },
  hint: {
    en: 'Break the circle: let one of these flows end without starting the next.',
    zh: '请断开循环,使其中一个流程不再启动下一个。',
  },
})
export const flowWriteCircle = defineError({
  code: 'FLOW_WRITE_CIRCLE',
  status,
  message: {
    en: 'These flows make each other begin by what they write: {flows}.',
    zh: '这些流程写入的数据会使彼此反复启动:{flows}。',
  },
  hint: {
    en: 'Let one of them write a state that begins none of the others.',
    zh: '请让其中一个流程写入不会启动其他流程的状态。',
  },
})
export const flowQuorum = defineError({
  code: 'FLOW_QUORUM',
  status,
  message: {
    en: 'The join of "{node}" waits for {quorum} branches, but there are {branches}.',
    zh: '节点“{node}”要求 {quorum} 条分支到达,但只有 {branches} 条。',
  },
  hint: { en: 'Ask for as many branches as there are, or fewer.', zh: '请设置不超过分支数的数量。' },
})
export const flowNotATime = defineError({
  code: 'FLOW_NOT_A_TIME',
  status,
  message: {
    en: 'This rule gives a value of type {type}, not a date or a moment.',
    zh: '该规则的结果为 {type} 类型,不是日期或时间。',
  },
  hint: { en: 'Use a date or time field, or date_add.', zh: '请使用日期或时间字段,或 date_add。' },
})
export const flowReserveOne = defineError({
  code: 'FLOW_RESERVE_ONE',
  status,
  message: {
    en: 'A broadcast asks several, and "{field}" can only name one of them.',
    zh: '广播会同时询问多个对象,而“{field}”只能记录其中一个。',
  },
  hint: {
    en: 'Leave out "reserve", or choose one at a time.',
    zh: '请去掉 reserve,或改为逐个分派。',
  },
})
export const flowNotAReference = defineError({
  code: 'FLOW_NOT_A_REFERENCE',
  status,
  message: {
    en: 'The path "{path}" does not lead to a reference: see "{part}".',
    zh: '路径“{path}”不是关联字段:请检查“{part}”。',
  },
  hint: {
    en: 'Name a reference field of the record whose target is to be watched.',
    zh: '请填写记录中要监听的关联字段。',
  },
})
export const flowOtherObject = defineError({
  code: 'FLOW_OTHER_OBJECT',
  status,
  message: {
    en: 'Flow "{flow}" is about records of "{object}", not of "{own}".',
    zh: '流程“{flow}”针对“{object}”的记录,而不是“{own}”。',
  },
  hint: { en: 'Say which record it is about, or name another flow.', zh: '请指定对应记录,或选择其他流程。' },
})
export const flowTooManyParts = defineError({
  code: 'FLOW_TOO_MANY_PARTS',
  status,
  message: {
    en: '{count} parts are more than this step may treat at once ({limit}).',
    zh: '待处理项有 {count} 个,超过该节点上限({limit})。',
  },
  hint: { en: 'Narrow the rule that finds them, or raise "limit".', zh: '请缩小查询范围,或提高 limit。' },
})
export const flowWebhookAddress = defineError({
  code: 'FLOW_WEBHOOK_ADDRESS',
  status,
  message: { en: '"{url}" is not an address on the public internet.', zh: '“{url}”不是公网地址。' },
  hint: {
    en: 'Write the whole address of a named host, such as https://example.com/hook. Numbers, local names and this network are refused.',
    zh: '请填写带域名的完整地址,如 https://example.com/hook;不允许 IP、本地名称和内网地址。',
  },
})
export const flowWebhookHeader = defineError({
  code: 'FLOW_WEBHOOK_HEADER',
  status,
  message: { en: 'The header "{name}" can not be set.', zh: '不能设置请求头“{name}”。' },
  hint: { en: 'Leave it out; the sender writes it.', zh: '请去掉该请求头,由系统填写。' },
})
export const flowPlanUnknown = defineError({
  code: 'FLOW_PLAN_UNKNOWN',
  status,
  message: { en: 'There is no plan "{plan}".', zh: '没有激励政策“{plan}”。' },
  hint: {
    en: 'Name a plan of this workspace; there are: {known}.',
    zh: '请填写本工作区的政策,可选:{known}。',
  },
})
export const flowEffectFinal = defineError({
  code: 'FLOW_EFFECT_FINAL',
  status,
  message: { en: '"{effect}" cannot be taken back.', zh: '“{effect}”无法撤销。' },
  hint: {
    en: 'Leave "undo" out; what must be put right is an action of its own.',
    zh: '请去掉 undo;需要补偿时请使用单独的动作节点。',
  },
})
export const flowMoneyFailure = defineError({
  code: 'FLOW_MONEY_FAILURE',
  status,
  message: {
    en: 'Money hangs on "{effect}": the case does not go on without it.',
    zh: '“{effect}”涉及资金,失败时流程不得跳过继续。',
  },
  hint: {
    en: 'Leave "onFail" out: an administrator tries it again or skips it. In a flow that moves money only "notify" may be left.',
    zh: '请去掉 onFail,由管理员重试或跳过;资金流程中只有 notify 允许失败后继续。',
  },
})
export const flowMoneyTimeout = defineError({
  code: 'FLOW_MONEY_TIMEOUT',
  status,
  message: {
    en: 'In a flow that moves money nothing is approved by the passing of time.',
    zh: '涉及资金的流程不允许超时自动同意。',
  },
  hint: { en: 'Let it escalate, or be refused.', zh: '请改为升级处理或自动驳回。' },
})
export const flowMoneyExpiry = defineError({
  code: 'FLOW_MONEY_EXPIRY',
  status,
  message: {
    en: 'In a flow that moves money no case is approved because it was open for too long.',
    zh: '涉及资金的流程不允许因过期而通过。',
  },
  hint: {
    en: 'Name an end with another outcome, or leave it out.',
    zh: '请填写其他结果的结束节点,或留空。',
  },
})
export const flowMoneyEmpty = defineError({
  code: 'FLOW_MONEY_EMPTY',
  status,
  message: {
    en: 'In a flow that moves money a step does not pass because nobody was found.',
    zh: '涉及资金的流程不允许在无审批人时自动通过。',
  },
  hint: {
    en: 'Set onEmpty to "admin", "reject", "incident" or to people.',
    zh: '请将 onEmpty 设为 admin、reject、incident 或指定人员。',
  },
})
export const flowRatio = defineError({
  code: 'FLOW_RATIO',
  status,
  message: { en: 'More than everybody can not be asked to approve.', zh: '通过比例不能大于 1。' },
  hint: { en: 'Let num be at most den.', zh: '请使 num 不大于 den。' },
})
export const flowReturnNode = defineError({
  code: 'FLOW_RETURN_NODE',
  status,
  message: { en: 'From "{node}" a case can not go back to "{to}".', zh: '不能从“{node}”退回到“{to}”。' },
  hint: { en: 'Name a step that lies on every way to this one.', zh: '请填写必经的前序节点。' },
})
export const flowPickedFirst = defineError({
  code: 'FLOW_PICKED_FIRST',
  status,
  message: {
    en: 'Nobody decides before this step, so nobody can pick its people.',
    zh: '该步骤之前没有处理人,无法由上一步选择审批人。',
  },
  hint: {
    en: 'Let the applicant pick, or name people otherwise.',
    zh: '请改为由申请人选择或以其他方式指定。',
  },
})
