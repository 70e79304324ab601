import type { TaskReply } from '@channelwright/runtime/api/flows.ts'
import { formatText, type Locale, type Text } from '@channelwright/runtime/text.ts'
import { createActor } from '../auth/people.ts'
import { inUnit, type Unit } from '../db/unit.ts'
import { reachFailpoint } from '../jobs/failpoint.ts'
import { sendMail } from '../mail/mailer.ts'
import type { Actor, ServedRelease, Services } from '../services.ts'
import { engineActor, nobody } from './engine-actor.ts'
import { writeMailLink } from './mail-links.ts'
import { flowTable } from './run-store.ts'
import { getRun } from './runs.ts'
import { getTask } from './tasks.ts'

interface NoteRow {
  readonly id: string
  readonly recipient: string
  readonly kind: string
  readonly run: string | null
  readonly task: string | null
  readonly data: { readonly text?: Text }
}

/**
 * Sends these notifications by e-mail, each in a transaction that marks it once the mail server has taken it. A server
 * that dies in between sends one again, under the same message id.
 */
export async function sendNotifications(
  services: Services,
  workspace: string,
  ids: readonly string[],
): Promise<void> {
  const served = await services.releases.current(workspace)
  if (served === undefined) return
  for (const id of ids)
    await inUnit(services, served, engineActor(services, served, nobody), async (unit) => {
      const [note] = await unit.query<NoteRow>(
        `SELECT id, recipient, kind, run, task, data FROM ${flowTable(unit, 'notification')}
         WHERE id = $1 AND mail = 'queued' FOR UPDATE`,
        [id],
      )
      if (note === undefined) return
      const isSent = await sendOne(services, served, note)
      reachFailpoint('mail.sent')
      await unit.query(
        `UPDATE ${flowTable(unit, 'notification')} SET mail = $2, mailed_at = $3 WHERE id = $1`,
        [id, isSent ? 'sent' : 'none', unit.now],
      )
    })
}

/** After the last try they are only told here. */
export async function giveUpMails(
  services: Services,
  workspace: string,
  ids: readonly string[],
): Promise<void> {
  const served = await services.releases.current(workspace)
  if (served === undefined) return
  await inUnit(services, served, engineActor(services, served, nobody), (unit) =>
    unit.query(
      `UPDATE ${flowTable(unit, 'notification')} SET mail = 'failed' WHERE id = ANY ($1::uuid[]) AND mail = 'queued'`,
      [ids],
    ),
  )
}

/** False where there is nothing to be sent (any more): the person has left, or has decided meanwhile. */
async function sendOne(services: Services, served: ServedRelease, note: NoteRow): Promise<boolean> {
  const actor = await memberActor(services, served, note.recipient)
  if (actor === null) return false
  const about = await inUnit(services, served, actor, (unit) => describe(unit, note), { readOnly: true })
  if (about === null) return false
  const { subject, lines, buttons } = about
  const address = `${services.config.baseUrl}/w/${served.workspace.key}/inbox${note.task ? `/${note.task}` : ''}`
  const open = { label: words.open[actor.locale], href: address }
  await sendMail(services, {
    id: note.id,
    workspace: served.workspace.id,
    to: actor.email,
    subject,
    text: [...lines, '', ...[open, ...buttons].map(({ label, href }) => `${label}: ${href}`)].join('\n'),
    html: page(lines, [open, ...buttons]),
  })
  return true
}

/** The actor of somebody without a session; null for those who are no active members. */
export async function memberActor(
  services: Services,
  served: ServedRelease,
  user: string,
): Promise<Actor | null> {
  const { rows } = await services.owner.query<{
    user: string
    name: string
    email: string
    locale: Locale
    roles: string[]
    partner: string | null
  }>(
    `SELECT u.id AS user, u.name, u.email, u.locale, m.roles, m.partner
     FROM channelwright.membership m JOIN channelwright."user" u ON u.id = m.user_id
     WHERE m.workspace = $1 AND m.user_id = $2 AND m.status = 'active'`,
    [served.workspace.id, user],
  )
  const [row] = rows
  return row ? createActor(services, served, row, row.roles, row.partner) : null
}

