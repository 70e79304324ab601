import type { ReleaseStore, Services } from '../services.ts'

/** To be replaced by the publish part: knows workspaces, serves no release yet. */
export function createReleaseStore({ owner }: Omit<Services, 'releases'>): ReleaseStore {
  return {
    async current() {
      return undefined
    },
    async at(workspace, number) {
      throw new Error(`no release ${number} of ${workspace}`)
    },
    async workspace(key) {
      const { rows } = await owner.query(
        `SELECT id, key, title_en, title_zh, schema_name, time_zone, demo FROM channelwright.workspace WHERE key = $1`,
        [key],
      )
      const row = rows[0]
      return row
        ? {
            id: row.id,
            key: row.key,
            title: { en: row.title_en, zh: row.title_zh },
            schema: row.schema_name,
            timeZone: row.time_zone,
            demo: row.demo,
          }
        : undefined
    },
  }
}
