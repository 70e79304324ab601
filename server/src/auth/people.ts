import type { Locale } from '@channelwright/runtime/text.ts'
import type { Request } from 'express'
import pg from 'pg'
import { ensureRoleSet } from '../access/ensure-roles.ts'
import { engineRoleOf } from '../access/pg-role.ts'
import type { Actor, ServedRelease, Services } from '../services.ts'
import type { Identity } from './identity.ts'

/** A signed-in person, whatever the workspace. */
export interface Person {
  readonly user: string
  readonly name: string
  readonly email: string
  readonly locale: Locale
}

export interface Member {
  readonly actor: Actor
  readonly served: ServedRelease
}

/** `stranger`: not signed in. `outsider`: no such workspace or no member of it. `empty`: nothing published there. */
export type Entry = Member | 'stranger' | 'outsider' | 'empty'

/** Who makes a request. Answers are remembered for seconds and forgotten as soon as anybody changes what they rest on. */
export interface People {
  readonly identity: Identity
  person(request: Request): Promise<Person | null>
  member(request: Request, workspace: string): Promise<Entry>
  /** Forgets everything; called when a notice says that people, organisations or a release changed. */
  forget(): void
  close(): Promise<void>
}

interface Row extends Person {
  readonly workspace: string | null
  readonly roles: string[] | null
  readonly partner: string | null
}

/** How long an answer is remembered when no notice comes, in ms. */
const memory = 10_000
const maxRemembered = 20_000

export function createPeople(services: Services, identity: Identity): People {
  const remembered = new Map<string, { until: number; value: Promise<Entry | Person | null> }>()
  const forget = () => remembered.clear()
  const stops = [services.notices.on('cw_identity', forget), services.notices.on('cw_release', forget)]

  /** Concurrent requests of one session share one query; what was asked before a `forget` is not kept after it. */
  const remember = <T extends Entry | Person | null>(key: string, ask: () => Promise<T>): Promise<T> => {
    const known = remembered.get(key)
    if (known && known.until > Date.now()) return known.value as Promise<T>
    if (remembered.size >= maxRemembered) remembered.clear()
    const value = ask()
    remembered.set(key, { until: Date.now() + memory, value })
    value.catch(() => {
      if (remembered.get(key)?.value === value) remembered.delete(key)
    })
    return value
  }

  return {
    identity,
    async person(request) {
      const cookie = identity.cookieOf(request)
      if (!cookie) return null
      return remember(cookie, async () => {
        const token = await identity.tokenOf(cookie)
        return token ? findPerson(services, token) : null
      })
    },
    async member(request, workspace) {
      const cookie = identity.cookieOf(request)
      if (!cookie) return 'stranger'
      return remember<Entry>(`${workspace} ${cookie}`, async () => {
        const token = await identity.tokenOf(cookie)
        return token ? findMember(services, token, workspace) : 'stranger'
      })
    },
    forget,
    async close() {
      for (const stop of stops) stop()
      forget()
      await identity.close()
    },
  }
}

async function findPerson({ owner }: Services, token: string): Promise<Person | null> {
  const { rows } = await owner.query<Person>(
    `SELECT u.id AS user, u.name, u.email, u.locale
       FROM channelwright.session s JOIN channelwright."user" u ON u.id = s.user_id
      WHERE s.token = $1 AND s.expires_at > now()`,
    [token],
  )
  return rows[0] ?? null
}

async function findMember(services: Services, token: string, workspace: string): Promise<Entry> {
  const { rows } = await services.owner.query<Row>(
    `SELECT u.id AS user, u.name, u.email, u.locale, m.workspace, m.roles, m.partner
       FROM channelwright.session s
       JOIN channelwright."user" u ON u.id = s.user_id
       LEFT JOIN (channelwright.membership m JOIN channelwright.workspace w ON w.id = m.workspace AND w.key = $2)
         ON m.user_id = u.id AND m.status = 'active'
      WHERE s.token = $1 AND s.expires_at > now()`,
    [token, workspace],
  )
  const row = rows[0]
  if (!row) return 'stranger'
  if (!row.workspace) return 'outsider'
  const served = await services.releases.current(workspace)
  if (!served) return 'empty'
  return { served, actor: await createActor(services, served, row, row.roles ?? [], row.partner) }
}

/**
 * The actor of a member: roles the release does not know are left out (their grants are gone), the Postgres role of
 * the set is made when nobody held this set before. Also used where no session is at hand: jobs, pack cases, demo data.
 */
export async function createActor(
  services: Services,
  served: ServedRelease,
  person: Person,
  memberRoles: readonly string[],
  partner: string | null,
): Promise<Actor> {
  const { workspace, release } = served
  const roles = memberRoles.filter((role) => release.roles.has(role)).sort()
  return {
    user: person.user,
    name: person.name,
    email: person.email,
    locale: person.locale,
    roles,
    partner,
    partners: partner ? await findOrganisations(services, served, partner) : [],
    pgRole: await ensureRoleSet(services, workspace.key, roles),
  }
}

/** An organisation and all below it. One round trip, as the engine role: a member need not see every level. */
export async function findOrganisations(
  services: Services,
  served: ServedRelease,
  partner: string,
): Promise<readonly string[]> {
  const { party } = served.release
  const table = party ? served.tables.get(party) : undefined
  const parentField = party ? served.release.objects.get(party)?.party?.parent : undefined
  const parent = parentField ? table?.columns.get(parentField) : undefined
  if (!table || !parent) return [partner]
  const [name, column] = [pg.escapeIdentifier(table.table), pg.escapeIdentifier(parent)]
  const schema = pg.escapeIdentifier(served.workspace.schema)
  const results = (await services.login.query(
    `BEGIN READ ONLY;
     SET LOCAL ROLE ${pg.escapeIdentifier(engineRoleOf(services.installation, served.workspace.key))};
     WITH RECURSIVE below AS (
       SELECT ${pg.escapeLiteral(partner)}::uuid AS id
       UNION
       SELECT child.id FROM ${schema}.${name} child JOIN below ON child.${column} = below.id
     ) SELECT id FROM below;
     COMMIT`,
  )) as unknown as pg.QueryResult<{ id: string }>[]
  return results[2]!.rows.map((row) => row.id)
}
