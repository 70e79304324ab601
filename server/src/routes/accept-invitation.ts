import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { requestInvalid } from '@channelwright/runtime/errors/http.ts'
import {
  accountExists,
  invitationUnknown,
  passwordWeak,
  signInRefused,
} from '@channelwright/runtime/errors/identity.ts'
import type { Request, Response } from 'express'
import Type from 'typebox'
import { acceptInvitation as accept, findInvitation, type OpenInvitation } from '../auth/invitations.ts'
import type { People } from '../auth/people.ts'
import { countAttempt, forgetFailures } from '../auth/sign-in-limit.ts'
import type { Services } from '../services.ts'
import { InvitationToken } from './get-invitation.ts'
import { defineRoute } from './route.ts'

export const acceptInvitation = defineRoute({
  name: 'acceptInvitation',
  method: 'post',
  path: '/api/v1/invitations/:token',
  summary: {
    en: 'Accept an invitation, with a new account or the password of one that exists; signs in',
    zh: '接受邀请:新建账号或使用已有账号的密码,并登录',
  },
  access: 'public',
  params: InvitationToken,
  body: Type.Object(
    {
      /** For a new account; one that exists keeps its name. */
      name: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
      password: Type.String({ minLength: 1, maxLength: 128 }),
    },
    { additionalProperties: false },
  ),
  output: Type.Object({ workspace: Type.String() }),
  errors: [accountExists, invitationUnknown, passwordWeak, signInRefused],
  async handle({ services, people, request, response }, { params, body }) {
    const invitation = await findInvitation(services, params.token)
    const { email, workspace } = invitation
    if (invitation.account) {
      const proved = await proveAccount(services, people, request, response, email, body.password)
      await accept(services, invitation, { proved })
    } else {
      const name = body.name ?? invitation.name
      if (!name) throw new Refusal(requestInvalid, {}, [nameMissing])
      await accept(services, invitation as OpenInvitation, { name, password: body.password })
      await people.identity.call(request, response, '/sign-in/email', { email, password: body.password })
    }
    people.forget()
    return { body: { workspace: workspace.key } }
  },
})

const nameMissing = {
  path: '/name',
  code: 'FIELD_REQUIRED',
  message: { en: 'This is required.', zh: '此项为必填。' },
}

/** Signs in, which proves that the account is theirs; answers with its id. */
async function proveAccount(
  services: Services,
  people: People,
  request: Request,
  response: Response,
  email: string,
  password: string,
): Promise<string> {
  await countAttempt(services, email)
  const answer = await people.identity.call(request, response, '/sign-in/email', { email, password })
  if (!answer.ok) throw new Refusal(signInRefused)
  await forgetFailures(services, email)
  const { rows } = await services.owner.query<{ id: string }>(
    'SELECT id FROM channelwright."user" WHERE email = $1',
    [email],
  )
  return rows[0]!.id
}
