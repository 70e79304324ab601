import { organisationReference, organisationTwice } from '../errors/organisation.ts'
import { linesOf } from '../fields/index.ts'
import type { DefinitionSet } from './definition-set.ts'
import type { Diagnostic } from './diagnostic.ts'
import type { FieldDefinition, ObjectDefinition } from './object.ts'
import type { OrganisationDefinition } from './organisation.ts'
import { Report } from './report.ts'
import { findParty } from './scopes.ts'

/** One organisation per workspace; its objects and fields exist, and references lead where they should. */
export function checkOrganisation(organisation: OrganisationDefinition, set: DefinitionSet): Diagnostic[] {
  const report = new Report(set)
  const { people, departments, groups, contacts } = organisation
  const other = [...set.organisations.keys()].find((key) => key !== organisation.key)
  if (other !== undefined) report.add(organisationTwice, '/key', { other })
  /** A user field, or a reference to the record of a person. */
  const person = (object: ObjectDefinition, key: string, path: string) => {
    const field = report.field(object, key, path, ['user', 'reference'])
    if (field?.['x-field'] === 'reference') leadsTo(report, field, key, people.object, path)
  }
  const reference = (object: ObjectDefinition, key: string, path: string, target: string | undefined) => {
    const field = report.field(object, key, path, ['reference'])
    if (field) leadsTo(report, field, key, target, path)
  }

  const employed = report.find('object', people.object, '/people/object')
  if (employed) {
    report.field(employed, people.user, '/people/user', ['user'])
    if (people.supervisor !== undefined) person(employed, people.supervisor, '/people/supervisor')
    if (people.department !== undefined)
      reference(employed, people.department, '/people/department', departments?.object)
  }
  const department = departments && report.find('object', departments.object, '/departments/object')
  if (department) {
    person(department, departments.head, '/departments/head')
    if (departments.parent !== undefined)
      reference(department, departments.parent, '/departments/parent', departments.object)
  }
  const group = groups && report.find('object', groups.object, '/groups/object')
  if (group) {
    report.field(group, groups.name, '/groups/name', ['text', 'choice'])
    const members = report.field(group, groups.members, '/groups/members', ['lines'])
    const columns = members && linesOf(members)?.properties
    if (columns)
      report.field(
        { ...group, schema: { ...group.schema, properties: columns } },
        groups.user,
        '/groups/user',
        ['user'],
      )
  }
  const contact = contacts && report.find('object', contacts.object, '/contacts/object')
  if (contact) {
    reference(contact, contacts.partner, '/contacts/partner', findParty(set)?.key)
    report.field(contact, contacts.user, '/contacts/user', ['user'])
    report.field(contact, contacts.role, '/contacts/role', ['choice', 'text'])
  }
  return report.diagnostics
}

function leadsTo(
  report: Report,
  field: FieldDefinition,
  name: string,
  expected: string | undefined,
  path: string,
): void {
  const object = String(field['x-object'])
  if (object !== expected)
    report.add(organisationReference, path, { name, object, expected: expected ?? '–' })
}
