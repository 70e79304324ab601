import { defineFileField } from '../file-field.ts'

export const file = defineFileField({
  name: 'file',
  title: { en: 'Files', zh: '附件' },
  icon: 'paperclip',
})
