import type {
  DefinitionList,
  DefinitionText,
  DraftText,
  KindEntry,
  SaveDraft,
} from '@channelwright/runtime/api/definitions.ts'
import type { DefinitionSource } from '@channelwright/runtime/definition/definition-set.ts'
import { describeSource } from '@channelwright/runtime/definition/describe-source.ts'
import { definitionKinds } from '@channelwright/runtime/definition/index.ts'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import {
  definitionNotFound,
  draftChanged,
  draftNotFound,
  draftPathInvalid,
  draftTextInvalid,
} from '@channelwright/runtime/errors/publishing.ts'
import type { ClientBase, Pool } from 'pg'
import type { Services, Workspace } from '../services.ts'
import { hashText, isKeptPath, readCurrentSources } from './definition-store.ts'

/** Most bytes of one definition: what checking takes. */
const mostBytes = 1024 * 1024

export interface DraftRow {
  readonly pack: string
  readonly path: string
  readonly text: string | null
  readonly base_hash: string | null
  readonly rev: number
  readonly author: string | null
  readonly updated_at: string
}

export async function readDrafts(db: Pool | ClientBase, workspaceId: string): Promise<DraftRow[]> {
  const { rows } = await db.query<DraftRow>(
    `SELECT pack, path, text, base_hash, rev, author, updated_at FROM channelwright.draft
     WHERE workspace = $1 ORDER BY pack, path`,
    [workspaceId],
  )
  return rows
}

/** The released definitions with the drafts laid over them. */
export function layOver(
  sources: readonly DefinitionSource[],
  drafts: readonly Pick<DraftRow, 'pack' | 'path' | 'text'>[],
): DefinitionSource[] {
  const result = new Map(sources.map((source) => [`${source.pack}/${source.path}`, source]))
  for (const { pack, path, text } of drafts) {
    if (text === null) result.delete(`${pack}/${path}`)
    else result.set(`${pack}/${path}`, { pack, path, text })
  }
  return [...result.values()]
}

/** Drafts whose definition has another text in the release than the one they started from. */
export function outdatedDrafts(
  sources: readonly DefinitionSource[],
  drafts: readonly DraftRow[],
): DraftRow[] {
  const released = new Map(sources.map((source) => [`${source.pack}/${source.path}`, hashText(source.text)]))
  return drafts.filter((draft) => (released.get(`${draft.pack}/${draft.path}`) ?? null) !== draft.base_hash)
}

const kinds: readonly KindEntry[] = definitionKinds.map(({ name, title, folder, begin }) => ({
  name,
  title,
  folder,
  creatable: begin !== null,
}))

export async function listDefinitions(
  services: Pick<Services, 'owner'>,
  workspace: Workspace,
): Promise<DefinitionList> {
  const current = await readCurrentSources(services.owner, workspace.id)
  const drafts = new Map(
    (await readDrafts(services.owner, workspace.id)).map((draft) => [`${draft.pack}/${draft.path}`, draft]),
  )
  const released = new Map(current.sources.map((source) => [`${source.pack}/${source.path}`, source]))
  const places = [...new Set([...released.keys(), ...drafts.keys()])].sort()
  return {
    release: current.release,
    kinds,
    definitions: places.map((place) => {
      const source = released.get(place)
      const draft = drafts.get(place)
      const shown =
        draft && draft.text !== null ? { pack: draft.pack, path: draft.path, text: draft.text } : source
      const { pack, path } = (draft ?? source)!
      return {
        pack,
        path,
        ...describeSource(shown ?? { path, text: '' }),
        draft: draft ? (draft.text === null ? 'removed' : source ? 'changed' : 'added') : null,
      }
    }),
  }
}

/** Throws DEFINITION_NOT_FOUND when neither the release nor a draft has it. */
export async function readDefinition(
  services: Pick<Services, 'owner'>,
  workspace: Workspace,
  pack: string,
  path: string,
): Promise<DefinitionText> {
  const { rows } = await services.owner.query<{ released: string | null }>(
    `SELECT d.text AS released FROM channelwright.workspace w
     JOIN channelwright.release r ON r.workspace = w.id AND r.number = w.release
     CROSS JOIN LATERAL jsonb_to_recordset(r.manifest) AS m (pack text, path text, hash text)
     JOIN channelwright.definition d ON d.hash = m.hash
     WHERE w.id = $1 AND m.pack = $2 AND m.path = $3`,
    [workspace.id, pack, path],
  )
  const draft = await readDraft(services.owner, workspace.id, pack, path)
  const released = rows[0]?.released ?? null
  if (released === null && !draft) throw new Refusal(definitionNotFound, { path: `${pack}/${path}` })
  return { pack, path, released, draft: draft ? await showDraft(services.owner, draft) : null }
}

