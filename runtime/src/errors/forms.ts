import { defineError } from './create-error.ts'

// What a form says while it is filled in.

export const formCheckFailed = defineError({
  code: 'FORM_CHECK_FAILED',
  status: 422,
  message: { en: '{message}', zh: '{message}' },
  hint: { en: 'Change the values that the message speaks of.', zh: '请修改提示中涉及的内容。' },
})
export const formFieldForeign = defineError({
  code: 'FORM_FIELD_FOREIGN',
  status: 400,
  message: { en: 'The field "{name}" is not on this form.', zh: '字段"{name}"不在此表单上。' },
  hint: { en: 'Send only the fields of the form.', zh: '请只提交表单中的字段。' },
})
export const formRuleFailed = defineError({
  code: 'FORM_RULE_FAILED',
  status: 422,
  message: { en: 'A rule of this form could not be worked out.', zh: '表单中的一条规则无法计算。' },
  hint: {
    en: 'Complete the fields it needs; if it stays, tell the designer of the form.',
    zh: '请补全相关字段;若仍出现,请联系表单设计者。',
  },
})
