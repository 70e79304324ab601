import { buildRelease } from '@channelwright/runtime/definition/build-release.ts'
import type { Release } from '@channelwright/runtime/definition/release.ts'
import type { Services, Workspace } from '../services.ts'
import { isDefinitionPath, readReleaseRow, readSources } from './definition-store.ts'

/** An earlier release, read from its texts; null where there is none, or it can't be read any more. */
export async function readReleaseAt(
  { owner }: Pick<Services, 'owner'>,
  workspace: Workspace,
  number: number,
): Promise<Release | null> {
  const row = await readReleaseRow(owner, workspace.id, number)
  if (!row) return null
  const wanted = row.manifest.filter((entry) => isDefinitionPath(entry.path))
  return buildRelease(await readSources(owner, wanted)).release
}
