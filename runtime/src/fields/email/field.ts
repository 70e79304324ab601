import { defineFormattedText } from '../formatted-text.ts'

export const email = defineFormattedText({
  name: 'email',
  title: { en: 'E-mail', zh: '邮箱' },
  icon: 'mail',
  format: 'email',
})
