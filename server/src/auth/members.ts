import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { lastManager, memberUnknown } from '@channelwright/runtime/errors/identity.ts'
import type { PoolClient } from 'pg'
import { mayDo } from '../access/platform-rights.ts'
import { inTransaction } from '../db/transaction.ts'
import { enqueueJobWith } from '../jobs/enqueue.ts'
import { handOverTasksJob } from '../jobs/hand-over-tasks.ts'
import type { Actor, ServedRelease, Services } from '../services.ts'
import { checkRoles } from './check-roles.ts'

export interface MemberRow {
  readonly id: string
  readonly user: string
  readonly name: string
  readonly email: string
  readonly roles: string[]
  readonly partner: string | null
  readonly status: 'active' | 'inactive'
}

const columns = `m.id, m.user_id AS user, u.name, u.email, m.roles, m.partner, m.status`
const source = `channelwright.membership m JOIN channelwright."user" u ON u.id = m.user_id`

export interface MemberQuery {
  /** Part of a name or an e-mail address. */
  readonly search?: string | undefined
  readonly status?: 'active' | 'inactive' | undefined
  /** Name and id of the last member of the page before. */
  readonly after?: { readonly name: string; readonly id: string } | undefined
  readonly limit: number
}

/** Members by name. People of an organisation see those of their own and of those below it. */
export async function listMembers(
  { owner }: Pick<Services, 'owner'>,
  served: ServedRelease,
  actor: Actor,
  { search, status, after, limit }: MemberQuery,
): Promise<MemberRow[]> {
  const { rows } = await owner.query<MemberRow>(
    `SELECT ${columns} FROM ${source}
      WHERE m.workspace = $1
        AND ($2::uuid[] IS NULL OR m.partner = ANY ($2))
        AND ($3::text IS NULL OR u.name ILIKE $3 OR u.email ILIKE $3)
        AND ($4::text IS NULL OR m.status = $4)
        AND ($5::text IS NULL OR (u.name, m.id) > ($5, $6::uuid))
      ORDER BY u.name, m.id LIMIT $7`,
    [
      served.workspace.id,
      visiblePartners(actor),
      search ? `%${search.replace(/[\\%_]/g, '\\$&')}%` : null,
      status ?? null,
      after?.name ?? null,
      after?.id ?? null,
      limit,
    ],
  )
  return rows
}

export interface MemberChange {
  readonly roles?: readonly string[] | undefined
  readonly partner?: string | null | undefined
  readonly status?: 'active' | 'inactive' | undefined
}

/** Changes a member. Refuses to leave the workspace without anybody who may manage members. */
export async function changeMember(
  services: Services,
  served: ServedRelease,
  actor: Actor,
  id: string,
  change: MemberChange,
): Promise<MemberRow> {
  return inTransaction(services.owner, async (client) => {
    // One change of a workspace's members at a time: two managers must not remove each other.
    await client.query('SELECT FROM channelwright.workspace WHERE id = $1 FOR UPDATE', [served.workspace.id])
    const { rows } = await client.query<MemberRow>(
      `SELECT ${columns} FROM ${source}
        WHERE m.workspace = $1 AND m.id = $2 AND ($3::uuid[] IS NULL OR m.partner = ANY ($3))`,
      [served.workspace.id, id, visiblePartners(actor)],
    )
    const before = rows[0]
    if (!before) throw new Refusal(memberUnknown)
    const after = {
      ...before,
      roles: [...(change.roles ?? before.roles)],
      partner: change.partner === undefined ? before.partner : change.partner,
      status: change.status ?? before.status,
    }
    if (change.roles || change.partner !== undefined)
      await checkRoles(services, served, actor, after.roles, after.partner)
    await client.query(
      `UPDATE channelwright.membership SET roles = $2, partner = $3, status = $4, updated_at = now() WHERE id = $1`,
      [id, after.roles, after.partner, after.status],
    )
    await keepManager(client, served, before, after)
    if (before.status === 'active' && after.status === 'inactive')
      for (const wait of [0, lookAgain]) {
        const runAt = new Date(Date.parse(services.clock.now()) + wait).toISOString()
        const order = { runAt, key: `${after.user} ${runAt}` }
        const payload = { user: after.user }
        await enqueueJobWith(client, services, served.workspace.key, handOverTasksJob, payload, order)
      }
    return after
  })
}

/** What was just being given to somebody as they left is found by a second look: no transaction takes so long, in ms. */
const lookAgain = 2 * 60_000

async function keepManager(client: PoolClient, served: ServedRelease, before: MemberRow, after: MemberRow) {
  const manages = (row: Pick<MemberRow, 'roles' | 'status'>) =>
    row.status === 'active' && mayDo(served.release, row.roles, 'manage_members')
  if (!manages(before) || manages(after)) return
  const { rows } = await client.query<{ roles: string[]; status: 'active' }>(
    `SELECT roles, status FROM channelwright.membership WHERE workspace = $1 AND status = 'active' AND partner IS NULL`,
    [served.workspace.id],
  )
  if (!rows.some(manages)) throw new Refusal(lastManager)
}

/** Null: everybody's. */
export function visiblePartners(actor: Actor): readonly string[] | null {
  return actor.partner === null ? null : actor.partners
}
