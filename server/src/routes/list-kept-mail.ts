import type { KeptMailPage } from '@channelwright/runtime/api/flows.ts'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { addressUnknown } from '@channelwright/runtime/errors/http.ts'
import Type from 'typebox'
import { keepsMail, listKeptMail as list, messageIdOf } from '../mail/mailer.ts'
import { defineRoute } from './route.ts'

export const listKeptMail = defineRoute({
  name: 'listKeptMail',
  method: 'get',
  path: '/api/v1/:workspace/kept-mail',
  summary: {
    en: 'E-mails of this workspace, while developing without a mail server (never in production)',
    zh: '开发环境收件箱:未配置邮件服务器时保存的邮件(生产环境不可用)',
  },
  access: { right: 'administer_flows' },
  query: Type.Object(
    { search: Type.Optional(Type.String({ maxLength: 100 })) },
    { additionalProperties: false },
  ),
  output: Type.Unsafe<KeptMailPage>(
    Type.Object({
      mails: Type.Array(
        Type.Object({
          id: Type.String(),
          from: Type.String(),
          recipient: Type.String(),
          subject: Type.String(),
          message_id: Type.String(),
          body: Type.String(),
          html: Type.String(),
          at: Type.String({ format: 'date-time' }),
        }),
      ),
    }),
  ),
  errors: [addressUnknown],
  async handle({ services, workspace }, { query }) {
    const { config } = services
    if (!keepsMail(config)) throw new Refusal(addressUnknown)
    const mails = await list(services, workspace.id, query.search)
    return {
      body: {
        mails: mails.map((mail) => ({
          ...mail,
          from: config.mailFrom,
          message_id: messageIdOf(config, mail.id),
        })),
      },
    }
  },
})
