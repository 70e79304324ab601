import type { TaskReply } from '@channelwright/runtime/api/flows.ts'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { mailLinkInvalid } from '@channelwright/runtime/errors/flow-service.ts'
import { formatText, type Locale, type Text } from '@channelwright/runtime/text.ts'
import Type from 'typebox'
import { inUnit } from '../db/unit.ts'
import { isExpired, type MailLink, readMailLink } from '../flows/mail-links.ts'
import { escapeHtml, memberActor } from '../flows/send-notifications.ts'
import { getTask } from '../flows/tasks.ts'
import type { Actor, ServedRelease, Services } from '../services.ts'
import type { Reply, RouteContext } from './route.ts'

/** What a link leads to as long as it is worth anything. */
export interface OpenLink {
  readonly link: MailLink
  readonly served: ServedRelease
  readonly actor: Actor
  readonly task: string
  readonly step: Text
  readonly title: string
  readonly applicant: string
  readonly answer: Text
}

/** Both ways to a link: the page that asks, and what is sent from it. */
export const mailLinkRoute = {
  path: '/api/v1/:workspace/mail-links/:token',
  access: 'public',
  params: Type.Object({ workspace: Type.String(), token: Type.String({ maxLength: 1000 }) }),
  output: Type.String(),
  produces: 'text/html',
} as const

/**
 * Answers with `use` as long as the link is worth anything, else with a page that says why it is not. What the page
 * tells beyond that is told only to whoever holds a link of ours, which names the person it was sent to.
 */
export async function answerLink(
  { services, locale }: Pick<RouteContext, 'services' | 'locale'>,
  { workspace, token }: { workspace: string; token: string },
  use: (open: OpenLink) => Promise<Reply<string>> | Reply<string>,
): Promise<Reply<string>> {
  const link = readMailLink(services, token)
  if (link === null || link.workspace !== workspace) return closedPage(services, workspace, locale)
  const served = await services.releases.current(workspace)
  const actor = served && (await memberActor(services, served, link.user))
  if (!served || !actor) return closedPage(services, workspace, locale)
  const found = await findTask(services, served, actor, link)
  const why = found === null ? 'gone' : whyClosed(services, link, found)
  if (found === null || why !== null)
    return closedPage(services, workspace, actor.locale, why ?? 'gone', link.task)
  const { node, title, applicant, decisions } = found
  const answer = decisions.find((one) => one.key === link.decision)
  if (answer === undefined) return closedPage(services, workspace, actor.locale, 'changed', link.task)
  const open = { link, served, actor, task: link.task, step: node.title, answer: answer.title }
  try {
    return await use({ ...open, title: title ?? '', applicant: applicant.name ?? '' })
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    // Somebody was quicker, between the look and the decision; or the flow asks for more than a click.
    const after = await findTask(services, served, actor, link)
    return closedPage(
      services,
      workspace,
      actor.locale,
      (after && whyClosed(services, link, after)) ?? 'changed',
      link.task,
    )
  }
}

function findTask(services: Services, served: ServedRelease, actor: Actor, link: MailLink) {
  return inUnit(services, served, actor, (unit) => getTask(unit, link.task), { readOnly: true }).catch(
    (error: unknown) => {
      if (error instanceof Refusal) return null
      throw error
    },
  )
}

type Closed = 'decided' | 'closed' | 'changed' | 'expired' | 'gone'

function whyClosed(
  services: Services,
  link: MailLink,
  task: Pick<TaskReply, 'state' | 'rev' | 'decided_at' | 'record_rev'>,
): Closed | null {
  if (task.state !== 'pending') return task.decided_at === null ? 'closed' : 'decided'
  if (task.rev !== link.rev || task.record_rev !== link.seen) return 'changed'
  return isExpired(services, link) ? 'expired' : null
}

const words = {
  ask: { en: 'Do you want to answer "{answer}"?', zh: '确认要“{answer}”吗?' },
  from: { en: 'Submitted by {applicant}', zh: '提交人:{applicant}' },
  nothing: { en: 'Nothing is decided before you press the button.', zh: '点击按钮前不会执行任何操作。' },
  done: { en: 'Done: {answer}.', zh: '已完成:{answer}。' },
  doneAbout: { en: '{step}: {title}', zh: '{step}:{title}' },
  closePage: { en: 'You can close this page.', zh: '可以关闭本页。' },
  inbox: { en: 'Open the inbox', zh: '打开待办箱' },
  task: { en: 'Look at the whole task first', zh: '先查看待办详情' },
  story: { en: 'See what became of it', zh: '查看处理结果' },
  again: { en: 'Open the task', zh: '打开待办' },
} satisfies Record<string, Text>

