import { defineError } from './create-error.ts'

// Decision tables, bands, shares and named rules: what their checks find, and what they can end with when they run.

export const ruleTableShape = defineError({
  code: 'T13',
  status: 422,
  message: { en: 'The table is not sound: {why}.', zh: '该表有误:{why_zh}。' },
  hint: {
    en: 'A table is {"inputs": [{"e": rule}], "outputs": [{"name", "type"}], "hit": "first", "rows": [{"when": […], "then": […]}]}.',
    zh: '表的写法为 {"inputs": [{"e": 规则}], "outputs": [{"name", "type"}], "hit": "first", "rows": [{"when": […], "then": […]}]}。',
  },
})
export const ruleTableCell = defineError({
  code: 'T13_CELL',
  status: 422,
  message: { en: 'This cell cannot be read: {why}.', zh: '该单元格无法识别:{why_zh}。' },
  hint: {
    en: 'A cell is blank, a value, ">= 1 & < 5", "[1..5)", "gold | silver", "not gold" or "null".',
    zh: '单元格可以留空,或写值、">= 1 & < 5"、"[1..5)"、"gold | silver"、"not gold"、"null"。',
  },
})
export const ruleUnknownRule = defineError({
  code: 'T14',
  status: 422,
  message: { en: 'There is no rule "{name}".', zh: '没有名为"{name}"的规则。' },
  hint: { en: 'There is: {known}.', zh: '可用的有:{known}。' },
})
export const ruleUnknownInput = defineError({
  code: 'T14_INPUT',
  status: 422,
  message: { en: 'The inputs do not fit "{name}": {why}.', zh: '输入与"{name}"不符:{why_zh}。' },
  hint: { en: 'It takes: {known}.', zh: '可用的输入:{known}。' },
})
export const ruleCallCycle = defineError({
  code: 'T14_CYCLE',
  status: 422,
  message: { en: 'The rules call each other in a circle: {chain}.', zh: '规则相互循环调用:{chain}。' },
  hint: { en: 'Let one of them compute its part itself.', zh: '请让其中一个规则自行计算。' },
})
export const ruleCallUnsound = defineError({
  code: 'T14_BODY',
  status: 422,
  message: { en: 'The rule "{name}" cannot be used here: {why}', zh: '此处不能使用规则"{name}":{why_zh}' },
  hint: { en: 'Correct that rule, or use another.', zh: '请更正该规则,或改用其他规则。' },
})
export const ruleBands = defineError({
  code: 'T16',
  status: 422,
  message: { en: 'The bands are not sound: {why}.', zh: '档位有误:{why_zh}。' },
  hint: {
    en: 'Bands are written [[0, "0.01"], [100000, "0.02"]]: where each begins, rising, and its value.',
    zh: '档位写成 [[0, "0.01"], [100000, "0.02"]]:各档起点(递增)与取值。',
  },
})
export const ruleLookup = defineError({
  code: 'T17',
  status: 422,
  message: { en: 'The lookup does not fit "{object}": {why}.', zh: '查表与"{object}"不符:{why_zh}。' },
  hint: {
    en: 'Name every field of one unique key: {"lookup": ["object", {"field": value}, "field to read"]}.',
    zh: '请写全某个唯一键的所有字段:{"lookup": ["对象", {"字段": 值}, "要读取的字段"]}。',
  },
})

export const ruleTableConflict = defineError({
  code: 'E_TABLE',
  status: 422,
  message: { en: 'Rows {rows} of the table match at once.', zh: '表的第 {rows} 行同时命中。' },
  hint: {
    en: 'Let the rows exclude each other, or choose another way for several to match.',
    zh: '请让各行条件互斥,或改用其他命中方式。',
  },
})
export const ruleSplitWeights = defineError({
  code: 'E_SPLIT',
  status: 422,
  message: {
    en: 'The total cannot be shared out: weights are 0 or more, and not all 0.',
    zh: '无法分摊:权重须不小于 0,且不能全为 0。',
  },
  hint: { en: 'Correct the weights.', zh: '请更正权重。' },
})
export const ruleLookupMissing = defineError({
  code: 'E_LOOKUP',
  status: 422,
  message: { en: 'The record of "{object}" is not at hand.', zh: '尚未取得"{object}"的记录。' },
  hint: {
    en: 'It is read by the server; in the browser the value shows after saving.',
    zh: '由服务器读取;浏览器中保存后显示。',
  },
})
