import { locales } from '@channelwright/runtime/text.ts'
import Type from 'typebox'
import { defineRoute } from './route.ts'

export const updateUser = defineRoute({
  name: 'updateUser',
  method: 'patch',
  path: '/api/v1/session/user',
  summary: { en: 'Change my name or language', zh: '修改我的姓名或语言' },
  access: 'user',
  body: Type.Object(
    {
      name: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
      locale: Type.Optional(Type.Enum([...locales])),
    },
    { additionalProperties: false, minProperties: 1 },
  ),
  output: Type.Object({ name: Type.String(), locale: Type.Enum([...locales]) }),
  async handle({ services, people, person }, { body }) {
    const name = body.name ?? person.name
    const locale = body.locale ?? person.locale
    await services.owner.query(
      'UPDATE channelwright."user" SET name = $2, locale = $3, updated_at = now() WHERE id = $1',
      [person.user, name, locale],
    )
    people.forget()
    return { body: { name, locale } }
  },
})
