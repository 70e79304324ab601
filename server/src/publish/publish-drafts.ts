import type { PlanReply, TableStep as StepReply } from '@channelwright/runtime/api/definitions.ts'
import { buildRelease } from '@channelwright/runtime/definition/build-release.ts'
import type { DefinitionSource } from '@channelwright/runtime/definition/definition-set.ts'
import { type Diagnostic, hasErrors } from '@channelwright/runtime/definition/diagnostic.ts'
import { diffDefinitions } from '@channelwright/runtime/definition/diff-definitions.ts'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { draftOutdated, releaseNotFound } from '@channelwright/runtime/errors/publishing.ts'
import type { Services, Workspace } from '../services.ts'
import { checkPeople } from './check-people.ts'
import { isDefinitionPath, readCurrentSources, readReleaseRow, readSources } from './definition-store.ts'
import { type DraftRow, layOver, outdatedDrafts, readDrafts } from './drafts.ts'
import type { TableStep } from './plan-tables.ts'
import {
  type Published,
  type PublishOptions,
  PublishRefusal,
  type PublishServices,
  preparePublish,
  publishSources,
} from './publish-sources.ts'

/** The definitions that publishing the drafts would bring into force. */
export interface DraftedSources {
  readonly sources: DefinitionSource[]
  readonly before: DefinitionSource[]
  readonly drafts: DraftRow[]
}

export async function readDraftedSources(
  services: Pick<Services, 'owner'>,
  workspace: Workspace,
): Promise<DraftedSources> {
  const current = await readCurrentSources(services.owner, workspace.id)
  const drafts = await readDrafts(services.owner, workspace.id)
  return { sources: layOver(current.sources, drafts), before: current.sources, drafts }
}

/**
 * What checking says of the release with the drafts and, over them, a text that is not saved yet; of flows also what
 * the real people make of them: of the text at hand, else of every draft.
 */
export async function checkDrafts(
  services: Services,
  workspace: Workspace,
  unsaved?: DefinitionSource,
): Promise<Diagnostic[]> {
  const { sources, drafts } = await readDraftedSources(services, workspace)
  const all = unsaved ? layOver(sources, [unsaved]) : sources
  const { release, diagnostics } = buildRelease(all.filter((source) => isDefinitionPath(source.path)))
  // What does not hold for itself is not tried on people.
  if (release === null) return diagnostics
  const people = await checkPeople(services, workspace, all, unsaved ? [unsaved] : drafts, release)
  return [...diagnostics, ...people]
}

/** What a publish of the drafts would change. Never refuses: what stands in its way is among the diagnostics. */
export async function planDrafts(services: Services, workspace: Workspace): Promise<PlanReply> {
  const { sources, before, drafts } = await readDraftedSources(services, workspace)
  const changes = diffDefinitions(before, sources)
  try {
    const prepared = await preparePublish(services, workspace, sources)
    const people = await checkPeople(services, workspace, sources, drafts, prepared.release)
    const diagnostics = [...prepared.diagnostics, ...people]
    return { diagnostics, changes, steps: prepared.steps.map(showStep) }
  } catch (error) {
    if (error instanceof PublishRefusal) return { diagnostics: error.diagnostics, changes, steps: [] }
    if (error instanceof Refusal) return { diagnostics: [diagnoseRefusal(error)], changes, steps: [] }
    throw error
  }
}

/** A refusal of planning, such as a rule that is no SQL, among the diagnostics of the definitions. */
function diagnoseRefusal({ definition, values }: Refusal): Diagnostic {
  const fill = (text: string) =>
    text.replace(/\{(\w+)\}/g, (whole, name: string) =>
      Object.hasOwn(values, name) ? String(values[name]) : whole,
    )
  return {
    code: definition.code,
    severity: 'error',
    path: '',
    message: { en: fill(definition.message.en), zh: fill(definition.message.zh) },
    hint: { en: fill(definition.hint.en), zh: fill(definition.hint.zh) },
  }
}

export function showStep(step: TableStep, at: number): StepReply {
  const { words, destructive, confirm, object, examples } = step
  return { id: String(at + 1), words, destructive, confirm, object, examples }
}

/**
 * Publishes the drafts as they stand now; those published are gone with the switch, later saves stay. Refuses with
 * PUBLISH_REFUSED also where a flow would leave real people without anybody to decide and with nothing said for that.
 */
export async function publishDrafts(
  services: Services,
  workspace: Workspace,
  options: PublishOptions,
): Promise<Published> {
  const { sources, before, drafts } = await readDraftedSources(services, workspace)
  const outdated = outdatedDrafts(before, drafts)
  if (outdated.length)
    throw new Refusal(draftOutdated, {
      paths: outdated.map((draft) => `${draft.pack}/${draft.path}`).join(', '),
    })
  const people = await checkPeople(services, workspace, sources, drafts)
  if (hasErrors(people)) throw new PublishRefusal(people)
  return publishSources(services, workspace, sources, {
    ...options,
    basedOn: before,
    async alongside(client, release) {
      for (const draft of drafts)
        await client.query(
          'DELETE FROM channelwright.draft WHERE workspace = $1 AND pack = $2 AND path = $3 AND rev = $4',
          [workspace.id, draft.pack, draft.path, draft.rev],
        )
      await options.alongside?.(client, release)
    },
  })
}

/** Brings an earlier release back as a new one. Drafts stay. Throws RELEASE_NOT_FOUND. */
export async function rollBack(
  services: PublishServices,
  workspace: Workspace,
  number: number,
  options: PublishOptions,
): Promise<Published> {
  const row = await readReleaseRow(services.owner, workspace.id, number)
  if (!row) throw new Refusal(releaseNotFound, { release: number })
  const sources = await readSources(services.owner, row.manifest)
  return publishSources(services, workspace, sources, { ...options, restores: number })
}
