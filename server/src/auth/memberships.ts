import type { Services } from '../services.ts'

export interface Membership {
  readonly workspace: {
    readonly key: string
    readonly title: { en: string; zh: string }
    readonly timeZone: string
    readonly demo: boolean
  }
  readonly roles: readonly string[]
  readonly partner: string | null
}

/** The workspaces where this person is an active member, by key. */
export async function listMemberships(
  { owner }: Pick<Services, 'owner'>,
  user: string,
): Promise<Membership[]> {
  const { rows } = await owner.query<{
    key: string
    title_en: string
    title_zh: string
    time_zone: string
    demo: boolean
    roles: string[]
    partner: string | null
  }>(
    `SELECT w.key, w.title_en, w.title_zh, w.time_zone, w.demo, m.roles, m.partner
       FROM channelwright.membership m JOIN channelwright.workspace w ON w.id = m.workspace
      WHERE m.user_id = $1 AND m.status = 'active' AND NOT w.scratch
      ORDER BY w.key`,
    [user],
  )
  return rows.map((row) => ({
    workspace: {
      key: row.key,
      title: { en: row.title_en, zh: row.title_zh },
      timeZone: row.time_zone,
      demo: row.demo,
    },
    roles: row.roles,
    partner: row.partner,
  }))
}
