import { idAt, type PeopleQuestion, peopleOfLevels } from '@channelwright/runtime/flow/people.ts'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import { mayDo } from '../access/platform-rights.ts'
import type { Unit } from '../db/unit.ts'
import { tableOf } from '../records/record-table.ts'
import { findPeople } from './find-people.ts'
import { fieldOf, organisationOf, peopleOf, personAt } from './organisation.ts'

/** The case that a question is about. */
export interface BookSubject {
  readonly object: string
  readonly applicant: string
  readonly data: JsonObject
}

export interface BookMember {
  readonly id: string
  readonly name: string
  readonly roles: readonly string[]
  readonly partner: string | null
}

/** As many levels as `organisation.ts` climbs. */
const mostLevels = 50

/**
 * Everybody of a workspace and where they stand, read at once: the same answers as `findPeople` gives one by one, for
 * whoever asks about thousands of people. What depends on conditions (scopes, groups, queries) is asked of Postgres,
 * once for each different question.
 */
export class PeopleBook {
  private readonly asked = new Map<string, readonly string[]>()
  private readonly byId: ReadonlyMap<string, BookMember>
  private readonly found = new Map<string, readonly string[]>()
  private constructor(
    private readonly unit: Unit,
    /** Active members, longest first. */
    readonly members: readonly BookMember[],
    /** Person → whom they report to. */
    private readonly above: ReadonlyMap<string, readonly string[]>,
    /** Person → their departments. */
    private readonly placed: ReadonlyMap<string, readonly string[]>,
    private readonly departments: ReadonlyMap<
      string,
      { readonly above: string | null; readonly head: string | null }
    >,
    /** Partner → contacts in their order. */
    private readonly contacts: ReadonlyMap<
      string,
      readonly { readonly user: string; readonly role: string | null }[]
    >,
  ) {
    this.byId = new Map(members.map((member) => [member.id, member]))
  }

  static async read(unit: Unit): Promise<PeopleBook> {
    const { rows: members } = await unit.services.owner.query<BookMember>(
      `SELECT m.user_id AS id, u.name, m.roles, m.partner
       FROM channelwright.membership m JOIN channelwright."user" u ON u.id = m.user_id
       WHERE m.workspace = $1 AND m.status = 'active' ORDER BY m.created_at, m.user_id`,
      [unit.served.workspace.id],
    )
    const [people, departments, contacts] = await unit.asEngine(() =>
      Promise.all([readPeople(unit), readDepartments(unit), readContacts(unit)]),
    )
    return new PeopleBook(
      unit,
      members,
      gather(
        people,
        (row) => row.user,
        (row) => row.above,
      ),
      gather(
        people,
        (row) => row.user,
        (row) => row.department,
      ),
      new Map(departments.map(({ id, above, head }) => [id, { above, head }])),
      gather(
        contacts,
        (row) => row.partner,
        ({ user, role }) => ({ user, role }),
      ),
    )
  }

  member(user: string): BookMember | undefined {
    return this.byId.get(user)
  }

  /** Undefined for what must be asked of Postgres: `fill` does, then there is an answer. */
  answer(question: PeopleQuestion, subject: BookSubject): readonly string[] | undefined {
    switch (question.ask) {
      case 'user':
        return this.active([question.user])
      case 'applicant':
        return this.active([subject.applicant])
      case 'field': {
        const user = idAt(subject.data, question.path)
        return user === null ? [] : this.active([user])
      }
      case 'superiors':
      case 'department_heads':
        return this.remember(`${question.ask} ${question.of} ${question.level ?? ''}`, () =>
          peopleOfLevels(this.levelsAbove(question.ask, question.of), question.level, (user) =>
            this.byId.has(user),
          ),
        )
      case 'partner_contact':
        return this.active(
          unique(
            (this.contacts.get(question.partner) ?? []).flatMap(({ user, role }) =>
              question.role === undefined || question.role === role ? [user] : [],
            ),
          ),
        )
      case 'admin':
        return this.admins()
      case 'role':
        if (question.scope === undefined) return this.holders(question.role, subject)
        return this.asked.get(JSON.stringify([question, this.partnerOf(question.role, subject)]))
      default:
        return this.asked.get(JSON.stringify([question, null]))
    }
  }

  async fill(question: PeopleQuestion, subject: BookSubject): Promise<void> {
    const partner = question.ask === 'role' ? this.partnerOf(question.role, subject) : null
    this.asked.set(JSON.stringify([question, partner]), await findPeople(this.unit, question, subject))
  }

  /** Members with any of these roles. */
  withRoles(roles: ReadonlySet<string>): readonly BookMember[] {
    return this.members.filter((member) => member.roles.some((role) => roles.has(role)))
  }

  private admins(): readonly string[] {
    const { release } = this.unit.served
    const roles = new Set(
      [...release.roles.keys()].filter((role) => mayDo(release, [role], 'administer_flows')),
    )
    return this.withRoles(roles).map(({ id }) => id)
  }

