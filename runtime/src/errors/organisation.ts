import { defineError } from './create-error.ts'

// What is wrong with a definition that says where the people of an organisation stand.

export const organisationTwice = defineError({
  code: 'ORGANISATION_TWICE',
  status: 422,
  message: {
    en: 'There is another organisation: "{other}". A workspace has one.',
    zh: '已有另一个组织架构定义"{other}",每个工作区只能有一个。',
  },
  hint: { en: 'Keep one of the two.', zh: '请只保留其中一个。' },
})
export const organisationReference = defineError({
  code: 'ORGANISATION_REFERENCE',
  status: 422,
  message: {
    en: 'The field "{name}" leads to "{object}"; it must lead to "{expected}".',
    zh: '字段"{name}"引用的是"{object}",应引用"{expected}"。',
  },
  hint: { en: 'Choose a field that leads there.', zh: '请选择引用正确对象的字段。' },
})
