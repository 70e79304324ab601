import { createTransport, type Transporter } from 'nodemailer'
import type { Config } from '../config.ts'
import type { Services } from '../services.ts'

export interface Mail {
  /** The same each time it is sent: whoever gets it twice sees it once. */
  readonly id: string
  readonly workspace: string
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html: string
}

/** Whether e-mails go anywhere: by a mail server, or, while developing, into a list to be looked at. */
export function wantsMail(config: Pick<Config, 'smtpUrl' | 'production'>): boolean {
  return config.smtpUrl !== null || !config.production
}

const transports = new WeakMap<Services, Transporter>()

/** Sends an e-mail; throws when the mail server did not take it, so that it is tried again. */
export async function sendMail(services: Services, mail: Mail): Promise<void> {
  const { config } = services
  const { id, to, subject, text, html } = mail
  if (config.smtpUrl === null) {
    if (keepsMail(config)) await keepMail(services, mail)
    return
  }
  let transport = transports.get(services)
  if (!transport) {
    transport = createTransport({
      url: config.smtpUrl,
      connectionTimeout: 10_000,
      greetingTimeout: 10_000,
      socketTimeout: 20_000,
    })
    transports.set(services, transport)
  }
  await transport.sendMail({
    from: config.mailFrom,
    to,
    subject,
    text,
    html,
    messageId: messageIdOf(config, id),
    // Nobody answers a machine; out-of-office notes would come back.
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
  })
}

/** The same each time an e-mail is sent. */
export function messageIdOf(config: Pick<Config, 'baseUrl'>, id: string): string {
  return `<${id}@${new URL(config.baseUrl).hostname}>`
}

/** Most e-mails that are kept. */
const most = 500

async function keepMail(services: Services, mail: Mail): Promise<void> {
  await services.owner.query(
    `INSERT INTO channelwright.kept_mail (id, workspace, recipient, subject, body, html, at)
     VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO NOTHING`,
    [mail.id, mail.workspace, mail.to, mail.subject, mail.text, mail.html, services.clock.now()],
  )
  await services.owner.query(
    `DELETE FROM channelwright.kept_mail WHERE id IN
       (SELECT id FROM channelwright.kept_mail ORDER BY at DESC, id DESC OFFSET $1)`,
    [most],
  )
}

/** Whether e-mails are kept to be looked at: only while developing, and where there is no mail server. */
export function keepsMail(config: Pick<Config, 'smtpUrl' | 'production'>): boolean {
  return config.smtpUrl === null && !config.production
}

export interface KeptMail {
  readonly id: string
  readonly recipient: string
  readonly subject: string
  readonly body: string
  readonly html: string
  readonly at: string
}

/** What was sent where there is no mail server, newest first, the latest hundred. Empty where none is kept. */
export async function listKeptMail(
  services: Services,
  workspace: string,
  search = '',
): Promise<readonly KeptMail[]> {
  if (!keepsMail(services.config)) return []
  const { rows } = await services.owner.query<KeptMail>(
    `SELECT id, recipient, subject, body, html, at FROM channelwright.kept_mail
     WHERE workspace = $1 AND ($2 = '%%' OR concat_ws(' ', recipient, subject, body) ILIKE $2)
     ORDER BY at DESC, id DESC LIMIT 100`,
    [workspace, `%${search.trim().replace(/[\\%_]/g, '\\$&')}%`],
  )
  return rows
}

/** Throws away what was kept for this workspace; how many it were. Nothing where none is kept. */
export async function clearKeptMail(services: Services, workspace: string): Promise<number> {
  if (!keepsMail(services.config)) return 0
  const { rowCount } = await services.owner.query(
    `DELETE FROM channelwright.kept_mail WHERE workspace = $1`,
    [workspace],
  )
  return rowCount ?? 0
}
