import type { DefinitionSet } from '../definition/definition-set.ts'
import type { Diagnostic } from '../definition/diagnostic.ts'
import type { FlowDefinition, FlowNode } from '../definition/flow.ts'
import type { FieldDefinition } from '../definition/object.ts'
import type { OrganisationDefinition } from '../definition/organisation.ts'
import { findParty, recordScope } from '../definition/scopes.ts'
import { diagnose } from '../errors/diagnose.ts'
import * as errors from '../errors/flow-checks.ts'
import * as people from '../errors/flow-people.ts'
import { fieldTypeOf } from '../fields/index.ts'
import { suggest } from '../fields/suggest.ts'
import type { Json } from '../json.ts'
import { checkRule } from '../logic/check.ts'
import { traitsOf } from '../nodes/traits.ts'
import type { Text } from '../text.ts'
import { blocksOf } from './blocks.ts'
import { findFieldByPath, scopeOfFlow } from './field-rules.ts'
import { graphOf } from './graph.ts'

/** An entry of `approvers`, as far as its check reads it. */
export interface ApproverEntry {
  readonly kind: string
  readonly role?: string
  readonly scope?: Readonly<Record<string, unknown>>
  readonly path?: string
  readonly of?: unknown
  readonly untilRole?: string
  readonly node?: string
  readonly partner?: string
  readonly rule?: unknown
  readonly range?: readonly ApproverEntry[]
  readonly min?: number
  readonly max?: number
}

interface Place {
  readonly node: FlowNode
  readonly flow: FlowDefinition
  readonly set: DefinitionSet
}

const parts = {
  people: { en: 'its people', zh: '人员' },
  superiors: { en: 'who reports to whom', zh: '上级关系' },
  departments: { en: 'departments and their heads', zh: '部门及负责人' },
  groups: { en: 'groups', zh: '工作组' },
  contacts: { en: 'contacts of partners', zh: '伙伴联系人' },
} satisfies Record<string, Text>

/** One entry of approvers: what it names exists and leads to people. `pointer` leads to the entry. */
export function checkApprover(entry: ApproverEntry, place: Place, pointer: string): Diagnostic[] {
  const { flow, set } = place
  switch (entry.kind) {
    case 'role':
      return [...checkRole(entry.role ?? '', set, `${pointer}/role`), ...checkScope(entry, place, pointer)]
    case 'field':
      return checkUserPath(entry.path ?? '', flow, set, `${pointer}/path`)
    case 'supervisor':
    case 'supervisor_chain':
    case 'dept_head':
      return [
        ...needs(entry.kind === 'dept_head' ? 'departments' : 'superiors', set, `${pointer}/kind`),
        ...(isPath(entry.of) ? checkUserPath(entry.of.path, flow, set, `${pointer}/of/path`) : []),
        ...(entry.untilRole === undefined ? [] : checkRole(entry.untilRole, set, `${pointer}/untilRole`)),
      ]
    case 'node_actor':
      return checkActor(entry.node ?? '', place, `${pointer}/node`)
    case 'picked_by_previous':
    case 'picked_by_applicant':
      return checkPicked(entry, place, pointer)
    case 'group':
      return needs('groups', set, `${pointer}/kind`)
    case 'partner_contact':
      return [
        ...needs('contacts', set, `${pointer}/kind`),
        ...checkPartnerPath(entry.partner ?? '', flow, set, `${pointer}/partner`),
      ]
    case 'query':
      return checkQuery(entry.rule as Json, set, pointer)
    default:
      return []
  }
}

/** A role that some grant gives. */
export function checkRole(role: string, set: DefinitionSet, path: string): Diagnostic[] {
  const roles = new Set([...set.grants.values()].map((grant) => grant.role))
  if (roles.has(role)) return []
  return [diagnose(errors.flowRoleUnknown, path, { role, ...suggest(role, roles) })]
}

/** A path from the record to a user field. */
export function checkUserPath(
  path: string,
  flow: FlowDefinition,
  set: DefinitionSet,
  pointer: string,
): Diagnostic[] {
  const end = findFieldByPath(path, flow.object, set)
  if (!('field' in end))
    return [
      diagnose(errors.flowPathUnknown, pointer, { path, part: end.part, ...suggest(end.part, end.names) }),
    ]
  const type = end.field['x-field']
  // Every object's own record of who made it counts as a user field too, but paths name fields only.
  return type === 'user' ? [] : [diagnose(errors.flowPathNotUser, pointer, { path, type })]
}

function isPath(of: unknown): of is { readonly path: string } {
  return typeof of === 'object' && of !== null && 'path' in of
}

function organisationOf(set: DefinitionSet): OrganisationDefinition | undefined {
  return [...(set.organisations?.values() ?? [])][0]
}

/** The organisation says what the entry asks it for; nothing is said of one that could not be read. */
function needs(part: keyof typeof parts, set: DefinitionSet, path: string): Diagnostic[] {
  if ([...(set.incomplete ?? [])].some((name) => name.startsWith('organisation:'))) return []
  const { people: own, departments, groups, contacts } = organisationOf(set) ?? {}
  const has = {
    people: own,
    superiors: own?.supervisor,
    departments: departments && own?.department,
    groups,
    contacts,
  }[part]
  return has === undefined ? [diagnose(people.flowOrganisationMissing, path, { part: parts[part] })] : []
}

