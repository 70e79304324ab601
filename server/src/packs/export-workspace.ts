import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { DefinitionSource } from '@channelwright/runtime/definition/definition-set.ts'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { nothingPublished, releaseNotFound } from '@channelwright/runtime/errors/publishing.ts'
import { isKeptPath, readCurrentSources, readReleaseRow, readSources } from '../publish/definition-store.ts'
import { readWorkspace } from '../publish/workspace.ts'
import type { Services } from '../services.ts'

/** The definitions and cases of a release, byte for byte. Throws WORKSPACE_NOT_FOUND, RELEASE_NOT_FOUND, NOTHING_PUBLISHED. */
export async function exportWorkspace(
  services: Pick<Services, 'owner'>,
  workspaceKey: string,
  number?: number,
): Promise<{ release: number; sources: DefinitionSource[] }> {
  const workspace = await readWorkspace(services, workspaceKey)
  if (number === undefined) {
    const current = await readCurrentSources(services.owner, workspace.id)
    if (!current.release) throw new Refusal(nothingPublished)
    return current
  }
  const row = await readReleaseRow(services.owner, workspace.id, number)
  if (!row) throw new Refusal(releaseNotFound, { release: number })
  return { release: number, sources: await readSources(services.owner, row.manifest) }
}

/**
 * Writes packs side by side into a folder, one file per definition. With `prune`, files of these packs that the
 * release does not have are deleted; pages, demo data and other packs always stay. Returns how many files it wrote.
 */
export async function writePacks(
  folder: string,
  sources: readonly DefinitionSource[],
  options: { prune?: boolean } = {},
): Promise<number> {
  const root = resolve(folder)
  const wanted = new Set<string>()
  for (const { pack, path, text } of sources) {
    // Paths were checked when they came in; a folder is written to, so they are checked again.
    if (!/^[a-z][a-z0-9_]*$/.test(pack) || !isKeptPath(path))
      throw new Error(`"${pack}/${path}" is no place in a folder of packs`)
    const file = join(root, pack, path)
    wanted.add(file)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, text)
  }
  if (options.prune)
    for (const pack of new Set(sources.map((source) => source.pack)))
      for (const entry of await readdir(join(root, pack), { recursive: true, withFileTypes: true })) {
        const file = join(entry.parentPath, entry.name)
        const path = file.slice(join(root, pack).length + 1).replaceAll('\\', '/')
        if (entry.isFile() && isKeptPath(path) && !wanted.has(file)) await rm(file)
      }
  return wanted.size
}
