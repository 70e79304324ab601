import type { ReleaseList } from '@channelwright/runtime/api/definitions.ts'
import type { Services, Workspace } from '../services.ts'

/** Releases of a workspace, newest first, without their texts. */
export async function listReleases(
  services: Pick<Services, 'owner'>,
  workspace: Workspace,
): Promise<ReleaseList> {
  const { rows } = await services.owner.query<ReleaseList['releases'][number]>(
    `SELECT r.number, r.number = w.release AS current, r.note, r.created_at AS "publishedAt", u.name AS "publishedBy",
            jsonb_array_length(r.manifest) AS definitions
     FROM channelwright.release r JOIN channelwright.workspace w ON w.id = r.workspace
     LEFT JOIN channelwright."user" u ON u.id = r.author
     WHERE r.workspace = $1 ORDER BY r.number DESC LIMIT 500`,
    [workspace.id],
  )
  return { releases: rows }
}
