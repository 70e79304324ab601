import Type from 'typebox'
import { askPage, invalidPage, openLink } from './mail-link-page.ts'
import { defineRoute } from './route.ts'

export const openMailLink = defineRoute({
  name: 'openMailLink',
  method: 'get',
  path: '/api/v1/:workspace/mail-links/:token',
  summary: { en: 'What a link of an e-mail would decide; decides nothing', zh: '邮件链接:查看将执行的操作' },
  access: 'public',
  params: Type.Object({ workspace: Type.String(), token: Type.String({ maxLength: 1000 }) }),
  output: Type.String(),
  produces: 'text/html',
  async handle({ services, locale }, { params }) {
    const open = await openLink(services, params.workspace, params.token)
    return open === null ? invalidPage(services, params.workspace, locale) : askPage(open, services)
  },
})
