import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import Type from 'typebox'
import { runCommand } from '../flows/command.ts'
import { commandOfLink } from '../flows/mail-links.ts'
import { donePage, invalidPage, openLink } from './mail-link-page.ts'
import { defineRoute } from './route.ts'

export const followMailLink = defineRoute({
  name: 'followMailLink',
  method: 'post',
  path: '/api/v1/:workspace/mail-links/:token',
  summary: { en: 'Decide by a link of an e-mail', zh: '邮件链接:确认处理' },
  access: 'public',
  params: Type.Object({ workspace: Type.String(), token: Type.String({ maxLength: 1000 }) }),
  output: Type.String(),
  produces: 'text/html',
  async handle({ services, locale }, { params }) {
    const open = await openLink(services, params.workspace, params.token)
    if (open === null) return invalidPage(services, params.workspace, locale)
    const { link, served, actor } = open
    try {
      await runCommand(services, served, actor, commandOfLink(params.token), {
        type: 'decide',
        task: link.task,
        taskRev: link.rev,
        given: { decision: link.decision },
      })
    } catch (error) {
      // Somebody was quicker, between the look and the decision.
      if (error instanceof Refusal) return invalidPage(services, params.workspace, actor.locale)
      throw error
    }
    return donePage(open, services)
  },
})