  private holders(role: string, subject: BookSubject): readonly string[] {
    const isPartners = this.unit.served.release.roles.get(role)?.for === 'partner'
    const partner = this.partnerOf(role, subject)
    if (isPartners && partner === null) return []
    return this.remember(`role ${role} ${partner ?? ''}`, () =>
      this.members.flatMap((member) =>
        member.roles.includes(role) && (partner === null || member.partner === partner) ? [member.id] : [],
      ),
    )
  }

  /** Of a role for partner people: the organisation that owns the record. */
  private partnerOf(role: string, { object, data }: BookSubject): string | null {
    const { release } = this.unit.served
    if (release.roles.get(role)?.for !== 'partner') return null
    if (object === release.party) return idAt(data, 'id')
    const owner = release.objects.get(object)?.owner
    return owner === undefined ? null : idAt(data, owner)
  }

  private active(users: readonly string[]): readonly string[] {
    return users.filter((user) => this.byId.has(user))
  }

  private remember(key: string, find: () => readonly string[]): readonly string[] {
    const known = this.found.get(key)
    if (known !== undefined) return known
    const found = find()
    this.found.set(key, found)
    return found
  }

  /** Who stands above a person, level by level, whether they have left or not. */
  levelsAbove(ask: 'superiors' | 'department_heads', of: string): readonly (readonly string[])[] {
    return ask === 'superiors' ? this.superiors(of) : this.heads(of)
  }

  private superiors(of: string): readonly (readonly string[])[] {
    const seen = new Set([of])
    const found: string[][] = []
    let level: readonly string[] = [of]
    for (let up = 0; up < mostLevels && level.length > 0; up++) {
      level = unique(level.flatMap((user) => this.above.get(user) ?? []))
        .filter((user) => !seen.has(user))
        .sort()
      for (const user of level) seen.add(user)
      if (level.length > 0) found.push([...level])
    }
    return found
  }

  private heads(of: string): readonly (readonly string[])[] {
    const seen = new Set<string>()
    const found: string[][] = []
    let level = this.placed.get(of) ?? []
    for (let up = 0; up < mostLevels && level.length > 0; up++) {
      const here = level.flatMap((id) => (seen.has(id) ? [] : (this.departments.get(id) ?? [])))
      for (const id of level) seen.add(id)
      found.push(unique(here.flatMap(({ head }) => head ?? [])).sort())
      level = unique(here.flatMap(({ above }) => above ?? []))
    }
    return found
  }
}

function unique(list: readonly string[]): string[] {
  return [...new Set(list)]
}

function gather<R, T>(
  rows: readonly R[],
  keyOf: (row: R) => string,
  tell: (row: R) => T | null,
): Map<string, T[]> {
  const found = new Map<string, T[]>()
  for (const row of rows) {
    const value = tell(row)
    if (value === null) continue
    const list = found.get(keyOf(row))
    if (list === undefined) found.set(keyOf(row), [value])
    else list.push(value)
  }
  return found
}

async function readPeople(
  unit: Unit,
): Promise<readonly { user: string; above: string | null; department: string | null }[]> {
  const found = peopleOf(unit.served)
  if (!found) return []
  const { people } = found.organisation
  const supervisor = fieldOf(found.table, people.supervisor)
  const department = fieldOf(found.table, people.department)
  return unit.query(
    `SELECT p.${found.user} AS user, ${supervisor ? personAt(found, supervisor, 'p') : 'NULL'} AS above,
       ${department ? `p.${department.column}` : 'NULL'} AS department
     FROM ${found.table.from} p WHERE p.${found.user} IS NOT NULL AND p.deleted_at IS NULL`,
  )
}

async function readDepartments(
  unit: Unit,
): Promise<readonly { id: string; above: string | null; head: string | null }[]> {
  const found = peopleOf(unit.served)
  const { departments } = found?.organisation ?? {}
  if (!found || !departments) return []
  const table = tableOf(unit.served, departments.object)
  const [head, parent] = [fieldOf(table, departments.head), fieldOf(table, departments.parent)]
  if (!head) return []
  return unit.query(
    `SELECT d.id, ${parent ? `d.${parent.column}` : 'NULL'} AS above, ${personAt(found, head, 'd')} AS head
     FROM ${table.from} d WHERE d.deleted_at IS NULL`,
  )
}

async function readContacts(
  unit: Unit,
): Promise<readonly { partner: string; user: string; role: string | null }[]> {
  const { contacts } = organisationOf(unit.served) ?? {}
  if (!contacts) return []
  const table = tableOf(unit.served, contacts.object)
  const [at, user, job] = [contacts.partner, contacts.user, contacts.role].map((key) => fieldOf(table, key))
  if (!at || !user || !job) return []
  return unit.query(
    `SELECT c.${at.column} AS partner, c.${user.column} AS user, c.${job.column} AS role
     FROM ${table.from} c WHERE c.deleted_at IS NULL AND c.${user.column} IS NOT NULL ORDER BY c.created_at, c.id`,
  )
}
