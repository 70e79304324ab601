import { constants } from 'node:fs'
import { lstat, open, readdir } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { definitionsLimit, releaseLimit } from '@channelwright/runtime/definition/build-release.ts'
import type { DefinitionSource } from '@channelwright/runtime/definition/definition-set.ts'
import type { Diagnostic } from '@channelwright/runtime/definition/diagnostic.ts'
import { definitionKinds } from '@channelwright/runtime/definition/index.ts'
import { definitionLimit } from '@channelwright/runtime/definition/read-json.ts'
import { diagnose } from '@channelwright/runtime/errors/diagnose.ts'
import * as errors from '@channelwright/runtime/errors/files.ts'

/** What folders of packs hold. Nothing of it has been understood yet. */
export interface ReadPacks {
  readonly sources: readonly DefinitionSource[]
  /** Files under `cases/`, which travel with the definitions. */
  readonly cases: readonly DefinitionSource[]
  /** Files that could not be taken in, or that belong to nothing. */
  readonly diagnostics: readonly Diagnostic[]
}

const kindFolders = definitionKinds.flatMap((kind) => (kind.folder === null ? [] : [kind.folder]))
const caseFolder = 'cases'
/** Folders and files of a pack that hold no definitions and are nobody's mistake. */
const otherFolders = new Set(['demo', 'locales', 'docs', 'images'])
const fileName = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}\.json$/

/**
 * Reads packs from disk: each folder is a pack (it has a `pack.json`) or holds packs side by side. The folders may
 * come from strangers: links are not followed, sizes are known before a byte is read, at most `definitionsLimit` files
 * and `releaseLimit` bytes are taken. Never throws for what it finds there.
 */
export async function readPacks(folders: readonly string[]): Promise<ReadPacks> {
  const reading = new Reading()
  for (const folder of folders) {
    const roots = await findPacks(resolve(folder))
    if (roots.length === 0) reading.refuse(diagnose(errors.packNotFound, '', { name: folder }), folder)
    for (const root of roots) await reading.readPack(root)
  }
  return reading
}

/** The packs that these need and that lie beside them on disk; for checking one pack of many. */
export async function findNeighbours(folders: readonly string[], keys: Iterable<string>): Promise<string[]> {
  const own = (await Promise.all(folders.map((folder) => findPacks(resolve(folder))))).flat()
  const wanted = new Set(keys)
  const found = new Set<string>()
  for (const parent of new Set(own.map((root) => dirname(root)))) {
    for (const key of wanted) {
      const root = join(parent, key)
      if (/^[a-z][a-z0-9_]*$/.test(key) && !own.includes(root) && (await isPack(root))) found.add(root)
    }
  }
  return [...found]
}

async function findPacks(root: string): Promise<string[]> {
  if (await isPack(root)) return [root]
  const entries = await readdir(root, { withFileTypes: true }).catch(() => [])
  const inside = entries.filter((entry) => entry.isDirectory()).map((entry) => join(root, entry.name))
  const packs: string[] = []
  for (const folder of inside.sort()) if (await isPack(folder)) packs.push(folder)
  return packs
}

async function isPack(root: string): Promise<boolean> {
  return lstat(join(root, 'pack.json')).then(
    () => true,
    () => false,
  )
}

class Reading implements ReadPacks {
  readonly sources: DefinitionSource[] = []
  readonly cases: DefinitionSource[] = []
  readonly diagnostics: Diagnostic[] = []
  private bytes = 0
  private files = 0
  private full = false

  refuse(diagnostic: Diagnostic, file: string): void {
    this.diagnostics.push({ ...diagnostic, file })
  }

  async readPack(root: string): Promise<void> {
    const pack = basename(root)
    await this.readFile(pack, root, 'pack.json', this.sources)
    const entries = (await readdir(root, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1))
    for (const entry of entries) {
      const isKept = kindFolders.includes(entry.name) || entry.name === caseFolder
      if (isKept && entry.isDirectory()) await this.readFolder(pack, root, entry.name)
      else if (isKept)
        this.refuse(diagnose(errors.packUnsafeFile, '', { name: entry.name }), `${pack}/${entry.name}`)
      else if (
        entry.name.endsWith('.json')
          ? entry.name !== 'pack.json'
          : entry.isDirectory() && !otherFolders.has(entry.name)
      ) {
        this.leaveOut(pack, entry.name)
      }
    }
  }

  private async readFolder(pack: string, root: string, folder: string): Promise<void> {
    const entries = await readdir(join(root, folder), { withFileTypes: true })
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = `${folder}/${entry.name}`
      if (!entry.isFile() && !entry.isDirectory())
        this.refuse(diagnose(errors.packUnsafeFile, '', { name: path }), `${pack}/${path}`)
      else if (!entry.isFile() || !fileName.test(entry.name)) this.leaveOut(pack, path)
      else await this.readFile(pack, root, path, folder === caseFolder ? this.cases : this.sources)
    }
  }

  private leaveOut(pack: string, path: string): void {
    const folders = [...kindFolders.map((folder) => `${folder}/`), 'pack.json'].join(', ')
    this.refuse(
      diagnose(errors.packUnknownFile, '', { name: path, folders }, { severity: 'warning' }),
      `${pack}/${path}`,
    )
  }

  private async readFile(pack: string, root: string, path: string, into: DefinitionSource[]): Promise<void> {
    if (this.full) return
    const file = `${pack}/${path}`
    this.files += 1
    if (this.files > definitionsLimit) {
      this.full = true
      this.refuse(diagnose(errors.packTooManyFiles, '', { limit: definitionsLimit }), file)
      return
    }
    const address = join(root, path)
    // The look and the reading are one open file: what is checked is what is read.
    if (!(await lstat(address)).isFile()) {
      this.refuse(diagnose(errors.packUnsafeFile, '', { name: path }), file)
      return
    }
    const handle = await open(address, constants.O_RDONLY | constants.O_NOFOLLOW)
    try {
      const found = await handle.stat()
      if (!found.isFile()) return this.refuse(diagnose(errors.packUnsafeFile, '', { name: path }), file)
      if (found.size > definitionLimit) {
        return this.refuse(
          diagnose(errors.fileTooLarge, '', { name: path, size: found.size, limit: definitionLimit }),
          file,
        )
      }
      this.bytes += found.size
      if (this.bytes > releaseLimit) {
        this.full = true
        return this.refuse(diagnose(errors.packTooLarge, '', { limit: releaseLimit }), file)
      }
      const text = decode(await handle.readFile())
      if (text === null) this.refuse({ ...diagnose(errors.jsonBadText, ''), line: 1, column: 1 }, file)
      else into.push({ pack, path, text })
    } finally {
      await handle.close()
    }
  }
}

function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}
