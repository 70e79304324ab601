import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { flowTrialNobody } from '@channelwright/runtime/errors/flow-trials.ts'
import { workspaceNotFound } from '@channelwright/runtime/errors/publishing.ts'
import { mayDo } from '../access/platform-rights.ts'
import { createActor } from '../auth/people.ts'
import type { Services, Workspace } from '../services.ts'
import type { ReplayPlace } from './replay.ts'

export interface TrialPlace extends ReplayPlace {
  readonly workspace: Workspace
}

/**
 * In whose name somebody at the command line tries flows: the member with that address, else whoever has been allowed
 * to design for the longest. Throws WORKSPACE_NOT_FOUND, FLOW_TRIAL_NOBODY.
 */
export async function openTrialPlace(
  services: Services,
  key: string,
  email: string | undefined,
): Promise<TrialPlace> {
  const served = await services.releases.current(key)
  if (served === undefined) throw new Refusal(workspaceNotFound, { workspace: key })
  const { rows } = await services.owner.query<{
    id: string
    name: string
    email: string
    roles: string[]
    partner: string | null
  }>(
    `SELECT u.id, u.name, u.email, m.roles, m.partner
     FROM channelwright.membership m JOIN channelwright."user" u ON u.id = m.user_id
     WHERE m.workspace = $1 AND m.status = 'active' ORDER BY m.created_at, m.user_id`,
    [served.workspace.id],
  )
  const designs = rows.filter(({ roles }) => mayDo(served.release, roles, 'design'))
  const found = email === undefined ? designs[0] : designs.find((row) => row.email === email)
  if (found === undefined) throw new Refusal(flowTrialNobody, { workspace: key })
  const person = { user: found.id, name: found.name, email: found.email, locale: 'en' as const }
  const actor = await createActor(services, served, person, found.roles, found.partner)
  return { services, served, actor, workspace: served.workspace }
}
