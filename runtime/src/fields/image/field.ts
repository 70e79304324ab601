import Type from 'typebox'
import { defineFileField } from '../file-field.ts'

export const image = defineFileField({
  name: 'image',
  title: { en: 'Images', zh: '图片' },
  icon: 'photo',
  accepts: Type.String({
    pattern: '^image/([a-z0-9.+-]+|\\*)$',
    maxLength: 120,
    description: 'A media type of images: image/png.',
  }),
})
