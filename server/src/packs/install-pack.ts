import type { DefinitionSource } from '@channelwright/runtime/definition/definition-set.ts'
import { type Diagnostic, hasErrors } from '@channelwright/runtime/definition/diagnostic.ts'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { publishCasesFailed } from '@channelwright/runtime/errors/publishing.ts'
import { manifestOf, readCurrentSources } from '../publish/definition-store.ts'
import { layOver } from '../publish/drafts.ts'
import {
  type Published,
  type PublishOptions,
  PublishRefusal,
  publishSources,
} from '../publish/publish-sources.ts'
import { runWorkspaceCases } from '../publish/run-workspace-cases.ts'
import { readWorkspace } from '../publish/workspace.ts'
import type { Services } from '../services.ts'
import { readPacks } from './read-pack.ts'

export interface InstallOptions extends Pick<PublishOptions, 'author' | 'note' | 'confirmed' | 'report'> {
  /** Also take away definitions of these packs that the folders do not have. */
  readonly prune?: boolean
  /** Publish without running the packs' cases. */
  readonly skipCases?: boolean
}

export interface Installed extends Published {
  readonly packs: readonly string[]
  /** What reading the folders and checking had to say besides errors. */
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Publishes the packs of these folders into a workspace: their definitions replace those of the same packs, the
 * packs that are there besides stay. Throws PUBLISH_REFUSED with diagnostics, and whatever publishing throws.
 */
export async function installPacks(
  services: Services,
  workspaceKey: string,
  folders: readonly string[],
  options: InstallOptions = {},
): Promise<Installed> {
  const read = await readPacks(folders)
  if (hasErrors(read.diagnostics)) throw new PublishRefusal(read.diagnostics)
  const installed = await installSources(services, workspaceKey, [...read.sources, ...read.cases], options)
  return { ...installed, diagnostics: [...read.diagnostics, ...installed.diagnostics] }
}

/** The same for packs that are already in memory. */
export async function installSources(
  services: Services,
  workspaceKey: string,
  incoming: readonly DefinitionSource[],
  options: InstallOptions = {},
): Promise<Installed> {
  const workspace = await readWorkspace(services, workspaceKey)
  const packs = [...new Set(incoming.map((source) => source.pack))].sort()
  const current = await readCurrentSources(services.owner, workspace.id)
  const kept = options.prune
    ? current.sources.filter((source) => !packs.includes(source.pack))
    : current.sources
  const sources = layOver(kept, incoming)
  const published = await publishSources(services, workspace, sources, {
    ...options,
    note: options.note ?? `Install ${packs.join(', ')}`,
    basedOn: current.sources,
    ...(options.skipCases ? {} : { beforeApply: (prepared) => refuseFailing(services, prepared.sources) }),
    async alongside(client, release) {
      for (const pack of packs) {
        const own = incoming.filter((source) => source.pack === pack)
        await client.query(
          `INSERT INTO channelwright.pack_install (workspace, pack, version, manifest, release, installed_at, installed_by)
           VALUES ($1, $2, $3, $4, $5, $6, $7)
           ON CONFLICT (workspace, pack) DO UPDATE SET version = excluded.version, manifest = excluded.manifest,
             release = excluded.release, installed_at = excluded.installed_at, installed_by = excluded.installed_by`,
          [
            workspace.id,
            pack,
            versionOf(own),
            JSON.stringify(manifestOf(own)),
            release,
            services.clock.now(),
            options.author ?? null,
          ],
        )
      }
    },
  })
  return { ...published, packs }
}

async function refuseFailing(services: Services, sources: readonly DefinitionSource[]): Promise<void> {
  const wrong = (await runWorkspaceCases(services, sources)).filter((one) => !one.passed)
  if (!wrong.length) return
  throw new Refusal(
    publishCasesFailed,
    { count: wrong.length },
    wrong.map((one) => ({
      path: `${one.pack}/${one.path}`,
      code: publishCasesFailed.code,
      message: one.failure?.message ?? one.title,
    })),
  )
}

/** Checked already: every pack has a pack.json with a version. */
function versionOf(sources: readonly DefinitionSource[]): string {
  const pack = sources.find((source) => source.path === 'pack.json')
  return pack ? String((JSON.parse(pack.text) as { version?: unknown }).version) : '0.0.0'
}