/** The scope names fields of the person and gives each a value of its kind; one that may be empty finds nobody. */
function checkScope({ scope }: ApproverEntry, { node, flow, set }: Place, pointer: string): Diagnostic[] {
  if (scope === undefined) return []
  const missing = needs('people', set, `${pointer}/scope`)
  const object = set.objects.get(organisationOf(set)?.people.object ?? '')
  if (missing.length > 0 || object === undefined) return missing
  const fields = object.schema.properties as Readonly<Record<string, FieldDefinition | undefined>>
  const said = node.onEmpty ?? flow.settings?.onEmpty
  return Object.entries(scope).flatMap(([key, rule]): Diagnostic[] => {
    const path = `${pointer}/scope/${key}`
    const field = fields[key]
    if (field === undefined) {
      const values = { field: key, object: object.key, ...suggest(key, Object.keys(fields)) }
      return [diagnose(people.flowScopeField, path, values)]
    }
    const type = fieldTypeOf(field).ruleType(field)
    const own = type.t === 'list' ? type.of : type
    const expect = own.t === 'null' ? own : { ...own, nullable: true }
    const checked = checkRule(rule as Json, scopeOfFlow(flow, set), { expect, path })
    if (checked.rule === null || said !== undefined || !checked.rule.root.type.nullable)
      return checked.diagnostics
    return [...checked.diagnostics, diagnose(people.flowScopeEmpty, path, {}, { severity: 'warning' })]
  })
}

/** Whoever decided at an earlier step: it has people, and comes before on some way, best on every way. */
function checkActor(id: string, { node, flow }: Place, path: string): Diagnostic[] {
  const graph = graphOf(flow)
  const found = graph.nodes.get(id)
  if (found === undefined)
    return [diagnose(errors.flowEdgeTarget, path, { id, ...suggest(id, graph.nodes.keys()) })]
  const { place, tasks } = traitsOf(found.type)
  const isBefore = id !== node['x-id'] && leadsTo(flow, id, node['x-id'])
  if (!isBefore || tasks !== true || place !== undefined)
    return [diagnose(people.flowActorNode, path, { node: id })]
  const isSure = blocksOf(flow).dominates(id, node['x-id'])
  const others = Array.isArray(node.approvers) && node.approvers.length > 1
  if (isSure || others || (node.onEmpty ?? flow.settings?.onEmpty) !== undefined) return []
  return [diagnose(people.flowActorSkipped, path, { node: id }, { severity: 'warning' })]
}

function leadsTo(flow: FlowDefinition, from: string, to: string): boolean {
  const { out } = graphOf(flow)
  const seen = new Set([from])
  const queue = [from]
  for (const id of queue)
    for (const edge of out.get(id) ?? [])
      if (!seen.has(edge.to)) {
        seen.add(edge.to)
        queue.push(edge.to)
      }
  return from !== to && seen.has(to)
}

function checkPicked(entry: ApproverEntry, place: Place, pointer: string): Diagnostic[] {
  const { node, flow, set } = place
  if (entry.kind === 'picked_by_previous' && isFirst(flow, node['x-id']))
    return [diagnose(errors.flowPickedFirst, pointer)]
  const { range = [], min = 1, max = 100 } = entry
  return [
    ...(min > max ? [diagnose(people.flowPickRange, `${pointer}/min`, { min, max })] : []),
    ...range.flatMap((one, index) => checkApprover(one, { node, flow, set }, `${pointer}/range/${index}`)),
  ]
}

/** Nobody with a task comes before the node: nobody can have picked anyone. */
function isFirst(flow: FlowDefinition, at: string): boolean {
  return !flow.nodes.some(
    (node) =>
      node['x-id'] !== at &&
      traitsOf(node.type).place === undefined &&
      traitsOf(node.type).tasks === true &&
      blocksOf(flow).dominates(node['x-id'], at),
  )
}

/** The record itself, or a path of references that ends at the organisations people belong to. */
function checkPartnerPath(
  path: string,
  flow: FlowDefinition,
  set: DefinitionSet,
  pointer: string,
): Diagnostic[] {
  const party = findParty(set)?.key
  if (path === 'id' && flow.object === party) return []
  const end = findFieldByPath(path.replace(/\.id$/, ''), flow.object, set)
  if (!('field' in end))
    return [
      diagnose(errors.flowPathUnknown, pointer, { path, part: end.part, ...suggest(end.part, end.names) }),
    ]
  const { field } = end
  return field['x-field'] === 'reference' && field['x-object'] === party
    ? []
    : [diagnose(errors.flowNotAReference, pointer, { path, part: path })]
}

function checkQuery(rule: Json, set: DefinitionSet, pointer: string): Diagnostic[] {
  const missing = needs('people', set, `${pointer}/kind`)
  const object = organisationOf(set)?.people.object
  if (missing.length > 0 || object === undefined || !set.objects.has(object)) return missing
  const expect = { t: 'bool', nullable: false } as const
  return checkRule(rule, recordScope(set, object), { expect, level: 'L', path: `${pointer}/rule` })
    .diagnostics
}
