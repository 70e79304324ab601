import type { Person } from '@channelwright/runtime/api/records.ts'
import type { Unit } from '../db/unit.ts'
import type { Actor, Services, Workspace } from '../services.ts'
import { rightsOn } from './object-rights.ts'
import { seenTable } from './seen-table.ts'

/** A member of a workspace, as the catalogue knows them. */
interface Member {
  readonly id: string
  readonly name: string
  readonly email: string
  readonly partner: string | null
  readonly roles: readonly string[]
  readonly active: boolean
}

type Directory = ReadonlyMap<string, Member>

const directories = new WeakMap<Services, Map<string, Promise<Directory>>>()

/** All members of a workspace, read once and forgotten when a notice says that people changed. */
function readDirectory(services: Services, workspace: Workspace): Promise<Directory> {
  let kept = directories.get(services)
  if (!kept) {
    const fresh = new Map<string, Promise<Directory>>()
    kept = fresh
    directories.set(services, fresh)
    services.notices.on('cw_identity', () => fresh.clear())
  }
  const known = kept.get(workspace.id)
  if (known) return known
  const reading = loadDirectory(services, workspace)
  kept.set(workspace.id, reading)
  // A failed reading must not be remembered.
  reading.catch(() => kept.delete(workspace.id))
  return reading
}

async function loadDirectory(services: Services, workspace: Workspace): Promise<Directory> {
  const { rows } = await services.owner.query<Member>(
    `SELECT u.id, u.name, u.email, m.partner, m.roles, m.status = 'active' AS active
     FROM channelwright.membership m JOIN channelwright."user" u ON u.id = m.user_id
     WHERE m.workspace = $1`,
    [workspace.id],
  )
  return new Map(rows.map((row) => [row.id, row]))
}

/** Outside people know their own organisation, those below it, and the vendor's own people; nobody else's. */
function mayKnow(actor: Actor, member: Member): boolean {
  return actor.partner === null || member.partner === null || actor.partners.includes(member.partner)
}

/** Names for the users that stand in records; those whom the actor may not know are left out. */
export async function namePeople(unit: Unit, ids: Iterable<string>): Promise<Map<string, string>> {
  const directory = await readDirectory(unit.services, unit.served.workspace)
  const names = new Map<string, string>()
  for (const id of ids) {
    const member = directory.get(id)
    if (member && mayKnow(unit.actor, member)) names.set(id, member.name)
  }
  return names
}

/** Whether each of `ids` is an active member whom the actor may name in a record. Returns those that are not. */
export async function findStrangers(unit: Unit, ids: Iterable<string>): Promise<string[]> {
  const directory = await readDirectory(unit.services, unit.served.workspace)
  return [...ids].filter((id) => {
    const member = directory.get(id)
    return !member?.active || !mayKnow(unit.actor, member)
  })
}

/** Those of `ids` who are outside people of another organisation than `partner`. */
export async function findOutsiders(
  unit: Unit,
  ids: Iterable<string>,
  partner: string | null,
): Promise<string[]> {
  const directory = await readDirectory(unit.services, unit.served.workspace)
  return [...ids].filter((id) => {
    const from = directory.get(id)?.partner ?? null
    return from !== null && from !== partner
  })
}

/** Those whom the actor may know and who are called so, or were while they were members. */
export async function findCalled(unit: Unit, wanted: string): Promise<string[]> {
  const directory = await readDirectory(unit.services, unit.served.workspace)
  const looked = comparable(wanted.trim())
  return [...directory.values()]
    .filter((member) => mayKnow(unit.actor, member) && comparable(member.name).includes(looked))
    .map((member) => member.id)
}

const comparable = (name: string) => name.normalize('NFC').toLocaleLowerCase()

export interface PeopleQuery {
  readonly id?: string
  readonly search?: string
  readonly role?: string
  readonly limit?: number
}

/**
 * People to choose from. The vendor's own see everybody; outside people see their organisation, those below it, and
 * those of the vendor who are named in their organisation's record (its manager, for example).
 */
export async function listPeople(unit: Unit, query: PeopleQuery): Promise<Person[]> {
  // Whoever holds no role reads no record, and so has nobody to choose.
  if (!unit.actor.roles.length) return []
  const directory = await readDirectory(unit.services, unit.served.workspace)
  const named = unit.actor.partner === null ? null : await namedStaff(unit)
  const wanted = comparable(query.search?.trim() ?? '')
  const choosable = [...directory.values()].filter(
    (member) => member.active && mayChoose(unit.actor, member, named),
  )
  const emailOf = tellApart(unit.actor, choosable)
  return choosable
    .filter((member) => !query.id || member.id === query.id.toLowerCase())
    .filter((member) => !query.role || member.roles.includes(query.role))
    .filter((member) => comparable(member.name).includes(wanted))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.id < b.id ? -1 : 1))
    .slice(0, Math.min(query.limit ?? 50, 200))
    .map((member) => ({
      id: member.id,
      name: member.name,
      staff: member.partner === null,
      ...emailOf(member),
    }))
}

/** People of one name are told apart by their e-mails, for whoever may know those: the vendor, and their own house. */
function tellApart(actor: Actor, people: readonly Member[]): (member: Member) => { email?: string } {
  const counts = new Map<string, number>()
  for (const { name } of people) counts.set(name, (counts.get(name) ?? 0) + 1)
  return ({ name, email, partner }) => {
    const isKnown = actor.partner === null || (partner !== null && actor.partners.includes(partner))
    return isKnown && (counts.get(name) ?? 0) > 1 ? { email } : {}
  }
}

function mayChoose(actor: Actor, member: Member, named: ReadonlySet<string> | null): boolean {
  if (named === null) return true
  return member.partner === null ? named.has(member.id) : actor.partners.includes(member.partner)
}

async function namedStaff(unit: Unit): Promise<Set<string>> {
  const { party } = unit.served.release
  if (party === null) return new Set()
  const table = seenTable(unit, party)
  const { read } = rightsOn(unit.served, unit.actor, party)
  const columns = [...table.fields.values()].flatMap((field) =>
    field.type.name === 'user' && field.column && read?.has(field.key) ? field.column : [],
  )
  if (!columns.length) return new Set()
  const rows = await unit.query<{ id: string }>(
    `SELECT DISTINCT v.id FROM ${table.from} t, LATERAL (VALUES ${columns.map((c) => `(t.${c})`).join(', ')}) v(id)
     WHERE t.id = ANY ($1::uuid[]) AND t.deleted_at IS NULL AND v.id IS NOT NULL`,
    [unit.actor.partners],
  )
  return new Set(rows.map((row) => row.id))
}
