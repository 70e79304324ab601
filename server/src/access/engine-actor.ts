import type { Actor, ServedRelease, Services } from '../services.ts'
import { engineRoleOf } from './pg-role.ts'

/** The system itself, for background work: nobody's name stands in what it writes, and it sees every row. */
export function engineActor(services: Pick<Services, 'installation'>, served: Pick<ServedRelease, 'workspace'>): Actor {
  return {
    user: '',
    name: '',
    email: '',
    locale: 'en',
    roles: [],
    partner: null,
    partners: [],
    pgRole: engineRoleOf(services.installation, served.workspace.key),
  }
}
