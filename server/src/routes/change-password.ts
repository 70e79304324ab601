import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { passwordWeak, signInRefused } from '@channelwright/runtime/errors/identity.ts'
import Type from 'typebox'
import { checkPassword } from '../auth/accounts.ts'
import { defineRoute } from './route.ts'

export const changePassword = defineRoute({
  name: 'changePassword',
  method: 'post',
  path: '/api/v1/session/password',
  summary: { en: 'Change my password; my other sessions end', zh: '修改密码,并退出其他设备' },
  access: 'user',
  body: Type.Object(
    {
      current: Type.String({ minLength: 1, maxLength: 128 }),
      next: Type.String({ minLength: 1, maxLength: 128 }),
    },
    { additionalProperties: false },
  ),
  output: Type.Undefined(),
  success: 204,
  errors: [passwordWeak, signInRefused],
  async handle({ people, request, response }, { body }) {
    checkPassword(body.next)
    const answer = await people.identity.call(request, response, '/change-password', {
      currentPassword: body.current,
      newPassword: body.next,
      revokeOtherSessions: true,
    })
    if (!answer.ok) throw new Refusal(signInRefused)
    people.forget()
    return { status: 204, body: undefined }
  },
})
