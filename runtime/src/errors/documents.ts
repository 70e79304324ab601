import { defineError } from './create-error.ts'

// Printed documents.

export const documentPlaceholder = defineError({
  code: 'DOCUMENT_PLACEHOLDER',
  status: 422,
  message: {
    en: '"{name}" is no field of this object and none of the document’s values.',
    zh: '"{name}"既不是该对象的字段,也不是文档中定义的取值。',
  },
  hint: {
    en: 'Name a field, a path such as partner.legal_name, or a rule under "values". Known: {known}.',
    zh: '请填写字段、引用路径(如 partner.legal_name)或"values"中的规则。可用:{known}。',
  },
})
export const documentValueNotText = defineError({
  code: 'DOCUMENT_VALUE_NOT_TEXT',
  status: 422,
  message: {
    en: 'The value "{name}" is a list or an object: it cannot be written into a text.',
    zh: '取值"{name}"是列表或对象,无法写入文本。',
  },
  hint: {
    en: 'Let the rule give one value, or print a table with a block of type "lines".',
    zh: '请让规则返回单个值,或使用"lines"块打印明细表。',
  },
})
export const documentLinesInText = defineError({
  code: 'DOCUMENT_LINES_IN_TEXT',
  status: 422,
  message: { en: 'The table "{name}" cannot stand in a text.', zh: '明细"{name}"不能写在文本中。' },
  hint: { en: 'Print it with a block of type "lines".', zh: '请使用"lines"块打印。' },
})
export const documentTotal = defineError({
  code: 'DOCUMENT_TOTAL',
  status: 422,
  message: { en: 'There is no sum of "{name}".', zh: '"{name}"无法合计。' },
  hint: { en: 'Sum columns of numbers that are printed.', zh: '请选择已打印的数值列。' },
})
export const documentUnknown = defineError({
  code: 'DOCUMENT_UNKNOWN',
  status: 404,
  message: { en: 'There is no document "{name}".', zh: '没有文档"{name}"。' },
  hint: { en: 'Known: {known}.', zh: '可用:{known}。' },
})
export const documentOtherObject = defineError({
  code: 'DOCUMENT_OTHER_OBJECT',
  status: 422,
  message: {
    en: 'The document "{name}" is about "{object}", this flow about "{own}".',
    zh: '文档"{name}"面向"{object}",而该流程面向"{own}"。',
  },
  hint: { en: 'Choose a document about the object of the flow.', zh: '请选择与流程对象一致的文档。' },
})
export const documentField = defineError({
  code: 'DOCUMENT_FIELD',
  status: 422,
  message: {
    en: '"{name}" is no field of files that takes a PDF.',
    zh: '"{name}"不是可存放 PDF 的附件字段。',
  },
  hint: {
    en: 'Name a field of type "file" whose x-accept is absent or holds application/pdf.',
    zh: '请填写"file"类型的字段,且其 x-accept 为空或包含 application/pdf。',
  },
})
