import { buildRelease } from '@channelwright/runtime/definition/build-release.ts'
import type { Release } from '@channelwright/runtime/definition/release.ts'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import {
  releaseNotFound,
  releaseUnreadable,
  workspaceNotFound,
} from '@channelwright/runtime/errors/publishing.ts'
import { mayHaveMissed } from '../db/notices.ts'
import type { ReleaseStore, ServedRelease, Services, Workspace } from '../services.ts'
import { isDefinitionPath, readReleaseRow, readSources } from './definition-store.ts'
import { readPhysicalNames } from './physical-names.ts'
import { mapTables } from './table-map.ts'
import { type WorkspaceRow, workspaceColumns, workspaceFromRow } from './workspace.ts'

interface Pointer {
  readonly workspace: Workspace
  readonly release: number | null
  readonly readAt: number
}

/** Notices tell of a switch within milliseconds; this is for the one that got lost. */
const recheckAfter = 5_000
/** Compiled sets of definitions that are kept; runs pinned to many old releases share the room. */
const mostReleases = 60

/**
 * Serves the releases of all workspaces from memory. A switch anywhere is heard as a notice; besides, a pointer older
 * than a few seconds is looked up again beside the request that found it old.
 */
export function createReleaseStore(services: Pick<Services, 'owner' | 'notices' | 'log'>): ReleaseStore {
  const pointers = new Map<string, Promise<Pointer | undefined>>()
  const releases = new Map<string, Promise<Release>>()
  const served = new Map<string, Promise<ServedRelease>>()

  const forget = (key: string) => {
    if (key === mayHaveMissed) pointers.clear()
    else pointers.delete(key)
  }
  services.notices.on('cw_release', forget)

  const readPointer = async (key: string): Promise<Pointer | undefined> => {
    const { rows } = await services.owner.query<WorkspaceRow>(
      `SELECT ${workspaceColumns} FROM channelwright.workspace WHERE key = $1`,
      [key],
    )
    const row = rows[0]
    return row && { workspace: workspaceFromRow(row), release: row.release, readAt: performance.now() }
  }
  const pointerOf = async (key: string): Promise<Pointer | undefined> => {
    const kept = pointers.get(key)
    if (kept) {
      const pointer = await kept
      if (pointer && performance.now() - pointer.readAt < recheckAfter) return pointer
      if (pointer) {
        recheck(key, pointer)
        return pointer
      }
    }
    const fresh = readPointer(key)
    pointers.set(key, fresh)
    // Nothing found is not kept: the workspace may be made a moment later. Nor is a failure.
    fresh.then(
      (pointer) => !pointer && pointers.get(key) === fresh && pointers.delete(key),
      () => pointers.get(key) === fresh && pointers.delete(key),
    )
    return fresh
  }
  const rechecking = new Set<string>()
  const recheck = (key: string, old: Pointer) => {
    if (rechecking.has(key)) return
    rechecking.add(key)
    const before = pointers.get(key)
    readPointer(key)
      .then((pointer) => {
        // Forgotten meanwhile, or when this began: what was read may be from before the switch.
        if (before && pointer && pointers.get(key) === before) pointers.set(key, Promise.resolve(pointer))
        if (pointer?.release !== old.release)
          services.log.info({ workspace: key, release: pointer?.release }, 'release found switched')
      })
      .catch((error) =>
        services.log.warn({ err: error, workspace: key }, 'the release in force could not be looked up'),
      )
      .finally(() => rechecking.delete(key))
  }

  const readRelease = async (workspace: Workspace, number: number): Promise<Release> => {
    const row = await readReleaseRow(services.owner, workspace.id, number)
    if (!row) throw new Refusal(releaseNotFound, { release: number })
    const sources = await readSources(
      services.owner,
      row.manifest.filter((entry) => isDefinitionPath(entry.path)),
    )
    const { release, diagnostics } = buildRelease(sources)
    if (!release) {
      services.log.error(
        { workspace: workspace.key, release: number, diagnostics },
        'a release can no longer be read',
      )
      throw new Refusal(releaseUnreadable, { release: number })
    }
    return release
  }
  const serve = (pointer: Pointer, number: number): Promise<ServedRelease> => {
    const { workspace } = pointer
    // Names of columns change with later releases, so an old release is mapped anew after each switch.
    return remember(served, `${workspace.id}/${number}/${pointer.release}`, async () => {
      const release = await remember(releases, `${workspace.id}/${number}`, () =>
        readRelease(workspace, number),
      )
      const names = await readPhysicalNames(services.owner, workspace.id)
      // Cases that are open on it go on with its fields as they were, in columns of their types.
      const tables = mapTables(release, names, number !== pointer.release)
      return { workspace, number, release, tables, cache: new Map() }
    })
  }

  return {
    async current(key) {
      const pointer = await pointerOf(key)
      return pointer && pointer.release !== null ? serve(pointer, pointer.release) : undefined
    },
    async at(key, number) {
      const pointer = await pointerOf(key)
      if (!pointer) throw new Refusal(workspaceNotFound, { workspace: key })
      return serve(pointer, number)
    },
    async workspace(key) {
      return (await pointerOf(key))?.workspace
    },
    // Whoever published and asks again meets the new release here, also where people are remembered with theirs.
    forget: (key) => services.notices.tell('cw_release', key),
  }
}

/** The kept value, or a new one; the one longest unused goes when there are too many. A failure is not kept. */
function remember<T>(kept: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const found = kept.get(key)
  if (found) {
    kept.delete(key)
    kept.set(key, found)
    return found
  }
  const made = make()
  kept.set(key, made)
  made.catch(() => kept.get(key) === made && kept.delete(key))
  if (kept.size > mostReleases) kept.delete(kept.keys().next().value!)
  return made
}
