import { defineError } from './create-error.ts'

// What is wrong with a plan, and refusals about runs and the ledger. Paths point into the plan.

export const planObjectUnknown = defineError({
  code: 'PLAN_OBJECT_UNKNOWN',
  status: 422,
  message: { en: 'There is no object "{object}".', zh: '不存在对象"{object}"。' },
  hint: { en: 'Name the object whose records count as events.', zh: '请填写作为计奖事件的对象。' },
})
export const planFieldUnknown = defineError({
  code: 'PLAN_FIELD_UNKNOWN',
  status: 422,
  message: { en: '"{object}" has no field "{field}".', zh: '对象"{object}"没有字段"{field}"。' },
  hint: { en: 'Name a field of the events.', zh: '请填写事件对象的字段。' },
})
export const planDateUnfit = defineError({
  code: 'PLAN_DATE_UNFIT',
  status: 422,
  message: {
    en: '"{field}" is no date: events cannot be put into windows by it.',
    zh: '"{field}"不是日期字段,无法据此归入计奖周期。',
  },
  hint: { en: 'Use a field of type date or datetime.', zh: '请使用日期或日期时间字段。' },
})
export const planEarnerUnfit = defineError({
  code: 'PLAN_EARNER_UNFIT',
  status: 422,
  message: {
    en: '"{field}" does not name an organisation that can earn.',
    zh: '"{field}"不是指向伙伴组织的引用字段。',
  },
  hint: {
    en: 'Use a reference to the object that people belong to (the one with `party`).',
    zh: '请使用指向组织对象(带 party 的对象)的引用字段。',
  },
})
export const planPartyMissing = defineError({
  code: 'PLAN_PARTY_MISSING',
  status: 422,
  message: {
    en: 'No object says who people belong to, so nobody can earn.',
    zh: '没有任何对象声明 party,因此无人可以计奖。',
  },
  hint: { en: 'Add `party` to the object of the organisations.', zh: '请在组织对象上添加 party。' },
})
export const planRuleInvalid = defineError({
  code: 'PLAN_RULE_INVALID',
  status: 422,
  message: {
    en: 'This rule gives {given}, but {wanted} is needed.',
    zh: '该规则的结果为 {given},此处需要 {wanted}。',
  },
  hint: {
    en: 'Change the rule so that it gives the type that is needed.',
    zh: '请修改规则,使其返回所需类型。',
  },
})
export const planRuleReadsThrough = defineError({
  code: 'PLAN_RULE_READS_THROUGH',
  status: 422,
  message: {
    en: 'The rule reads "{path}" of another record as it is when the plan runs, not as it was on the day of the event.',
    zh: '该规则读取另一条记录的"{path}",取的是计算时的值,而非事件当日的值。',
  },
  hint: { en: 'Copy the value to the event when it happens.', zh: '请在事件发生时把该值写入事件记录。' },
})
export const planMeasureUnknown = defineError({
  code: 'PLAN_MEASURE_UNKNOWN',
  status: 422,
  message: { en: 'There is no measure "{measure}".', zh: '不存在计量"{measure}"。' },
  hint: { en: 'Use one of: {measures}.', zh: '可用的计量:{measures}。' },
})
export const planMeasureOf = defineError({
  code: 'PLAN_MEASURE_OF',
  status: 422,
  message: {
    en: 'A sum needs the rule `of`, a count has none.',
    zh: '求和计量需要 of 规则,计数计量不能有 of。',
  },
  hint: { en: 'Add or remove `of`.', zh: '请添加或删除 of。' },
})
export const planMethodUnknown = defineError({
  code: 'PLAN_METHOD_UNKNOWN',
  status: 422,
  message: { en: 'There is no band method "{method}".', zh: '不存在档位算法"{method}"。' },
  hint: {
    en: 'Choose one of: {methods}. There is no default, because the choice decides the money.',
    zh: '请从以下算法中明确选择:{methods}。',
  },
})
export const planRowsOrder = defineError({
  code: 'PLAN_ROWS_ORDER',
  status: 422,
  message: {
    en: 'This band begins at {from}, which is not above {before}, where the band before it begins.',
    zh: '该档起点 {from} 不高于上一档起点 {before}。',
  },
  hint: {
    en: 'Order the bands by where they begin; no two begin at the same value.',
    zh: '请按起点升序排列各档,起点不能重复。',
  },
})
export const planRowTwice = defineError({
  code: 'PLAN_ROW_TWICE',
  status: 422,
  message: { en: 'Two bands have the id "{id}".', zh: '两个档位使用了相同的 x-id"{id}"。' },
  hint: { en: 'Give each band an x-id of its own.', zh: '请为每个档位设置唯一的 x-id。' },
})
export const planNegative = defineError({
  code: 'PLAN_NEGATIVE',
  status: 422,
  message: { en: '{value} is negative; a plan only pays.', zh: '{value} 为负数;激励政策只能发放,不能为负。' },
  hint: { en: 'Give 0 or more.', zh: '请填写 0 或正数。' },
})
export const planSlicesMeasure = defineError({
  code: 'PLAN_SLICES_MEASURE',
  status: 422,
  message: {
    en: 'This method cuts up the measure it pays on, so the band cannot be found by another one.',
    zh: '该算法按计奖计量分段,因此查档计量必须与计奖计量相同。',
  },
  hint: {
    en: 'Use one measure for `lookup` and `payOn`, or another method.',
    zh: '请让 lookup 与 payOn 使用同一计量,或改用其他算法。',
  },
})
export const planFirstBand = defineError({
  code: 'PLAN_FIRST_BAND',
  status: 422,
  message: {
    en: 'Nothing is earned below {from}, where the first band begins.',
    zh: '第一档从 {from} 开始,低于该值没有奖励。',
  },
  hint: {
    en: 'Begin the first band at 0 if every amount is to earn.',
    zh: '如每笔都应计奖,请让第一档从 0 开始。',
  },
})
export const planNotRising = defineError({
  code: 'PLAN_NOT_RISING',
  status: 422,
  message: {
    en: 'This band pays {value}, less than the {before} of the band below it.',
    zh: '该档为 {value},低于下一档的 {before}。',
  },
  hint: { en: 'Check that selling more is meant to pay less.', zh: '请确认是否有意让更高业绩对应更低奖励。' },
})
export const planCliff = defineError({
  code: 'PLAN_CLIFF',
  status: 422,
  message: {
    en: 'At {from} the payout jumps from {before} to {after}, and one return can undo it.',
    zh: '达到 {from} 时奖励由 {before} 跳升至 {after},一次退货即可使其回落。',
  },
  hint: { en: 'If that is not meant, pay by slices (marginal).', zh: '如非有意,请使用分段累进。' },
})
export const planDays = defineError({
  code: 'PLAN_DAYS',
  status: 422,
  message: {
    en: 'The plan ends before it begins, or a day does not exist.',
    zh: '政策的结束日早于开始日,或日期不存在。',
  },
  hint: {
    en: 'Give days that exist, the first before the last.',
    zh: '请填写存在的日期,且开始日不晚于结束日。',
  },
})
export const planUnknown = defineError({
  code: 'PLAN_UNKNOWN',
  status: 404,
  message: { en: 'There is no plan "{plan}" here.', zh: '此处没有激励政策"{plan}"。' },
  hint: { en: 'Check the address, or ask for access.', zh: '请检查地址,或申请权限。' },
})
export const ledgerEntryUnknown = defineError({
  code: 'LEDGER_ENTRY_UNKNOWN',
  status: 404,
  message: { en: 'There is no such entry here.', zh: '此处没有该分录。' },
  hint: { en: 'Check the address, or ask for access.', zh: '请检查地址,或申请权限。' },
})
export const explanationDiffers = defineError({
  code: 'EXPLANATION_DIFFERS',
  status: 500,
  message: {
    en: 'Computing this amount again gives {computed}, but {stored} was posted.',
    zh: '重新计算结果为 {computed},但入账金额为 {stored}。',
  },
  hint: {
    en: 'Nothing was changed. Tell the operator: the ledger and the rules disagree.',
    zh: '未做任何更改。请通知管理员:台账与规则不一致。',
  },
})
