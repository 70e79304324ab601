import { defineError } from './create-error.ts'

// What the text of a formula can be refused for. Paths are empty: the place is told in characters.

export const formulaSyntax = defineError({
  code: 'FORMULA_SYNTAX',
  status: 422,
  message: { en: 'The formula cannot be read here: {found}.', zh: '公式在此处无法读取:{found_zh}。' },
  hint: { en: '{advice}', zh: '{advice_zh}' },
})
export const formulaFunction = defineError({
  code: 'FORMULA_FUNCTION',
  status: 422,
  message: { en: 'There is no function "{name}".', zh: '没有名为"{name}"的函数。' },
  hint: { en: '{suggestion}', zh: '{suggestion_zh}' },
})
export const formulaField = defineError({
  code: 'FORMULA_FIELD',
  status: 422,
  message: { en: 'There is no field "{name}" here.', zh: '此处没有字段"{name}"。' },
  hint: { en: '{suggestion}', zh: '{suggestion_zh}' },
})
export const formulaFieldTwice = defineError({
  code: 'FORMULA_FIELD_TWICE',
  status: 422,
  message: { en: 'Several fields are called "{name}".', zh: '有多个字段名为"{name}"。' },
  hint: { en: 'Write the key of the one you mean: {keys}.', zh: '请写明字段的键:{keys}。' },
})
export const formulaDate = defineError({
  code: 'FORMULA_DATE',
  status: 422,
  message: { en: '"{text}" is not a date.', zh: '"{text}"不是日期。' },
  hint: { en: 'Write DATE("2026-01-31").', zh: '请写成 日期("2026-01-31")。' },
})
export const formulaSize = defineError({
  code: 'FORMULA_SIZE',
  status: 422,
  message: { en: 'The formula is too long: {what} is over {limit}.', zh: '公式过长:{what_zh}超过 {limit}。' },
  hint: {
    en: 'Split it into named rules, or keep the values in a table.',
    zh: '请拆分为多个命名规则,或将取值放入表中。',
  },
})
