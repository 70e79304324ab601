import { defineError } from './create-error.ts'

// What is wrong with a value of a record or a form. Paths point into the record.

export const fieldRequired = defineError({
  code: 'FIELD_REQUIRED',
  status: 400,
  message: { en: 'This is required.', zh: '此项为必填。' },
  hint: { en: 'Give a value.', zh: '请填写。' },
})
export const fieldUnknown = defineError({
  code: 'FIELD_UNKNOWN',
  status: 400,
  message: { en: 'There is no field "{name}" here.', zh: '此处没有字段"{name}"。' },
  hint: { en: 'Leave it out, or check its spelling.', zh: '请去掉该项,或检查拼写。' },
})
export const fieldType = defineError({
  code: 'FIELD_TYPE',
  status: 400,
  message: { en: 'A value of type {expected} is expected.', zh: '此处需要 {expected} 类型的值。' },
  hint: {
    en: 'Send the JSON type that the field asks for; exact numbers are sent as text.',
    zh: '请按字段要求的 JSON 类型提交;精确数字以文本提交。',
  },
})
export const fieldDecimal = defineError({
  code: 'FIELD_DECIMAL',
  status: 400,
  message: {
    en: 'A number with at most {digits} digits before the point and {scale} after it is expected, as text.',
    zh: '需要数字文本:小数点前最多 {digits} 位,小数点后最多 {scale} 位。',
  },
  hint: { en: 'Write it plainly, like "1234.50".', zh: '请直接书写,例如 "1234.50"。' },
})
export const fieldTooSmall = defineError({
  code: 'FIELD_TOO_SMALL',
  status: 400,
  message: { en: 'The least allowed is {limit}.', zh: '不能小于 {limit}。' },
  hint: { en: 'Give a larger value.', zh: '请填写更大的值。' },
})
export const fieldTooLarge = defineError({
  code: 'FIELD_TOO_LARGE',
  status: 400,
  message: { en: 'The most allowed is {limit}.', zh: '不能大于 {limit}。' },
  hint: { en: 'Give a smaller value.', zh: '请填写更小的值。' },
})
export const fieldTooShort = defineError({
  code: 'FIELD_TOO_SHORT',
  status: 400,
  message: { en: 'At least {limit} characters are needed.', zh: '至少需要 {limit} 个字符。' },
  hint: { en: 'Write it in full.', zh: '请完整填写。' },
})
export const fieldTooLong = defineError({
  code: 'FIELD_TOO_LONG',
  status: 400,
  message: { en: 'At most {limit} characters are allowed.', zh: '最多允许 {limit} 个字符。' },
  hint: { en: 'Shorten the text.', zh: '请缩短文本。' },
})
export const fieldPattern = defineError({
  code: 'FIELD_PATTERN',
  status: 400,
  message: { en: 'This does not have the form that is asked for.', zh: '格式不符合要求。' },
  hint: { en: 'It must match {pattern}.', zh: '必须匹配 {pattern}。' },
})
export const fieldFormat = defineError({
  code: 'FIELD_FORMAT',
  status: 400,
  message: { en: 'This is not a valid {format}.', zh: '不是有效的 {format}。' },
  hint: { en: 'Write it in the standard form.', zh: '请按标准格式填写。' },
})
export const fieldBadText = defineError({
  code: 'FIELD_BAD_TEXT',
  status: 400,
  message: { en: 'This text holds characters that cannot be stored.', zh: '文本中含有无法保存的字符。' },
  hint: {
    en: 'Remove control characters and broken symbols, then try again.',
    zh: '请去掉控制字符和损坏的符号后重试。',
  },
})
export const fieldChoice = defineError({
  code: 'FIELD_CHOICE',
  status: 400,
  message: { en: 'This is none of the choices.', zh: '不在可选项之内。' },
  hint: { en: 'Choose one of: {choices}.', zh: '请从以下选项中选择:{choices}。' },
})
export const fieldRepeated = defineError({
  code: 'FIELD_REPEATED',
  status: 400,
  message: { en: 'The same value stands here twice.', zh: '同一个值重复出现。' },
  hint: { en: 'Name each value once.', zh: '每个值只填一次。' },
})
export const fieldTooMany = defineError({
  code: 'FIELD_TOO_MANY',
  status: 400,
  message: { en: 'At most {limit} entries are allowed.', zh: '最多允许 {limit} 项。' },
  hint: { en: 'Remove some.', zh: '请减少条目。' },
})
export const fieldTooFew = defineError({
  code: 'FIELD_TOO_FEW',
  status: 400,
  message: { en: 'At least {limit} entries are needed.', zh: '至少需要 {limit} 项。' },
  hint: { en: 'Add more.', zh: '请增加条目。' },
})
export const fieldPeriodOrder = defineError({
  code: 'FIELD_PERIOD_ORDER',
  status: 400,
  message: { en: 'The period must end after it begins.', zh: '期间的结束必须晚于开始。' },
  hint: {
    en: 'The end is the first day that no longer belongs to the period.',
    zh: '结束日是不再属于该期间的第一天。',
  },
})
export const fieldGenerated = defineError({
  code: 'FIELD_GENERATED',
  status: 400,
  message: { en: 'This value is given by the system.', zh: '此值由系统生成。' },
  hint: { en: 'Leave it out.', zh: '请勿提交该项。' },
})
export const fieldInvalid = defineError({
  code: 'FIELD_INVALID',
  status: 400,
  message: { en: 'This value is not allowed here.', zh: '此处不允许该值。' },
  hint: { en: 'Compare it with the schema of the field.', zh: '请对照字段的要求检查。' },
})
