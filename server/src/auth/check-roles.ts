import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { partnerUnknown, roleForOthers, roleUnknown } from '@channelwright/runtime/errors/identity.ts'
import pg from 'pg'
import { inUnit } from '../db/unit.ts'
import type { Actor, ServedRelease, Services } from '../services.ts'

/**
 * Refuses roles the release does not have, partner roles without an organisation, staff roles with one, and an
 * organisation that does not exist or is not the actor's to manage: people of an organisation manage their own and
 * those below it, and hand out partner roles only.
 */
export async function checkRoles(
  services: Services,
  served: ServedRelease,
  actor: Actor,
  roles: readonly string[],
  partner: string | null,
): Promise<void> {
  const known = served.release.roles
  for (const key of roles) {
    const role = known.get(key)
    if (!role) throw new Refusal(roleUnknown, { role: key, roles: [...known.keys()].join(', ') })
    if (role.for === 'partner' && partner === null) refuseRole(key, 'no organisation is given')
    if (role.for === 'staff' && partner !== null) refuseRole(key, 'the person belongs to an organisation')
    if (actor.partner !== null && role.for !== 'partner') refuseRole(key, 'it is not a partner role')
  }
  if (actor.partner !== null && (partner === null || !actor.partners.includes(partner)))
    throw new Refusal(partnerUnknown)
  if (partner !== null) await findPartner(services, served, actor, partner)
}

function refuseRole(role: string, reason: string): never {
  throw new Refusal(roleForOthers, { role, reason })
}

/** Looks as the actor: an organisation that one may not see is as good as none. */
async function findPartner(
  services: Services,
  served: ServedRelease,
  actor: Actor,
  partner: string,
): Promise<void> {
  const { party } = served.release
  const table = party ? served.tables.get(party) : undefined
  if (!table) throw new Refusal(partnerUnknown)
  const name = `${pg.escapeIdentifier(served.workspace.schema)}.${pg.escapeIdentifier(table.table)}`
  const found = await inUnit(
    services,
    served,
    actor,
    (unit) => unit.query(`SELECT id FROM ${name} WHERE id = $1 AND deleted_at IS NULL`, [partner]),
    { readOnly: true },
  )
  if (found.length === 0) throw new Refusal(partnerUnknown)
}
