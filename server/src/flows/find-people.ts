import { idAt, type PeopleQuestion, peopleOfLevels } from '@channelwright/runtime/flow/people.ts'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import { mayDo } from '../access/platform-rights.ts'
import type { Unit } from '../db/unit.ts'
import {
  findContacts,
  findDepartmentHeads,
  findGroup,
  findPeopleOfScope,
  findPeopleWhere,
  findSuperiors,
} from './organisation.ts'

/** The record and the person that a question is about. */
export interface PeopleSubject {
  readonly object: string
  readonly applicant: string
  /** The record with what its references lead to. */
  readonly data: JsonObject
}

/**
 * Answers a question of a node about people: ids of active members, each once, in a fixed order; of superiors and
 * heads the nearest first.
 */
export async function findPeople(
  unit: Unit,
  question: PeopleQuestion,
  subject: PeopleSubject,
): Promise<readonly string[]> {
  switch (question.ask) {
    case 'user':
      return keepActive(unit, [question.user])
    case 'applicant':
      return keepActive(unit, [subject.applicant])
    case 'field': {
      const user = idAt(subject.data, question.path)
      return user === null ? [] : keepActive(unit, [user])
    }
    case 'role': {
      const holders = await findByRole(unit, question.role, subject)
      const { scope } = question
      if (scope === undefined || holders.length === 0) return holders
      const inside = new Set(await findPeopleOfScope(unit, scope))
      return holders.filter((user) => inside.has(user))
    }
    case 'superiors':
      return keepOfLevels(unit, await findSuperiors(unit, question.of), question.level)
    case 'department_heads':
      return keepOfLevels(unit, await findDepartmentHeads(unit, question.of), question.level)
    case 'group':
      return keepActive(unit, await findGroup(unit, question.group))
    case 'partner_contact':
      return keepActive(unit, await findContacts(unit, question.partner, question.role))
    case 'query':
      return keepActive(unit, await findPeopleWhere(unit, question.rule))
    case 'admin': {
      const { release } = unit.served
      const roles = [...release.roles.keys()].filter((role) => mayDo(release, [role], 'administer_flows'))
      return queryMembers(unit, 'm.roles && $2::text[]', [roles])
    }
  }
}

/**
 * Everybody of a role; of a role for partner people only those of the organisation that owns the record, so that no
 * case is ever shown to another partner.
 */
async function findByRole(unit: Unit, role: string, subject: PeopleSubject): Promise<readonly string[]> {
  const { release } = unit.served
  if (release.roles.get(role)?.for !== 'partner') return queryMembers(unit, '$2 = ANY (m.roles)', [role])
  const owner = release.objects.get(subject.object)?.owner
  const partner =
    subject.object === release.party
      ? idAt(subject.data, 'id')
      : owner === undefined
        ? null
        : idAt(subject.data, owner)
  if (partner === null) return []
  return queryMembers(unit, '$2 = ANY (m.roles) AND m.partner = $3', [role, partner])
}

/** The active members of one partner who have the role. */
export function membersOfPartner(unit: Unit, role: string, partner: string): Promise<readonly string[]> {
  return queryMembers(unit, '$2 = ANY (m.roles) AND m.partner = $3', [role, partner])
}

/** Those of the users who are active members, in the order in which they are given. */
export async function keepActive(unit: Unit, users: readonly string[]): Promise<readonly string[]> {
  if (users.length === 0) return []
  const active = new Set(await queryMembers(unit, 'm.user_id = ANY ($2::uuid[])', [users]))
  return users.filter((user) => active.has(user))
}

async function keepOfLevels(
  unit: Unit,
  levels: readonly (readonly string[])[],
  level: number | undefined,
): Promise<readonly string[]> {
  const active = new Set(await keepActive(unit, levels.flat()))
  return peopleOfLevels(levels, level, (user) => active.has(user))
}

async function queryMembers(
  unit: Unit,
  condition: string,
  values: readonly unknown[],
): Promise<readonly string[]> {
  const { rows } = await unit.services.owner.query<{ user_id: string }>(
    `SELECT m.user_id FROM channelwright.membership m
     WHERE m.workspace = $1 AND m.status = 'active' AND ${condition} ORDER BY m.created_at, m.user_id`,
    [unit.served.workspace.id, ...values],
  )
  return rows.map((row) => row.user_id)
}