interface Link {
  readonly label: string
  readonly href: string
}

/** What the e-mail says, with the recipient's own rights: nothing that they could not see here. */
async function describe(
  unit: Unit,
  note: NoteRow,
): Promise<{ subject: string; lines: string[]; buttons: Link[] } | null> {
  const { locale } = unit.actor
  const say = (text: Text, values: Record<string, unknown> = {}) => formatText(text, locale, values)
  if (note.task !== null) {
    const task = await getTask(unit, note.task).catch(() => null)
    if (task === null || task.state !== 'pending') return null
    const values = {
      step: task.node.title[locale],
      title: task.title ?? '',
      applicant: task.applicant.name ?? '',
      flow: task.flow.title[locale],
    }
    const subject = say(note.kind === 'reminded' ? words.reminded : words.task, values).trim()
    const lines = [say(words.taskLine, values)]
    return { subject, lines, buttons: decisionLinks(unit, task) }
  }
  if (note.run === null) return null
  const run = await getRun(unit, note.run).catch(() => null)
  if (run === null) return null
  const values = { flow: run.flow.title[locale], status: words.status[run.status]?.[locale] ?? run.status }
  const subject = say(note.kind === 'ended' ? words.ended : words.copied, values)
  const text = note.data.text
  return { subject, lines: [text ? text[locale] : subject], buttons: [] }
}

/** Answers that need nothing else said may be given from the e-mail. */
function decisionLinks(unit: Unit, task: TaskReply): Link[] {
  if (task.form !== null || task.picks.length > 0) return []
  return task.decisions
    .filter(
      (decision) =>
        !decision.comment_required && !decision.signature_required && !decision.attachments_required,
    )
    .map((decision) => {
      const token = writeMailLink(unit.services, {
        workspace: unit.served.workspace.key,
        task: task.id,
        rev: task.rev,
        user: unit.actor.user,
        decision: decision.key,
      })
      const at = `${unit.services.config.baseUrl}/api/v1/${unit.served.workspace.key}/mail-links/${token}`
      return { label: decision.title[unit.actor.locale], href: at }
    })
}

const words = {
  open: { en: 'Open', zh: '打开' },
  task: { en: '{step}: {title}', zh: '待办:{step} {title}' },
  reminded: { en: 'Reminder: {step} {title}', zh: '催办:{step} {title}' },
  taskLine: {
    en: '{applicant} submitted {title} ({flow}). It waits for you at "{step}".',
    zh: '{applicant} 提交了 {title}({flow}),等待您处理"{step}"。',
  },
  ended: { en: '{flow}: {status}', zh: '{flow}:{status}' },
  copied: { en: 'For your information: {flow}', zh: '抄送:{flow}' },
  status: {
    approved: { en: 'approved', zh: '已通过' },
    rejected: { en: 'rejected', zh: '已驳回' },
    withdrawn: { en: 'taken back', zh: '已撤回' },
    terminated: { en: 'terminated', zh: '已终止' },
    expired: { en: 'expired', zh: '已过期' },
    ended: { en: 'done', zh: '已结束' },
  } as Readonly<Record<string, Text>>,
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)
}

function page(lines: readonly string[], links: readonly Link[]): string {
  const paragraphs = lines.map((line) => `<p>${escapeHtml(line)}</p>`).join('')
  const buttons = links
    .map(
      ({ label, href }) =>
        `<a href="${escapeHtml(href)}" style="display:inline-block;margin:0 8px 8px 0;padding:8px 16px;border:1px solid #888;border-radius:4px;text-decoration:none">${escapeHtml(label)}</a>`,
    )
    .join('')
  return `<!doctype html><html><body style="font-family:sans-serif">${paragraphs}<p>${buttons}</p></body></html>`
}
