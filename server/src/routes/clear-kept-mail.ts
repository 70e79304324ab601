import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { addressUnknown } from '@channelwright/runtime/errors/http.ts'
import Type from 'typebox'
import { clearKeptMail as clear, keepsMail } from '../mail/mailer.ts'
import { defineRoute } from './route.ts'

export const clearKeptMail = defineRoute({
  name: 'clearKeptMail',
  method: 'delete',
  path: '/api/v1/:workspace/kept-mail',
  summary: {
    en: 'Throw away the kept e-mails of this workspace, while developing (never in production)',
    zh: '清空开发环境收件箱(生产环境不可用)',
  },
  access: { right: 'administer_flows' },
  output: Type.Object({ cleared: Type.Integer() }),
  errors: [addressUnknown],
  async handle({ services, workspace }) {
    if (!keepsMail(services.config)) throw new Refusal(addressUnknown)
    return { body: { cleared: await clear(services, workspace.id) } }
  },
})
