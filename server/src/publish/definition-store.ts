import { createHash } from 'node:crypto'
import type { DefinitionSource } from '@channelwright/runtime/definition/definition-set.ts'
import { definitionKinds } from '@channelwright/runtime/definition/index.ts'
import type { ClientBase, Pool } from 'pg'

/** One line of a release's manifest: where a definition stands and which bytes it has. */
export interface ManifestEntry {
  readonly pack: string
  readonly path: string
  readonly hash: string
}

/** SHA-256 of the text's UTF-8 bytes. */
export function hashText(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** By pack and path, compared by code unit, so that every machine gets the same manifest. */
export function manifestOf(sources: readonly DefinitionSource[]): ManifestEntry[] {
  return sources
    .map(({ pack, path, text }) => ({ pack, path, hash: hashText(text) }))
    .sort((a, b) => compare(a.pack, b.pack) || compare(a.path, b.path))
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

const folders = new Set(definitionKinds.map((kind) => kind.folder).filter((folder) => folder !== null))

/** A file name inside a kind's folder; nothing climbs, nothing is hidden. */
const fileName = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}\.json$/

/** Whether a path of a pack holds a definition, rather than a case that only travels with it. */
export function isDefinitionPath(path: string): boolean {
  if (path === 'pack.json') return true
  const [folder, name, ...rest] = path.split('/')
  return rest.length === 0 && folders.has(folder ?? '') && fileName.test(name ?? '')
}

export function isCasePath(path: string): boolean {
  const [folder, name, ...rest] = path.split('/')
  return rest.length === 0 && folder === 'cases' && fileName.test(name ?? '')
}

/** Everything a workspace keeps of a pack. */
export function isKeptPath(path: string): boolean {
  return isDefinitionPath(path) || isCasePath(path)
}

/** Keeps the bytes, each once. */
export async function saveTexts(db: Pool | ClientBase, texts: readonly string[]): Promise<void> {
  const unique = [...new Map(texts.map((text) => [hashText(text), text]))]
  await db.query(
    `INSERT INTO channelwright.definition (hash, text)
     SELECT * FROM unnest($1::text[], $2::text[]) ON CONFLICT (hash) DO NOTHING`,
    [unique.map(([hash]) => hash), unique.map(([, text]) => text)],
  )
}

/** The texts a manifest names, in its order. */
export async function readSources(
  db: Pool | ClientBase,
  manifest: readonly ManifestEntry[],
): Promise<DefinitionSource[]> {
  const { rows } = await db.query<{ hash: string; text: string }>(
    'SELECT hash, text FROM channelwright.definition WHERE hash = ANY ($1::text[])',
    [[...new Set(manifest.map((entry) => entry.hash))]],
  )
  const texts = new Map(rows.map((row) => [row.hash, row.text]))
  return manifest.map(({ pack, path, hash }) => {
    const text = texts.get(hash)
    if (text === undefined)
      throw new Error(`the bytes of ${pack}/${path} (${hash}) are gone from the catalogue`)
    return { pack, path, text }
  })
}

export interface ReleaseRow {
  readonly number: number
  readonly author: string | null
  readonly note: string
  readonly previous: number | null
  readonly restores: number | null
  readonly manifest: ManifestEntry[]
  readonly created_at: string
}

export async function readReleaseRow(
  db: Pool | ClientBase,
  workspaceId: string,
  number: number,
): Promise<ReleaseRow | undefined> {
  const { rows } = await db.query<ReleaseRow>(
    `SELECT number, author, note, previous, restores, manifest, created_at
     FROM channelwright.release WHERE workspace = $1 AND number = $2`,
    [workspaceId, number],
  )
  return rows[0]
}

/** The definitions in force, with their cases; none before the first publish. */
export async function readCurrentSources(
  db: Pool | ClientBase,
  workspaceId: string,
): Promise<{ release: number; sources: DefinitionSource[] }> {
  const { rows } = await db.query<{ number: number; manifest: ManifestEntry[] }>(
    `SELECT r.number, r.manifest FROM channelwright.workspace w
     JOIN channelwright.release r ON r.workspace = w.id AND r.number = w.release WHERE w.id = $1`,
    [workspaceId],
  )
  const row = rows[0]
  return row
    ? { release: row.number, sources: await readSources(db, row.manifest) }
    : { release: 0, sources: [] }
}
