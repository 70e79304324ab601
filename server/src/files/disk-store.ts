import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, open, opendir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { FileContentGone, type FileKey, type FileStore } from './store.ts'

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/**
 * Files in a folder: one folder for each workspace, in it one for the last two digits of the id, which are random. Names
 * on the disk are ids alone, so nothing that a person calls a file reaches the disk.
 */
export function createDiskStore(folder: string): FileStore {
  const placeOf = ({ workspace, id }: FileKey) => {
    if (!uuid.test(workspace) || !uuid.test(id)) throw new Error('a file is kept under two ids')
    return join(folder, workspace, id.slice(-2), id)
  }
  return {
    async write(key, source) {
      const place = placeOf(key)
      const half = `${place}.part`
      await mkdir(dirname(place), { recursive: true, mode: 0o700 })
      try {
        await pipeline(source, createWriteStream(half, { mode: 0o600, flush: true }))
        await rename(half, place)
        await settle(dirname(place))
      } catch (error) {
        await rm(half, { force: true })
        throw error
      }
    },
    async read(key, range) {
      const place = placeOf(key)
      const file = await open(place, 'r').catch((error: NodeJS.ErrnoException) => {
        throw error.code === 'ENOENT' ? new FileContentGone('a file is not in the store') : error
      })
      // Opened first: what is removed meanwhile is still read to its end.
      return createReadStream('', { fd: file, ...(range ? { start: range.from, end: range.to } : {}) })
    },
    remove: (key) => rm(placeOf(key), { force: true }),
    async *list(workspace) {
      if (!uuid.test(workspace)) return
      for await (const drawer of entriesOf(join(folder, workspace)))
        for await (const name of entriesOf(join(folder, workspace, drawer))) {
          const id = name.replace(/\.part$/, '')
          const found = await stat(join(folder, workspace, drawer, name)).catch(() => null)
          if (found && uuid.test(id)) yield { id, at: found.mtimeMs }
        }
    },
    async removeAll(workspace) {
      if (uuid.test(workspace)) await rm(join(folder, workspace), { recursive: true, force: true })
    },
  }
}

/** That a name stands in a folder is on the disk only once the folder is. */
async function settle(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => null)
  // Windows knows no such thing.
  await handle?.sync().catch(() => undefined)
  await handle?.close()
}

async function* entriesOf(folder: string): AsyncGenerator<string> {
  const dir = await opendir(folder).catch(() => null)
  if (dir) for await (const entry of dir) yield entry.name
}
