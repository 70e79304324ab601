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
    if (!config.production) await keepMail(services, mail)
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
  const host = new URL(config.baseUrl).hostname
  await transport.sendMail({
    from: config.mailFrom,
    to,
    subject,
    text,
    html,
    messageId: `<${id}@${host}>`,
    // Nobody answers a machine; out-of-office notes would come back.
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
  })
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

export interface KeptMail {
  readonly id: string
  readonly recipient: string
  readonly subject: string
  readonly body: string
  readonly html: string
  readonly at: string
}

/** What was sent where there is no mail server, newest first. Empty in production. */
export async function listKeptMail(services: Services, workspace: string): Promise<readonly KeptMail[]> {
  if (services.config.production) return []
  const { rows } = await services.owner.query<KeptMail>(
    `SELECT id, recipient, subject, body, html, at FROM channelwright.kept_mail
     WHERE workspace = $1 ORDER BY at DESC, id DESC LIMIT 100`,
    [workspace],
  )
  return rows
}
