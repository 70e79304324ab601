import type { OrganisationDefinition } from '@channelwright/runtime/definition/organisation.ts'
import type { Json } from '@channelwright/runtime/json.ts'
import type { Unit } from '../db/unit.ts'
import { compileCondition } from '../records/compile-filter.ts'
import { type RecordField, type RecordTable, tableOf } from '../records/record-table.ts'
import type { ServedRelease } from '../services.ts'

// Where people stand, read from the objects that the organisation of the release names. As the engine: who is asked
// does not depend on who asks. Answers are ids of users, active or not.

/** Levels above a person that are looked at; the data may hold a circle. */
const mostLevels = 50

/** Whom the person reports to, and whom that one reports to, up to the top, level by level. */
export async function findSuperiors(unit: Unit, user: string): Promise<string[][]> {
  const found = peopleOf(unit.served)
  const supervisor = found && fieldOf(found.table, found.organisation.people.supervisor)
  if (!found || !supervisor) return []
  const { table, user: account } = found
  const above = personAt(found, supervisor, 'p')
  return levelsOf(
    unit,
    `WITH RECURSIVE up (person, level, seen) AS (
       SELECT ${above}, 1, ARRAY[$1::uuid] FROM ${table.from} p WHERE p.${account} = $1 AND p.deleted_at IS NULL
       UNION ALL
       SELECT ${above}, up.level + 1, up.seen || up.person
       FROM up JOIN ${table.from} p ON p.${account} = up.person AND p.deleted_at IS NULL
       WHERE up.person <> ALL (up.seen) AND up.level < ${mostLevels}
     ) SELECT person AS user, min(level) AS level FROM up WHERE person IS NOT NULL AND person <> $1
     GROUP BY person ORDER BY min(level), person`,
    [user],
  )
}

/** The head of the person's department, and those of the departments above it: a level each, with a head or without. */
export async function findDepartmentHeads(unit: Unit, user: string): Promise<string[][]> {
  const found = peopleOf(unit.served)
  const { departments } = found?.organisation ?? {}
  const department = found && fieldOf(found.table, found.organisation.people.department)
  if (!found || !departments || !department) return []
  const table = tableOf(unit.served, departments.object)
  const head = fieldOf(table, departments.head)
  if (!head) return []
  const parent = fieldOf(table, departments.parent)
  const above = parent
    ? `UNION ALL SELECT d.id, d.${parent.column}, ${personAt(found, head, 'd')}, up.level + 1, up.seen || d.id
       FROM up JOIN ${table.from} d ON d.id = up.above AND d.deleted_at IS NULL
       WHERE d.id <> ALL (up.seen) AND up.level < ${mostLevels}`
    : ''
  return levelsOf(
    unit,
    `WITH RECURSIVE up (id, above, person, level, seen) AS (
       SELECT d.id, ${parent ? `d.${parent.column}` : 'NULL::uuid'}, ${personAt(found, head, 'd')}, 1, ARRAY[d.id]
       FROM ${found.table.from} p JOIN ${table.from} d ON d.id = p.${department.column} AND d.deleted_at IS NULL
       WHERE p.${found.user} = $1 AND p.deleted_at IS NULL ${above}
     ) SELECT person AS user, min(level) AS level FROM up GROUP BY id, person ORDER BY min(level), person`,
    [user],
  )
}

/** The members of the group of that name, in their order. */
export async function findGroup(unit: Unit, name: string): Promise<string[]> {
  const { groups } = organisationOf(unit.served) ?? {}
  if (!groups) return []
  const table = tableOf(unit.served, groups.object)
  const members = table.fields.get(groups.members)?.lines
  const user = members?.fields.get(groups.user)?.column
  const key = fieldOf(table, groups.name)
  if (!members || !user || !key) return []
  return usersOf(
    unit,
    `SELECT l.${user} AS user FROM ${table.from} g JOIN ${members.from} l ON l.record_id = g.id
     WHERE g.${key.column} = $1 AND g.deleted_at IS NULL ORDER BY l.position`,
    [name],
  )
}

