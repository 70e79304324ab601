import { defineError } from './create-error.ts'

// The checker's codes T1–T12 are those of the rule profile PL-1; the codes E_… are what a rule can end with when it
// runs. Paths point into the rule.

export const ruleUnknownPath = defineError({
  code: 'T1',
  status: 422,
  message: { en: 'Nothing can be read at "{path}" here.', zh: '此处读不到"{path}"。' },
  hint: { en: '{suggestion}', zh: '{suggestion_zh}' },
})
export const ruleOperandType = defineError({
  code: 'T2',
  status: 422,
  message: {
    en: '"{operator}" cannot take {found} here; it needs {expected}.',
    zh: '"{operator}"在此处不能使用{found_zh},需要{expected_zh}。',
  },
  hint: {
    en: 'Change the operand, or convert it first: nothing is converted silently.',
    zh: '请更换该操作数或先行转换;系统不会悄悄转换类型。',
  },
})
export const ruleNullable = defineError({
  code: 'T3',
  status: 422,
  message: { en: '{operand} may be empty.', zh: '{operand_zh}可能为空。' },
  hint: {
    en: 'Say what counts when it is empty: {"??": [value, …]}.',
    zh: '请说明为空时按什么处理:{"??": [值, …]}。',
  },
})
export const ruleTest = defineError({
  code: 'T4',
  status: 422,
  message: {
    en: '"{operator}" needs conditions that are true or false; this is {found}.',
    zh: '"{operator}"需要真或假的条件,这里是{found_zh}。',
  },
  hint: {
    en: 'Compare it with something, or use "exists" or "empty".',
    zh: '请与某个值比较,或使用 "exists"、"empty"。',
  },
})
export const ruleBranches = defineError({
  code: 'T5',
  status: 422,
  message: {
    en: 'The alternatives have no common type: {found} and {expected}.',
    zh: '各分支没有共同的类型:{found_zh}与{expected_zh}。',
  },
  hint: { en: 'Let every branch give the same kind of value.', zh: '请让每个分支得到同一种值。' },
})
export const ruleScale = defineError({
  code: 'T6',
  status: 422,
  message: {
    en: 'The result has {found} digits after the point; {expected} are allowed here.',
    zh: '结果有 {found} 位小数,此处最多允许 {expected} 位。',
  },
  hint: {
    en: 'Round it: {"round": [value, {expected}, "half_up"]}.',
    zh: '请先舍入:{"round": [值, {expected}, "half_up"]}。',
  },
})
export const ruleChoice = defineError({
  code: 'T7',
  status: 422,
  message: {
    en: '"{value}" is none of the choices of {operand}.',
    zh: '"{value}"不在{operand_zh}的选项之内。',
  },
  hint: { en: 'The choices are: {choices}.', zh: '可选项为:{choices}。' },
})
export const ruleConstant = defineError({
  code: 'T8',
  status: 422,
  message: {
    en: "This comparison is always {value}: the field's own limits decide it.",
    zh: '该比较恒为{value_zh}:字段自身的上下限已决定结果。',
  },
  hint: {
    en: 'Remove it, or compare with a value inside the limits.',
    zh: '请删除该比较,或改用界限之内的值。',
  },
})
export const ruleLevel = defineError({
  code: 'T9',
  status: 422,
  message: {
    en: '"{operator}" cannot be used here: this rule must run inside the database.',
    zh: '此处不能使用"{operator}":该规则须能在数据库中执行。',
  },
  hint: {
    en: 'Put the value into a computed field and use that field.',
    zh: '请先用计算字段算出该值,再使用该字段。',
  },
})
export const ruleUnknownOperator = defineError({
  code: 'T10',
  status: 422,
  message: { en: 'There is no operator "{operator}".', zh: '没有名为"{operator}"的运算。' },
  hint: { en: '{suggestion}', zh: '{suggestion_zh}' },
})
export const ruleShape = defineError({
  code: 'T10_SHAPE',
  status: 422,
  message: {
    en: 'An operation is an object with exactly one key; this one has {count}.',
    zh: '一个运算是只有一个键的对象;此处有 {count} 个键。',
  },
  hint: { en: 'Write {"operator": [operands]}.', zh: '请写成 {"运算": [操作数]}。' },
})
export const ruleTooLarge = defineError({
  code: 'T10_LIMIT',
  status: 422,
  message: { en: 'The rule is too large: {what} is over {limit}.', zh: '规则过大:{what_zh}超过 {limit}。' },
  hint: {
    en: 'Split it into named rules, or keep the values in a table.',
    zh: '请拆分为多个命名规则,或将取值放入数据表。',
  },
})
export const ruleOperandCount = defineError({
  code: 'T2_COUNT',
  status: 422,
  message: {
    en: '"{operator}" takes {expected} operands; here are {count}.',
    zh: '"{operator}"需要 {expected} 个操作数,此处有 {count} 个。',
  },
  hint: { en: '{usage}', zh: '{usage_zh}' },
})
export const ruleLiteral = defineError({
  code: 'T2_LITERAL',
  status: 422,
  message: { en: 'This value cannot be used: {why}.', zh: '该值无法使用:{why_zh}。' },
  hint: {
    en: 'Numbers of more than 15 digits are written {"dec": "1234567890123456.78"}.',
    zh: '超过 15 位的数字请写成 {"dec": "1234567890123456.78"}。',
  },
})
export const ruleResultType = defineError({
  code: 'T2_RESULT',
  status: 422,
  message: {
    en: 'The rule gives {found}; {expected} is needed here.',
    zh: '该规则得到{found_zh},此处需要{expected_zh}。',
  },
  hint: { en: 'Change the rule so that it gives that kind of value.', zh: '请修改规则,使其得到该类型的值。' },
})
export const ruleListDepth = defineError({
  code: 'T11',
  status: 422,
  message: { en: 'List operations are nested deeper than {limit}.', zh: '列表运算嵌套超过 {limit} 层。' },
  hint: { en: 'Compute the inner list in a field of the line.', zh: '请将内层计算放到明细行的字段中。' },
})
export const ruleTableKey = defineError({
  code: 'T12',
  status: 422,
  message: { en: 'The table does not cover "{value}".', zh: '表中没有覆盖"{value}"。' },
  hint: { en: 'Add a row for it, or a default.', zh: '请为其添加一行,或设置默认值。' },
})

