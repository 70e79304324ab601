import { defineFormattedText } from '../formatted-text.ts'

export const url = defineFormattedText({
  name: 'url',
  title: { en: 'Web address', zh: '网址' },
  icon: 'world',
  format: 'uri',
})
