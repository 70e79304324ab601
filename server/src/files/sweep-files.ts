import { quoteTable } from '../publish/quote.ts'
import type { Services } from '../services.ts'
import { unboundHours } from './file-rows.ts'

/**
 * Takes away what belongs to nothing a day after it was sent, what no record or case has held for as long as the operator
 * keeps it, and bytes that no row knows: their transaction came to nothing. Rows go first: bytes without a row are found
 * again the next time, a row without bytes would be a file that cannot be opened.
 */
export async function sweepFiles(services: Services, workspaceKey: string): Promise<void> {
  const workspace = await services.releases.workspace(workspaceKey)
  if (!workspace) return
  const { owner, files, clock, config } = services
  const table = (name: string) => quoteTable(workspace.schema, name)
  const now = Date.parse(clock.now())
  const before = (hours: number) => new Date(now - hours * 3_600_000).toISOString()
  const { rows } = await owner.query<{ id: string }>(
    `DELETE FROM ${table('cw_file')} f WHERE bound_at IS NULL AND at < $1
       OR bound_at IS NOT NULL AND NOT EXISTS (
         SELECT FROM ${table('cw_file_use')} u WHERE u.file = f.id AND (u.ended_at IS NULL OR u.ended_at >= $2))
     RETURNING id`,
    [before(unboundHours), before(config.keepFilesDays * 24)],
  )
  for (const { id } of rows) await files.remove({ workspace: workspace.id, id })
  await removeStrays(services, workspace.id, table('cw_file'))
}

/** The disk's own clock tells how old they are. */
async function removeStrays({ owner, files }: Services, workspace: string, table: string): Promise<void> {
  const old = Date.now() - unboundHours * 3_600_000
  const look = async (ids: readonly string[]) => {
    const { rows } = await owner.query<{ id: string }>(
      `SELECT id FROM ${table} WHERE id = ANY ($1::uuid[])`,
      [ids],
    )
    const known = new Set(rows.map((row) => row.id))
    for (const id of ids) if (!known.has(id)) await files.remove({ workspace, id })
  }
  let asked: string[] = []
  for await (const { id, at } of files.list(workspace)) {
    if (at < old) asked.push(id)
    if (asked.length < 1000) continue
    await look(asked)
    asked = []
  }
  if (asked.length > 0) await look(asked)
}
