import { defineError } from './create-error.ts'

// Why a rule from elsewhere is not taken as it stands.

export const importOrder = defineError({
  code: 'IMPORT_ORDER',
  status: 422,
  message: { en: 'Texts are not compared by order here.', zh: '此处不按先后比较文本。' },
  hint: {
    en: 'Browsers and databases order texts differently. Compare numbers or dates, or list the texts with "in".',
    zh: '浏览器与数据库对文本的排序不同。请比较数字或日期,或用 "in" 列出文本。',
  },
})
export const importCode = defineError({
  code: 'IMPORT_CODE',
  status: 422,
  message: { en: '"{operator}" calls program code.', zh: '"{operator}"会调用程序代码。' },
  hint: { en: 'Rules only compute; leave it out.', zh: '规则只做计算,请去掉它。' },
})
export const importGroup = defineError({
  code: 'IMPORT_GROUP',
  status: 422,
  message: {
    en: 'An object with {count} keys is plain data in JSON-logic, not an operation.',
    zh: '含 {count} 个键的对象在 JSON-logic 中是普通数据,而非运算。',
  },
  hint: {
    en: 'If all of its operations must hold, join them with "and".',
    zh: '若其中各运算须同时成立,请用 "and" 连接。',
  },
})
