import { mailLinkInvalid } from '@channelwright/runtime/errors/flow-service.ts'
import { formatText, type Locale, type Text } from '@channelwright/runtime/text.ts'
import { inUnit } from '../db/unit.ts'
import { type MailLink, readMailLink } from '../flows/mail-links.ts'
import { escapeHtml, memberActor } from '../flows/send-notifications.ts'
import { getTask } from '../flows/tasks.ts'
import type { Actor, ServedRelease, Services } from '../services.ts'
import type { Reply } from './route.ts'

/** What a link leads to as long as it is worth anything. */
export interface OpenLink {
  readonly link: MailLink
  readonly served: ServedRelease
  readonly actor: Actor
  readonly step: Text
  readonly title: string
  readonly answer: Text
}

/** Null: forged, too old, of somebody who has left, or of a task that was decided or has changed. */
export async function openLink(
  services: Services,
  workspace: string,
  token: string,
): Promise<OpenLink | null> {
  const link = readMailLink(services, token)
  if (link === null || link.workspace !== workspace) return null
  const served = await services.releases.current(workspace)
  const actor = served && (await memberActor(services, served, link.user))
  if (!served || !actor) return null
  const task = await inUnit(services, served, actor, (unit) => getTask(unit, link.task), {
    readOnly: true,
  }).catch(() => null)
  const answer = task?.decisions.find((one) => one.key === link.decision)
  if (task === null || task.rev !== link.rev || answer === undefined) return null
  return { link, served, actor, step: task.node.title, title: task.title ?? '', answer: answer.title }
}

const words = {
  ask: { en: 'Do you want to answer "{answer}"?', zh: '确认要"{answer}"吗?' },
  done: { en: 'Done: {answer}.', zh: '已完成:{answer}。' },
  open: { en: 'Open the inbox', zh: '打开待办箱' },
} satisfies Record<string, Text>

/** What would happen, and the one button that lets it. Opening the page decides nothing. */
export function askPage({ step, title, answer, actor, served }: OpenLink, services: Services): Reply<string> {
  const { locale } = actor
  const said = answer[locale]
  return page(
    200,
    locale,
    `<h1>${escapeHtml(`${step[locale]} ${title}`)}</h1>
     <p>${escapeHtml(formatText(words.ask, locale, { answer: said }))}</p>
     <form method="post"><button type="submit">${escapeHtml(said)}</button></form>
     ${inboxLink(services, served.workspace.key, locale)}`,
  )
}

export function donePage({ answer, actor, served }: OpenLink, services: Services): Reply<string> {
  const { locale } = actor
  return page(
    200,
    locale,
    `<h1>${escapeHtml(formatText(words.done, locale, { answer: answer[locale] }))}</h1>
     ${inboxLink(services, served.workspace.key, locale)}`,
  )
}

export function invalidPage(services: Services, workspace: string, locale: Locale): Reply<string> {
  const { message, hint, status } = mailLinkInvalid
  return page(
    status,
    locale,
    `<h1>${escapeHtml(message[locale])}</h1><p>${escapeHtml(hint[locale])}</p>
     ${inboxLink(services, workspace, locale)}`,
  )
}

function inboxLink(services: Services, workspace: string, locale: Locale): string {
  const address = `${services.config.baseUrl}/w/${encodeURIComponent(workspace)}/inbox`
  return `<p><a href="${escapeHtml(address)}">${escapeHtml(words.open[locale])}</a></p>`
}

const style =
  'body{font:16px/1.6 system-ui,sans-serif;max-width:36rem;margin:15vh auto;padding:0 1rem}h1{font-size:1.25rem}button{font:inherit;padding:.5rem 1.5rem}'

function page(status: number, locale: Locale, body: string): Reply<string> {
  return {
    status,
    headers: { 'Content-Type': 'text/html; charset=utf-8', 'X-Robots-Tag': 'noindex' },
    body: `<!doctype html><html lang="${locale}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Channelwright</title><style>${style}</style></head><body>${body}</body></html>`,
  }
}
