import type { DefinitionSet } from '../definition/definition-set.ts'
import type { Diagnostic } from '../definition/diagnostic.ts'
import type { FlowDefinition, FlowNode } from '../definition/flow.ts'
import type { FormDefinition } from '../definition/form.ts'
import type { FieldDefinition, ObjectDefinition } from '../definition/object.ts'
import { diagnose } from '../errors/diagnose.ts'
import { flowFieldComputed } from '../errors/flow-checks.ts'
import * as errors from '../errors/flow-people.ts'
import { findFieldType } from '../fields/index.ts'
import { isJsonObject, type Json } from '../json.ts'
import { blocksOf } from './blocks.ts'

type Rights = Readonly<Record<string, string>>

/**
 * What a step's form requires can be filled in there, or was before; what it opens can be written and is on the form.
 * One that has no task shows nothing.
 */
export function checkScreens(flow: FlowDefinition, set: DefinitionSet): Diagnostic[] {
  const object = set.objects.get(flow.object)
  if (object === undefined) return []
  let filled: ReadonlySet<string> | undefined
  return flow.nodes.flatMap((node, index): Diagnostic[] => {
    const rights = rightsOf(node as FlowNode)
    const { form: named } = node as FlowNode
    const form = set.forms.get(typeof named === 'string' ? named : '')
    const pointer = `/nodes/${index}`
    // Told of already; that a field is missing where its name is misspelt would be the same mistake again.
    if (Object.keys(rights).some((key) => key !== '*' && !(key in object.schema.properties))) return []
    const found = checkWritable(rights, object, form, pointer)
    if (form === undefined || form.object !== flow.object) return found
    filled ??= filledBefore(object, set)
    const known = filled
    return [...found, ...checkRequired(node as FlowNode, flow, form, rights, known, pointer)]
  })
}

function rightsOf(node: FlowNode): Rights {
  return isJsonObject(node.fields as Json) ? (node.fields as Rights) : {}
}

/** Fields that the step opens one by one: no program fills them in, and the form shows them. */
function checkWritable(
  rights: Rights,
  object: ObjectDefinition,
  form: FormDefinition | undefined,
  pointer: string,
): Diagnostic[] {
  const shown = form && shownFields(form)
  return Object.entries(rights).flatMap(([field, right]): Diagnostic[] => {
    const definition = object.schema.properties[field] as FieldDefinition | undefined
    if (right !== 'rw' || definition === undefined) return []
    const path = `${pointer}/fields/${field}`
    const isComputed =
      field in (object.computed ?? {}) || findFieldType(definition['x-field'])?.generated === true
    if (isComputed) return [diagnose(flowFieldComputed, path, { field })]
    if (form === undefined || shown?.has(field)) return []
    const values = { field, form: form.key }
    return [diagnose(errors.flowFieldNotShown, path, values, { severity: 'warning' })]
  })
}

function checkRequired(
  node: FlowNode,
  flow: FlowDefinition,
  form: FormDefinition,
  rights: Rights,
  filled: ReadonlySet<string>,
  pointer: string,
): Diagnostic[] {
  const shown = shownFields(form)
  return Object.entries(form.fields ?? {}).flatMap(([field, { required, value }]): Diagnostic[] => {
    if (required === undefined || required === false || value !== undefined || !shown.has(field)) return []
    const right = rights[field] ?? rights['*'] ?? 'r'
    if (right === 'rw') return []
    const values = { form: form.key, field }
    const at = `${pointer}/${rights[field] === undefined ? 'form' : `fields/${field}`}`
    if (right === 'hidden') return [diagnose(errors.flowRequiredHidden, at, values)]
    if (filled.has(field) || isOpenedBefore(flow, node, field)) return []
    return [diagnose(errors.flowRequiredClosed, at, values)]
  })
}

/** What a record has, or may have been given, before any flow sees it. */
function filledBefore(object: ObjectDefinition, set: DefinitionSet): ReadonlySet<string> {
  const forms = [...set.forms.values()].filter((one) => one.object === object.key && one.purpose !== 'task')
  return new Set([
    ...(object.schema.required ?? []),
    ...Object.keys(object.computed ?? {}),
    ...forms.flatMap((form) => [...shownFields(form), ...Object.keys(form.submit?.set ?? {})]),
    ...Object.entries(object.schema.properties).flatMap(([key, field]) =>
      findFieldType((field as FieldDefinition)['x-field'])?.generated === true ? [key] : [],
    ),
  ])
}

function shownFields(form: FormDefinition): ReadonlySet<string> {
  return new Set(form.steps.flatMap((step) => step.sections.flatMap((section) => section.rows.flat())))
}

/** On every way to the node somebody could write it, or an action does. */
function isOpenedBefore(flow: FlowDefinition, node: FlowNode, field: string): boolean {
  return flow.nodes.some((other) => {
    if (other['x-id'] === node['x-id'] || !blocksOf(flow).dominates(other['x-id'], node['x-id'])) return false
    const rights = rightsOf(other as FlowNode)
    if ((rights[field] ?? rights['*']) === 'rw') return true
    const written = (other as FlowNode).with
    return (
      isJsonObject(written as Json) &&
      (field in (written as object) || (written as { into?: unknown }).into === field)
    )
  })
}
