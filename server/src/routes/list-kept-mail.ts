import Type from 'typebox'
import { listKeptMail as list } from '../mail/mailer.ts'
import { asReply } from './incentive-shapes.ts'
import { defineRoute } from './route.ts'

export const listKeptMail = defineRoute({
  name: 'listKeptMail',
  method: 'get',
  path: '/api/v1/:workspace/kept-mail',
  summary: {
    en: 'E-mails of this workspace, where there is no mail server (never in production)',
    zh: '开发环境收件箱:未配置邮件服务器时保存的邮件',
  },
  access: { right: 'administer_flows' },
  output: Type.Object({
    mails: Type.Array(
      Type.Object({
        id: Type.String(),
        recipient: Type.String(),
        subject: Type.String(),
        body: Type.String(),
        html: Type.String(),
        at: Type.String({ format: 'date-time' }),
      }),
    ),
  }),
  async handle({ services, workspace }) {
    return { body: asReply({ mails: await list(services, workspace.id) }) }
  },
})
