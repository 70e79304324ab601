import type { Locale } from '@channelwright/runtime/text.ts'
import { createActor } from '../auth/people.ts'
import { inUnit } from '../db/unit.ts'
import { reachFailpoint } from '../jobs/failpoint.ts'
import { sendMail } from '../mail/mailer.ts'
import type { Actor, ServedRelease, Services } from '../services.ts'
import { describeMail, type Link, type MailedNote } from './describe-mail.ts'
import { engineActor, nobody } from './engine-actor.ts'
import { flowTable } from './run-store.ts'

interface NoteRow extends MailedNote {
  readonly id: string
  readonly recipient: string
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
  const about = await inUnit(services, served, actor, (unit) => describeMail(unit, note), { readOnly: true })
  if (about === null) return false
  const { subject, lines, links } = about
  await sendMail(services, {
    id: note.id,
    workspace: served.workspace.id,
    to: actor.email,
    subject,
    text: [...lines, '', ...links.map(({ label, href }) => `${label}: ${href}`)].join('\n'),
    html: page(lines, links),
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
