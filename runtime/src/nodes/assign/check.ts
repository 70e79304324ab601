import type { DefinitionSet } from '../../definition/definition-set.ts'
import type { Diagnostic } from '../../definition/diagnostic.ts'
import type { FlowDefinition } from '../../definition/flow.ts'
import type { FieldDefinition } from '../../definition/object.ts'
import { recordScope } from '../../definition/scopes.ts'
import { danglingCalendar } from '../../errors/definitions.ts'
import { diagnose } from '../../errors/diagnose.ts'
import * as errors from '../../errors/flow-checks.ts'
import { suggest } from '../../fields/suggest.ts'
import { checkRole } from '../../flow/check-approvers.ts'
import { findFieldByPath } from '../../flow/field-rules.ts'
import type { Json } from '../../json.ts'
import { checkRule } from '../../logic/check.ts'
import type { NodeOf } from '../node-type.ts'
import { checkAftermath } from './aftermath.ts'
import type { AssignSettings } from './settings.ts'

const bool = { t: 'bool', nullable: false } as const

/** Candidates, fields and rules exist and fit each other. */
export function checkAssign(
  node: NodeOf<typeof AssignSettings>,
  flow: FlowDefinition,
  set: DefinitionSet,
  pointer: string,
): Diagnostic[] {
  const candidate = set.objects.get(node.candidates)
  if (candidate === undefined) {
    if (set.incomplete?.has(`object:${node.candidates}`)) return []
    const values = { object: node.candidates, ...suggest(node.candidates, set.objects.keys()) }
    return [diagnose(errors.flowObjectUnknown, `${pointer}/candidates`, values)]
  }
  const found: Diagnostic[] = []
  const into = findFieldByPath(node.into, flow.object, set)
  const fits =
    'field' in into && into.field['x-field'] === 'reference' && into.field['x-object'] === node.candidates
  if (!fits) {
    const values = { path: node.into, part: 'field' in into ? node.into : into.part }
    found.push(diagnose(errors.flowNotAReference, `${pointer}/into`, values))
  }
  const fields = candidate.schema.properties as Readonly<Record<string, FieldDefinition | undefined>>
  const expectField = (key: string | undefined, types: readonly string[], path: string) => {
    if (key === undefined) return
    const field = fields[key]
    if (field !== undefined && types.includes(field['x-field'])) return
    const known = Object.keys(fields).filter((one) => types.includes(fields[one]?.['x-field'] ?? ''))
    const values = { object: node.candidates, field: key, ...suggest(key, known) }
    found.push(diagnose(errors.flowFieldUnknown, path, values))
  }
  const scope = recordScope(set, node.candidates, {
    extra: { $record: { t: 'ref', nullable: false, object: flow.object } },
  })
  for (const [index, rule] of node.rules.entries()) {
    const path = `${pointer}/rules/${index}`
    if (rule.where !== undefined)
      found.push(
        ...checkRule(rule.where as Json, scope, { expect: bool, level: 'L', path: `${path}/where` })
          .diagnostics,
      )
    expectField(rule.weight, ['integer'], `${path}/weight`)
    expectField(rule.capacity, ['integer'], `${path}/capacity`)
  }
  if (node.open !== undefined) {
    const own = recordScope(set, flow.object)
    const path = `${pointer}/open`
    found.push(...checkRule(node.open as Json, own, { expect: bool, level: 'L', path }).diagnostics)
  }
  if (node.ask?.reserve === true)
    for (const [index, rule] of node.rules.entries())
      if (rule.by === 'broadcast')
        found.push(diagnose(errors.flowReserveOne, `${pointer}/rules/${index}/by`, { field: node.into }))
  found.push(...checkAftermath(node.ask?.on, node, flow, set, `${pointer}/ask/on`))
  for (const part of ['ask', 'available'] as const) {
    const contacts = node[part]?.contacts
    if (contacts === undefined) continue
    const path = `${pointer}/${part}/contacts`
    if ('field' in contacts) expectField(contacts.field, ['user'], `${path}/field`)
    if ('role' in contacts) found.push(...checkRole(contacts.role, set, `${path}/role`))
  }
  const { calendar, calendarOf } = node.available ?? {}
  if (calendar !== undefined && !set.calendars.has(calendar)) {
    const values = { name: calendar, ...suggest(calendar, set.calendars.keys()) }
    found.push(diagnose(danglingCalendar, `${pointer}/available/calendar`, values))
  }
  expectField(calendarOf, ['choice', 'text'], `${pointer}/available/calendarOf`)
  return found
}
