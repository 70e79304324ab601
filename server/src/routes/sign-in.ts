import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { signInRefused } from '@channelwright/runtime/errors/identity.ts'
import Type from 'typebox'
import { countAttempt, forgetFailures } from '../auth/sign-in-limit.ts'
import { defineRoute } from './route.ts'

export const signIn = defineRoute({
  name: 'signIn',
  method: 'post',
  path: '/api/v1/session',
  summary: {
    en: 'Sign in with e-mail and password; sets the session cookie',
    zh: '以邮箱和密码登录,并设置会话 Cookie',
  },
  access: 'public',
  body: Type.Object(
    {
      email: Type.String({ minLength: 3, maxLength: 254 }),
      password: Type.String({ minLength: 1, maxLength: 128 }),
      /** False: the session ends with the browser. */
      remember: Type.Optional(Type.Boolean()),
    },
    { additionalProperties: false },
  ),
  output: Type.Object({ signed_in: Type.Literal(true) }),
  errors: [signInRefused],
  async handle({ services, people, request, response }, { body }) {
    const email = body.email.trim().toLowerCase()
    await countAttempt(services, email)
    const answer = await people.identity.call(request, response, '/sign-in/email', {
      email,
      password: body.password,
      rememberMe: body.remember ?? true,
    })
    if (!answer.ok) throw new Refusal(signInRefused)
    await forgetFailures(services, email)
    return { body: { signed_in: true } as const }
  },
})