export const ruleOutOfRange = defineError({
  code: 'E_RANGE',
  status: 422,
  message: { en: 'A number grew past 20 digits before the point.', zh: '数值超过了小数点前 20 位。' },
  hint: {
    en: 'Check the inputs; rules compute with amounts below 10^20.',
    zh: '请检查输入;规则只计算小于 10^20 的数值。',
  },
})
export const ruleDivisionByZero = defineError({
  code: 'E_DIVISION',
  status: 422,
  message: { en: 'Division by zero.', zh: '除数为零。' },
  hint: {
    en: 'Test the divisor first: {"if": [{"==": [divisor, 0]}, …]}.',
    zh: '请先判断除数:{"if": [{"==": [除数, 0]}, …]}。',
  },
})
export const ruleInput = defineError({
  code: 'E_INPUT',
  status: 422,
  message: { en: 'The value at "{name}" is not {expected}.', zh: '"{name}"处的值不是{expected_zh}。' },
  hint: { en: 'Give a value of the declared type.', zh: '请提供所声明类型的值。' },
})
export const ruleDate = defineError({
  code: 'E_DATE',
  status: 422,
  message: {
    en: 'The date leaves the years 0001 to 9999, or a period ends before it begins.',
    zh: '日期超出 0001 至 9999 年,或期间的结束不晚于开始。',
  },
  hint: { en: 'Check the dates and the number of days or months.', zh: '请检查日期与天数或月数。' },
})
export const ruleRunLimit = defineError({
  code: 'E_LIMIT',
  status: 422,
  message: {
    en: 'The rule made too much: {what} is over {limit}.',
    zh: '规则运算过量:{what_zh}超过 {limit}。',
  },
  hint: { en: 'Use shorter texts or lists.', zh: '请使用更短的文本或列表。' },
})
export const ruleEngines = defineError({
  code: 'E_ENGINE',
  status: 500,
  message: {
    en: 'The database gave no answer to this rule: {why}.',
    zh: '数据库未能给出该规则的结果:{why_zh}。',
  },
  hint: {
    en: 'Please report it with the rule and the data: both engines must agree.',
    zh: '请连同规则与数据一并反馈:两种执行方式的结果必须一致。',
  },
})
export const ruleLine = defineError({
  code: 'E_LINE',
  status: 400,
  message: {
    en: 'The line is not a JSON object with "rule" and "data".',
    zh: '该行不是含 "rule" 与 "data" 的 JSON 对象。',
  },
  hint: { en: 'Write {"rule": …, "data": …} on one line.', zh: '请在一行内写成 {"rule": …, "data": …}。' },
})
