import { createHmac, timingSafeEqual } from 'node:crypto'
import { uuidOf } from '../ports/ids.ts'
import type { Services } from '../services.ts'

// A link of an e-mail by which a task is decided without signing in. It says which answer of which person to which
// state of the task over which version of its record; once either has changed it is worth nothing. Whoever opens it sees
// what would happen; only what is sent from that page decides, for scanners of mail servers open every link.

export interface MailLink {
  readonly workspace: string
  readonly task: string
  readonly rev: number
  readonly user: string
  readonly decision: string
  /** Version of the record that the e-mail was written about; null: it was gone. */
  readonly seen: number | null
  /** Second since 1970 after which it is worth nothing, whatever the task's state. */
  readonly until: number
}

/** How long a link is worth anything, in seconds. */
const lifetime = 14 * 24 * 3600

export function writeMailLink(services: Services, link: Omit<MailLink, 'until'>): string {
  const until = Math.floor(Date.parse(services.clock.now()) / 1000) + lifetime
  const { workspace, task, rev, user, decision, seen } = link
  const said = [workspace, task, rev, user, decision, until, seen]
  const body = Buffer.from(JSON.stringify(said)).toString('base64url')
  return `${body}.${sign(services, body)}`
}

/** Null: forged. Whether it is too old is for the caller to say (`isExpired`). */
export function readMailLink(services: Services, token: string): MailLink | null {
  const [body = '', signature = ''] = token.split('.')
  const [given, right] = [Buffer.from(signature), Buffer.from(sign(services, body))]
  if (given.length !== right.length || !timingSafeEqual(given, right)) return null
  const read: unknown = JSON.parse(Buffer.from(body, 'base64url').toString())
  // One that does not say what was seen is of an older program.
  if (!Array.isArray(read) || read.length !== 7) return null
  const [workspace, task, rev, user, decision, until, seen] = read as [
    string,
    string,
    number,
    string,
    string,
    number,
    number | null,
  ]
  return { workspace, task, rev, user, decision, until, seen }
}

export function isExpired(services: Services, { until }: MailLink): boolean {
  return until * 1000 < Date.parse(services.clock.now())
}

/** The id of the command that a link gives: sent twice, done once. */
export function commandOfLink(token: string): string {
  return uuidOf(`mail link ${token}`)
}

/** A key of its own, so that no other signature of the program can stand in for one of these. */
function sign(services: Services, body: string): string {
  const key = createHmac('sha256', services.config.secret).update('links of e-mails').digest()
  return createHmac('sha256', key).update(body).digest('base64url')
}
