import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, join, relative, resolve, sep } from 'node:path'
import type { DefinitionSource } from '@channelwright/runtime/definition/definition-set.ts'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { packFolderInvalid } from '@channelwright/runtime/errors/publishing.ts'
import { isKeptPath } from '../publish/definition-store.ts'

/**
 * The definitions and cases of packs on disk: `folder` is a pack (it has a pack.json) or holds packs side by side.
 * Pages, demo data and anything else beside them is left alone. Throws PACK_FOLDER_INVALID.
 */
export async function readPackFolder(folder: string): Promise<DefinitionSource[]> {
  const root = resolve(folder)
  const packs = (await isFile(join(root, 'pack.json'))) ? [root] : await findPacks(root)
  if (!packs.length) throw new Refusal(packFolderInvalid, { folder })
  return (await Promise.all(packs.map(readPack))).flat()
}

async function findPacks(root: string): Promise<string[]> {
  const names = await readdir(root).catch(() => [] as string[])
  const found = await Promise.all(
    names
      .sort()
      .map(async (name) => ((await isFile(join(root, name, 'pack.json'))) ? [join(root, name)] : [])),
  )
  return found.flat()
}

async function readPack(root: string): Promise<DefinitionSource[]> {
  const files = (await readdir(root, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter(isKeptPath)
    .sort()
  return Promise.all(
    files.map(async (path) => ({
      pack: basename(root),
      path,
      text: await readFile(join(root, path), 'utf8'),
    })),
  )
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  )
}
