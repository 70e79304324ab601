import { engineRoleOf } from '../access/pg-role.ts'
import type { Actor, ServedRelease, Services } from '../services.ts'

export { nobody } from '@channelwright/runtime/flow/people.ts'

/** The workspace's engine, acting in the name of a person: rights are the engine's, history names the person. */
export function engineActor(
  services: Pick<Services, 'installation'>,
  served: ServedRelease,
  onBehalfOf: string,
): Actor {
  return {
    user: onBehalfOf,
    name: '',
    email: '',
    locale: 'en',
    roles: [],
    partner: null,
    partners: [],
    pgRole: engineRoleOf(services.installation, served.workspace.key),
  }
}
