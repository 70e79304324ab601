import { createHash, randomBytes } from 'node:crypto'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { accountExists, invitationUnknown } from '@channelwright/runtime/errors/identity.ts'
import type { Locale } from '@channelwright/runtime/text.ts'
import { inTransaction } from '../db/transaction.ts'
import type { Actor, ServedRelease, Services, Workspace } from '../services.ts'
import { createAccounts, preparePassword, putMemberships } from './accounts.ts'
import { visiblePartners } from './members.ts'

/** How long a link can be used. */
const daysOpen = 7

export interface InvitationRow {
  readonly id: string
  readonly email: string
  readonly name: string | null
  readonly roles: string[]
  readonly partner: string | null
  readonly expires_at: string
  readonly status: 'open' | 'accepted' | 'expired' | 'revoked'
}

export interface NewInvitation {
  readonly email: string
  readonly name: string | null
  readonly roles: readonly string[]
  readonly partner: string | null
  readonly locale: Locale
}

/**
 * Makes an invitation; the token is returned this once, the catalogue keeps its hash. No actor: the operator invites.
 */
export async function createInvitation(
  services: Services,
  served: ServedRelease,
  actor: Pick<Actor, 'user'> | null,
  { email, name, roles, partner, locale }: NewInvitation,
): Promise<{ invitation: InvitationRow; token: string }> {
  const id = services.ids.next()
  const token = randomBytes(24).toString('base64url')
  const now = services.clock.now()
  const expires = new Date(Date.parse(now) + daysOpen * 24 * 3600_000).toISOString()
  await services.owner.query(
    `INSERT INTO channelwright.invitation
       (id, workspace, email, name, roles, partner, locale, token_hash, expires_at, created_by, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      id,
      served.workspace.id,
      email,
      name,
      roles,
      partner,
      locale,
      hashToken(token),
      expires,
      actor?.user ?? null,
      now,
    ],
  )
  return {
    invitation: { id, email, name, roles: [...roles], partner, expires_at: expires, status: 'open' },
    token,
  }
}

const columns = `id, email, name, roles, partner, expires_at,
  CASE WHEN accepted_at IS NOT NULL THEN 'accepted' WHEN revoked_at IS NOT NULL THEN 'revoked'
       WHEN expires_at <= $2 THEN 'expired' ELSE 'open' END AS status`

/** The newest hundred of the workspace, or of the actor's own organisations. */
export async function listInvitations(
  services: Services,
  served: ServedRelease,
  actor: Actor,
): Promise<InvitationRow[]> {
  const { rows } = await services.owner.query<InvitationRow>(
    `SELECT ${columns} FROM channelwright.invitation
      WHERE workspace = $1 AND ($3::uuid[] IS NULL OR partner = ANY ($3))
      ORDER BY created_at DESC, id DESC LIMIT 100`,
    [served.workspace.id, services.clock.now(), visiblePartners(actor)],
  )
  return rows
}

/** Refuses with INVITATION_UNKNOWN when there is none that is still open. */
export async function revokeInvitation(
  services: Services,
  served: ServedRelease,
  actor: Actor,
  id: string,
): Promise<void> {
  const { rowCount } = await services.owner.query(
    `UPDATE channelwright.invitation SET revoked_at = $3
      WHERE workspace = $1 AND id = $2 AND accepted_at IS NULL AND revoked_at IS NULL
        AND ($4::uuid[] IS NULL OR partner = ANY ($4))`,
    [served.workspace.id, id, services.clock.now(), visiblePartners(actor)],
  )
  if (!rowCount) throw new Refusal(invitationUnknown)
}

export interface OpenInvitation extends NewInvitation {
  readonly id: string
  readonly workspace: Pick<Workspace, 'id' | 'key' | 'title'>
  readonly expires_at: string
  /** The address has an account already. */
  readonly account: boolean
}

/** The open invitation of a link. Refuses alike whether it never was, was used, was revoked or has expired. */
export async function findInvitation(services: Services, token: string): Promise<OpenInvitation> {
  const { rows } = await services.owner.query(
    `SELECT i.id, i.email, i.name, i.roles, i.partner, i.locale, i.expires_at, u.id IS NOT NULL AS account,
            w.id AS workspace_id, w.key, w.title_en, w.title_zh
       FROM channelwright.invitation i
       JOIN channelwright.workspace w ON w.id = i.workspace
       LEFT JOIN channelwright."user" u ON u.email = i.email
      WHERE i.token_hash = $1 AND i.accepted_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > $2`,
    [hashToken(token), services.clock.now()],
  )
  const row = rows[0]
  if (!row) throw new Refusal(invitationUnknown)
  const { workspace_id, key, title_en, title_zh, ...invitation } = row
  return { ...invitation, workspace: { id: workspace_id, key, title: { en: title_en, zh: title_zh } } }
}

/**
 * Makes the account and the membership. Who has an account has proved it before (`proved`: its user id); the link
 * alone must not open somebody's account. Used once: of two at the same moment one is refused.
 */
export async function acceptInvitation(
  services: Services,
  invitation: OpenInvitation,
  account: { readonly proved: string } | { readonly name: string; readonly password: string },
): Promise<void> {
  const passwordHash = 'password' in account ? await preparePassword(account.password) : ''
  await inTransaction(services.owner, async (client) => {
    let user: string | undefined
    if ('proved' in account) user = account.proved
    else {
      const taken = await client.query('SELECT FROM channelwright."user" WHERE email = $1', [
        invitation.email,
      ])
      if (taken.rowCount) throw new Refusal(accountExists)
      const { email, locale } = invitation
      const made = await createAccounts(services, client, [
        { email, name: account.name, locale, passwordHash },
      ])
      user = made.get(email)
    }
    const used = await client.query(
      `UPDATE channelwright.invitation SET accepted_at = $2, accepted_by = $3
        WHERE id = $1 AND accepted_at IS NULL AND revoked_at IS NULL AND expires_at > $2`,
      [invitation.id, services.clock.now(), user],
    )
    if (!used.rowCount) throw new Refusal(invitationUnknown)
    const { roles, partner } = invitation
    await putMemberships(services, client, invitation.workspace.id, [{ user: user!, roles, partner }])
  })
}

function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
