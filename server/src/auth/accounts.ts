import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { passwordWeak } from '@channelwright/runtime/errors/identity.ts'
import type { Locale } from '@channelwright/runtime/text.ts'
import { hashPassword } from 'better-auth/crypto'
import type { PoolClient } from 'pg'
import type { Services } from '../services.ts'

export interface NewAccount {
  /** Lower case. */
  readonly email: string
  readonly name: string
  readonly locale: Locale
  /** As `hashPassword` of `preparePassword` gave it. */
  readonly passwordHash: string
}

/** Refuses with PASSWORD_WEAK; else the hash to keep, which takes about 50 ms on purpose. */
export async function preparePassword(password: string): Promise<string> {
  checkPassword(password)
  return hashPassword(password)
}

/** Refuses with PASSWORD_WEAK. Length alone: rules about kinds of characters make people choose worse ones. */
export function checkPassword(password: string): void {
  const { length } = [...password]
  if (length < 10 || length > 128) throw new Refusal(passwordWeak)
}

/**
 * Makes people with a password, many in one statement; returns their ids by e-mail. Those who have an account already
 * keep it, password included.
 */
export async function createAccounts(
  services: Pick<Services, 'ids'>,
  db: Pick<PoolClient, 'query'>,
  accounts: readonly NewAccount[],
): Promise<ReadonlyMap<string, string>> {
  const emails = accounts.map((a) => a.email)
  const made = await db.query<{ id: string; email: string }>(
    `INSERT INTO channelwright."user" (id, email, name, locale)
     SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[])
     ON CONFLICT (email) DO NOTHING RETURNING id, email`,
    [
      accounts.map(() => services.ids.next()),
      emails,
      accounts.map((a) => a.name),
      accounts.map((a) => a.locale),
    ],
  )
  const hashes = new Map(accounts.map((a) => [a.email, a.passwordHash]))
  await db.query(
    `INSERT INTO channelwright.account (id, user_id, account_id, provider_id, password)
     SELECT id, user_id, user_id::text, 'credential', password
       FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS new (id, user_id, password)`,
    [
      made.rows.map(() => services.ids.next()),
      made.rows.map((r) => r.id),
      made.rows.map((r) => hashes.get(r.email)),
    ],
  )
  const { rows } = await db.query<{ id: string; email: string }>(
    'SELECT id, email FROM channelwright."user" WHERE email = ANY ($1)',
    [emails],
  )
  return new Map(rows.map((row) => [row.email, row.id]))
}

export interface NewMembership {
  readonly user: string
  readonly roles: readonly string[]
  readonly partner: string | null
}

/** Makes people members of a workspace, or gives those who are the new roles and partner. */
export async function putMemberships(
  services: Pick<Services, 'ids'>,
  db: Pick<PoolClient, 'query'>,
  workspace: string,
  memberships: readonly NewMembership[],
): Promise<void> {
  await db.query(
    `INSERT INTO channelwright.membership (id, workspace, user_id, roles, partner)
     SELECT (m->>'id')::uuid, $1, (m->>'user')::uuid,
            ARRAY(SELECT jsonb_array_elements_text(m->'roles')), (m->>'partner')::uuid
       FROM jsonb_array_elements($2::jsonb) AS m
     ON CONFLICT (workspace, user_id) DO UPDATE
       SET roles = excluded.roles, partner = excluded.partner, status = 'active', updated_at = now()`,
    [workspace, JSON.stringify(memberships.map((m) => ({ id: services.ids.next(), ...m })))],
  )
}