const closedWords: Readonly<Record<Closed, { readonly title: Text; readonly hint: Text }>> = {
  decided: {
    title: { en: 'You have decided this already.', zh: '您已处理该待办。' },
    hint: {
      en: 'A link decides once. Nothing was changed now.',
      zh: '每个链接只生效一次,本次未做任何更改。',
    },
  },
  closed: {
    title: { en: 'This does not wait for you any more.', zh: '该待办已无需您处理。' },
    hint: {
      en: 'Somebody else decided, or it was taken back. Nothing was changed now.',
      zh: '可能已由他人处理或已撤回,本次未做任何更改。',
    },
  },
  changed: {
    title: {
      en: 'The task, or what it is about, has changed since this e-mail.',
      zh: '邮件发出后,该待办或其记录已有变化。',
    },
    hint: {
      en: 'It still waits for you. Look at it as it is now, and decide there.',
      zh: '该待办仍在等待您处理,请查看最新内容后再决定。',
    },
  },
  expired: {
    title: { en: 'This link is too old.', zh: '链接已过期。' },
    hint: {
      en: 'Links of e-mails are good for 14 days. The task still waits for you.',
      zh: '邮件链接有效期为 14 天,该待办仍在等待您处理。',
    },
  },
  gone: { title: mailLinkInvalid.message, hint: mailLinkInvalid.hint },
}

/** What would happen, and the one button that lets it. Opening the page decides nothing. */
export function askPage(open: OpenLink, services: Services): Reply<string> {
  const { step, title, applicant, answer, actor, served, task } = open
  const { locale } = actor
  const said = answer[locale]
  return page(
    200,
    locale,
    formatText(words.ask, locale, { answer: said }),
    `<p class="about">${escapeHtml(step[locale])}</p>
     <h1>${escapeHtml(title || step[locale])}</h1>
     ${applicant ? `<p class="quiet">${escapeHtml(formatText(words.from, locale, { applicant }))}</p>` : ''}
     <p>${escapeHtml(formatText(words.ask, locale, { answer: said }))}</p>
     <form method="post"><button type="submit">${escapeHtml(said)}</button></form>
     <p class="quiet">${escapeHtml(words.nothing[locale])}</p>
     ${linkTo(services, served.workspace.key, words.task[locale], task)}`,
    served.workspace.title[locale],
  )
}

export function donePage(open: OpenLink, services: Services): Reply<string> {
  const { answer, actor, served, step, title } = open
  const { locale } = actor
  const said = formatText(words.done, locale, { answer: answer[locale] })
  return page(
    200,
    locale,
    said,
    `<h1>${escapeHtml(said)}</h1>
     <p>${escapeHtml(title ? formatText(words.doneAbout, locale, { step: step[locale], title }) : step[locale])}</p>
     <p class="quiet">${escapeHtml(words.closePage[locale])}</p>
     ${linkTo(services, served.workspace.key, words.inbox[locale])}`,
    served.workspace.title[locale],
  )
}

function closedPage(
  services: Services,
  workspace: string,
  locale: Locale,
  why: Closed = 'gone',
  task?: string,
): Reply<string> {
  const { title, hint } = closedWords[why]
  const label =
    why === 'gone' ? words.inbox : why === 'changed' || why === 'expired' ? words.again : words.story
  return page(
    mailLinkInvalid.status,
    locale,
    title[locale],
    `<h1>${escapeHtml(title[locale])}</h1><p>${escapeHtml(hint[locale])}</p>
     ${linkTo(services, workspace, label[locale], why === 'gone' ? undefined : task)}`,
  )
}

function linkTo(services: Services, workspace: string, label: string, task?: string): string {
  const address = `${services.config.baseUrl}/w/${encodeURIComponent(workspace)}/inbox${task ? `/${task}` : ''}`
  return `<p><a href="${escapeHtml(address)}">${escapeHtml(label)}</a></p>`
}

// Mail programs open it in browsers of their own: no script, nothing fetched, both colour schemes.
const style = `:root{color-scheme:light dark}
*{box-sizing:border-box}
body{font:16px/1.6 system-ui,"PingFang SC","Microsoft YaHei",sans-serif;margin:0;min-height:100vh;display:grid;place-items:start center;padding:8vh 1rem 2rem;background:light-dark(#f4f6f8,#14191e);color:light-dark(#1c2730,#e6ebef)}
main{width:100%;max-width:30rem;padding:1.75rem;border:1px solid light-dark(#d9dfe4,#34404a);border-radius:10px;background:light-dark(#fff,#1c242b)}
.where{margin:0 0 1.25rem;font-weight:600;font-size:.875rem}
.about,.quiet{margin:0 0 .25rem;color:light-dark(#55626d,#a5b1bb);font-size:.875rem}
h1{margin:0 0 .5rem;font-size:1.25rem;line-height:1.35;overflow-wrap:anywhere}
button{font:inherit;font-weight:600;min-height:2.75rem;padding:.5rem 1.75rem;border:0;border-radius:7px;background:#1f5c99;color:#fff;cursor:pointer}
button:focus-visible,a:focus-visible{outline:2px solid light-dark(#1f5c99,#8fc1f2);outline-offset:2px}
form{margin:1rem 0}
a{color:light-dark(#1f5c99,#8fc1f2)}
@media (max-width:30rem){button{width:100%}}`

function page(status: number, locale: Locale, title: string, body: string, where?: string): Reply<string> {
  const head = where ? `<p class="where">${escapeHtml(where)}</p>` : ''
  return {
    status,
    headers: { 'Content-Type': 'text/html; charset=utf-8', 'X-Robots-Tag': 'noindex' },
    body: `<!doctype html><html lang="${locale}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escapeHtml(title)}</title><style>${style}</style></head><body><main>${head}${body}</main></body></html>`,
  }
}