/** Who answers for `role` at a partner; without one, for anything. */
export async function findContacts(unit: Unit, partner: string, role?: string): Promise<string[]> {
  const { contacts } = organisationOf(unit.served) ?? {}
  if (!contacts) return []
  const table = tableOf(unit.served, contacts.object)
  const [at, user, job] = [contacts.partner, contacts.user, contacts.role].map((key) => fieldOf(table, key))
  if (!at || !user || !job) return []
  return usersOf(
    unit,
    `SELECT c.${user.column} AS user FROM ${table.from} c
     WHERE c.${at.column} = $1 AND ($2::text IS NULL OR c.${job.column} = $2) AND c.deleted_at IS NULL
     ORDER BY c.created_at, c.id`,
    [partner, role ?? null],
  )
}

/** Everybody whose record among the people satisfies the condition. */
export async function findPeopleWhere(unit: Unit, condition: Json): Promise<string[]> {
  const found = peopleOf(unit.served)
  if (!found) return []
  const values: unknown[] = []
  const where = compileCondition(unit, found.table, condition, values)
  return usersOf(
    unit,
    `SELECT t.${found.user} AS user FROM ${found.table.from} t
     WHERE t.${found.user} IS NOT NULL AND t.deleted_at IS NULL AND ${where} ORDER BY t.created_at, t.id`,
    values,
  )
}

/** Those whose record has these values. Nobody when a field is not one of the people's. */
export async function findPeopleOfScope(
  unit: Unit,
  scope: Readonly<Record<string, Json>>,
): Promise<string[]> {
  const found = peopleOf(unit.served)
  if (!found) return []
  const values: unknown[] = []
  const tests: string[] = []
  for (const [key, value] of Object.entries(scope)) {
    const field = fieldOf(found.table, key)
    // An empty value of the record matches nobody: a step must not reach people of every region by chance.
    if (!field || value === null || value === undefined) return []
    values.push(field.type.toColumn(value, field.definition))
    const test =
      field.type.name === 'multi_choice' ? `$${values.length} = ANY (t.${field.column})` : undefined
    tests.push(test ?? `t.${field.column} = $${values.length}`)
  }
  return usersOf(
    unit,
    `SELECT t.${found.user} AS user FROM ${found.table.from} t
     WHERE t.${found.user} IS NOT NULL AND t.deleted_at IS NULL AND ${tests.join(' AND ') || 'true'}
     ORDER BY t.created_at, t.id`,
    values,
  )
}

/** The object that holds the people, with its table. */
export interface PeopleTable {
  readonly organisation: OrganisationDefinition
  readonly table: RecordTable
  /** Column of the account. */
  readonly user: string
}

export function organisationOf(served: ServedRelease): OrganisationDefinition | undefined {
  return [...served.release.organisations.values()][0]
}

export function peopleOf(served: ServedRelease): PeopleTable | undefined {
  const organisation = organisationOf(served)
  if (!organisation) return undefined
  const table = tableOf(served, organisation.people.object)
  const user = fieldOf(table, organisation.people.user)
  return user && { organisation, table, user: user.column }
}

export function fieldOf(
  table: RecordTable,
  key: string | undefined,
): (RecordField & { readonly column: string }) | undefined {
  const field = key === undefined ? undefined : table.fields.get(key)
  return field?.column ? { ...field, column: field.column } : undefined
}

/** The user that a field of the row names: itself, or through the record of a person. */
export function personAt(
  people: PeopleTable,
  field: { type: { name: string }; column: string },
  row: string,
) {
  if (field.type.name !== 'reference') return `${row}.${field.column}`
  return `(SELECT other.${people.user} FROM ${people.table.from} other
    WHERE other.id = ${row}.${field.column} AND other.deleted_at IS NULL)`
}

/** Level 1 first; one at which nobody stands is empty. */
async function levelsOf(unit: Unit, text: string, values: readonly unknown[]): Promise<string[][]> {
  const rows = await unit.asEngine(() => unit.query<{ user: string | null; level: number }>(text, values))
  const levels: string[][] = []
  for (const { user, level } of rows) {
    while (levels.length < level) levels.push([])
    if (user !== null && !levels[level - 1]?.includes(user)) levels[level - 1]?.push(user)
  }
  return levels
}

async function usersOf(unit: Unit, text: string, values: readonly unknown[]): Promise<string[]> {
  const rows = await unit.asEngine(() => unit.query<{ user: string }>(text, values))
  return [...new Set(rows.map((row) => row.user))]
}
