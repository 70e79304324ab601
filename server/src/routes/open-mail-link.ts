import { answerLink, askPage, mailLinkRoute } from './mail-link-page.ts'
import { defineRoute } from './route.ts'

export const openMailLink = defineRoute({
  name: 'openMailLink',
  method: 'get',
  summary: { en: 'What a link of an e-mail would decide; decides nothing', zh: '邮件链接:查看将执行的操作' },
  ...mailLinkRoute,
  async handle(context, { params }) {
    return answerLink(context, params, (open) => askPage(open, context.services))
  },
})
