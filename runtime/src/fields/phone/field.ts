import { defineFormattedText } from '../formatted-text.ts'

export const phone = defineFormattedText({
  name: 'phone',
  title: { en: 'Phone', zh: '电话' },
  icon: 'phone',
  format: 'phone',
})