/** The same, with nothing in it for a definition that is neither released nor drafted. */
export async function readDefinitionOrNothing(
  services: Pick<Services, 'owner'>,
  workspace: Workspace,
  pack: string,
  path: string,
): Promise<DefinitionText> {
  try {
    return await readDefinition(services, workspace, pack, path)
  } catch (error) {
    if (error instanceof Refusal && error.definition === definitionNotFound)
      return { pack, path, released: null, draft: null }
    throw error
  }
}

async function readDraft(
  db: Pool | ClientBase,
  workspaceId: string,
  pack: string,
  path: string,
): Promise<DraftRow | undefined> {
  const { rows } = await db.query<DraftRow>(
    `SELECT pack, path, text, base_hash, rev, author, updated_at FROM channelwright.draft
     WHERE workspace = $1 AND pack = $2 AND path = $3`,
    [workspaceId, pack, path],
  )
  return rows[0]
}

async function showDraft(db: Pool | ClientBase, draft: DraftRow): Promise<DraftText> {
  const { rows } = await db.query<{ name: string }>('SELECT name FROM channelwright."user" WHERE id = $1', [
    draft.author,
  ])
  return { text: draft.text, rev: draft.rev, savedAt: draft.updated_at, savedBy: rows[0]?.name ?? '' }
}

/**
 * Saves one draft on top of revision `rev` (0: there is none yet). Half-written JSON is welcome, checking is apart.
 * Throws DRAFT_CHANGED when somebody else saved meanwhile, DRAFT_PATH_INVALID, DRAFT_TEXT_INVALID.
 */
export async function saveDraft(
  services: Pick<Services, 'owner' | 'clock'>,
  workspace: Workspace,
  author: string,
  draft: SaveDraft,
): Promise<DefinitionText> {
  const place = `${draft.pack}/${draft.path}`
  refusePlace(draft.pack, draft.path)
  if (draft.text !== null && !isStorable(draft.text)) throw new Refusal(draftTextInvalid, { path: place })
  const { released } = await readDefinitionOrNothing(services, workspace, draft.pack, draft.path)
  if (draft.text === null && released === null) throw new Refusal(definitionNotFound, { path: place })
  const values = [
    workspace.id,
    draft.pack,
    draft.path,
    draft.text,
    released === null ? null : hashText(released),
    author,
    services.clock.now(),
  ]
  const { rowCount } =
    draft.rev === 0
      ? await services.owner.query(
          `INSERT INTO channelwright.draft (workspace, pack, path, text, base_hash, author, updated_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (workspace, pack, path) DO NOTHING`,
          values,
        )
      : await services.owner.query(
          `UPDATE channelwright.draft SET text = $4, base_hash = $5, author = $6, updated_at = $7, rev = rev + 1
           WHERE workspace = $1 AND pack = $2 AND path = $3 AND rev = $8`,
          [...values, draft.rev],
        )
  if (!rowCount) throw new Refusal(draftChanged, { path: place })
  return readDefinition(services, workspace, draft.pack, draft.path)
}

/** Throws a draft away. Throws DRAFT_NOT_FOUND, DRAFT_CHANGED. */
export async function discardDraft(
  services: Pick<Services, 'owner'>,
  workspace: Workspace,
  pack: string,
  path: string,
  rev: number,
): Promise<void> {
  const { rowCount } = await services.owner.query(
    'DELETE FROM channelwright.draft WHERE workspace = $1 AND pack = $2 AND path = $3 AND rev = $4',
    [workspace.id, pack, path, rev],
  )
  if (rowCount) return
  const place = { path: `${pack}/${path}` }
  throw (await readDraft(services.owner, workspace.id, pack, path))
    ? new Refusal(draftChanged, place)
    : new Refusal(draftNotFound, place)
}

export function refusePlace(pack: string, path: string): void {
  const isPlace = /^[a-z][a-z0-9_]{0,39}$/.test(pack) && isKeptPath(path)
  if (!isPlace) throw new Refusal(draftPathInvalid, { path: `${pack}/${path}`.slice(0, 200) })
}

function isStorable(text: string): boolean {
  return Buffer.byteLength(text) <= mostBytes && !text.includes('\0') && text.isWellFormed()
}
