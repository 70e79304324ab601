import { runCommand } from '../flows/command.ts'
import { commandOfLink } from '../flows/mail-links.ts'
import { answerLink, donePage, mailLinkRoute } from './mail-link-page.ts'
import { defineRoute } from './route.ts'

export const followMailLink = defineRoute({
  name: 'followMailLink',
  method: 'post',
  summary: { en: 'Decide by a link of an e-mail', zh: '邮件链接:确认处理' },
  ...mailLinkRoute,
  async handle(context, { params }) {
    const { services } = context
    return answerLink(context, params, async (open) => {
      const { link, served, actor } = open
      await runCommand(services, served, actor, commandOfLink(params.token), {
        type: 'decide',
        task: link.task,
        taskRev: link.rev,
        given: { decision: link.decision, ...(link.seen === null ? {} : { seenVersion: link.seen }) },
      })
      return donePage(open, services)
    })
  },
})
