import { fileURLToPath } from 'node:url'
import type { DefinitionSource } from '@channelwright/runtime/definition/definition-set.ts'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import { createActor } from '@channelwright/server/auth/people.ts'
import { inUnit } from '@channelwright/server/db/unit.ts'
import { engineActor, nobody } from '@channelwright/server/flows/engine-actor.ts'
import { readPacks } from '@channelwright/server/packs/read-pack.ts'
import { publishSources } from '@channelwright/server/publish/publish-sources.ts'
import { createWorkspace } from '@channelwright/server/publish/workspace.ts'
import { createRecord } from '@channelwright/server/records/write-record.ts'
import type { Actor, ServedRelease, Services, Workspace } from '@channelwright/server/services.ts'
import { addMember, type NewMember, type TestMember } from './members.ts'

export const templates = fileURLToPath(new URL('../../templates', import.meta.url))

/** The packs of the templates without libraries that are only copied from. */
export async function readShownPacks() {
  const { sources, cases } = await readPacks([templates])
  const libraries = sources.filter(
    ({ path, text }) => path === 'pack.json' && JSON.parse(text).demo === false,
  )
  const isShown = ({ pack }: DefinitionSource) => !libraries.some((library) => library.pack === pack)
  return { sources: sources.filter(isShown), cases: cases.filter(isShown) }
}

/** A workspace with the packs in force. */
export interface DealWorkspace {
  readonly workspace: Workspace
  readonly served: ServedRelease
  /** Puts a record in as it stands; returns its id. */
  seed(object: string, values: JsonObject): Promise<string>
  join(member: NewMember): Promise<TestMember>
  /** The actor of somebody who holds these roles, without a session. */
  actor(member: NewMember & { readonly user: string }): Promise<Actor>
}

/** Packs that only their own stories need: every workspace of a test without them is made sooner. */
const onDemand = ['leads', 'deal_conflicts']

/** The definitions of such a workspace. */
export async function readDealPacks(more: readonly string[] = []): Promise<DefinitionSource[]> {
  const { sources } = await readShownPacks()
  return sources.filter(({ pack }) => !onDemand.includes(pack) || more.includes(pack))
}

/** `edit` may change the texts of definitions before they are published, and add others; `more` names packs that are not in all. */
export async function createDealWorkspace(
  services: Services,
  key: string,
  edit: (source: DefinitionSource) => DefinitionSource | DefinitionSource[] = (source) => source,
  more: readonly string[] = [],
): Promise<DealWorkspace> {
  const workspace = await createWorkspace(services, {
    key,
    title: { en: `Vendor ${key}`, zh: `厂商 ${key}` },
    timeZone: 'Asia/Shanghai',
  })
  await publishSources(services, workspace, (await readDealPacks(more)).flatMap(edit))
  const served = await services.releases.current(key)
  if (!served) throw new Error('the packs were published but are not served')
  const engine = engineActor(services, served, nobody)
  return {
    workspace,
    served,
    seed: async (object, values) => {
      const { id } = await inUnit(services, served, engine, (unit) =>
        createRecord(unit, object, values, { by: 'seed' }),
      )
      return id
    },
    join: (member) => addMember(services, workspace, member),
    actor: ({ user, name, roles, partner }) =>
      createActor(
        services,
        served,
        { user, name, email: `${user}@example.test`, locale: 'en' },
        roles,
        partner ?? null,
      ),
  }
}
