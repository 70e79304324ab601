import type { DefinitionSet } from '../definition/definition-set.ts'
import type { Diagnostic } from '../definition/diagnostic.ts'
import type { FlowDefinition, FlowNode } from '../definition/flow.ts'
import { checkShape } from '../definition/shape.ts'
import { diagnose } from '../errors/diagnose.ts'
import * as errors from '../errors/flow-checks.ts'
import * as triggerErrors from '../errors/flow-triggers.ts'
import { suggest } from '../fields/suggest.ts'
import { findNodeType, nodeTypes } from '../nodes/index.ts'
import { checkRecipients } from '../nodes/recipients.ts'
import { checkEdges } from './check-edges.ts'
import { checkScreens } from './check-screens.ts'
import { checkCalendar } from './check-timeouts.ts'
import { passesByTime } from './expiry.ts'
import { checkFieldRules, scopeOfFlow } from './field-rules.ts'
import { checkStructure } from './structure.ts'
import { findFlowCircle, flowsStartedBy } from './subflows.ts'
import { findTriggerType } from './triggers/index.ts'
import { findWriteCircle } from './write-circles.ts'

/**
 * Everything wrong with a flow that can be known before it runs. The structure first: what the nodes and rules say
 * is only looked at where the graph makes sense. Never throws.
 */
export function checkFlow(flow: FlowDefinition, set: DefinitionSet): Diagnostic[] {
  const found: Diagnostic[] = [...checkStructure(flow)]
  if (!set.objects.has(flow.object)) {
    const values = { object: flow.object, ...suggest(flow.object, set.objects.keys()) }
    found.push(diagnose(errors.flowObjectUnknown, '/object', values))
    return found
  }
  const scope = scopeOfFlow(flow, set)
  found.push(
    ...(findTriggerType(flow.trigger.type)?.check(flow.trigger as never, flow, set, '/trigger') ?? []),
  )
  found.push(
    ...checkFieldRules(flow.settings?.onWithdraw ?? {}, flow.object, flow, set, '/settings/onWithdraw'),
  )
  found.push(...checkExpiry(flow, set), ...checkSummary(flow, set), ...checkAmount(flow, set))
  found.push(...checkTellEnd(flow, set))
  const circle = findWriteCircle(flow, set)?.join(' → ')
  if (circle !== undefined)
    found.push(diagnose(errors.flowWriteCircle, '/trigger', { flows: circle }, { severity: 'warning' }))
  if (flow.settings?.withdraw !== 'never' && flow.settings?.onWithdraw === undefined)
    found.push(diagnose(errors.flowWithdrawLeaves, '/settings', {}, { severity: 'warning' }))
  for (const [index, node] of flow.nodes.entries())
    found.push(...checkNode(node as FlowNode, flow, set, `/nodes/${index}`))
  found.push(...checkEdges(flow, scope), ...checkStarted(flow, set))
  found.push(...checkCalendar(flow, set), ...checkScreens(flow, set))
  return found
}

/** What lists tell with a case are fields of its record. */
function checkSummary(flow: FlowDefinition, set: DefinitionSet): Diagnostic[] {
  const known = Object.keys(set.objects.get(flow.object)?.schema.properties ?? {})
  return (flow.settings?.summary ?? []).flatMap((field, index) =>
    known.includes(field)
      ? []
      : [
          diagnose(errors.flowFieldUnknown, `/settings/summary/${index}`, {
            object: flow.object,
            field,
            ...suggest(field, known),
          }),
        ],
  )
}

/** Whoever is told of the end is named by a field that names people. */
function checkTellEnd(flow: FlowDefinition, set: DefinitionSet): Diagnostic[] {
  const [node] = flow.nodes
  const { tellEnd } = flow.settings ?? {}
  return Array.isArray(tellEnd) && node !== undefined
    ? checkRecipients(tellEnd, { node: node as FlowNode, flow, set }, '/settings/tellEnd')
    : []
}

/** What the flow names as its amount can be compared with a limit. */
function checkAmount(flow: FlowDefinition, set: DefinitionSet): Diagnostic[] {
  const field = flow.settings?.amount
  const properties = set.objects.get(flow.object)?.schema.properties ?? {}
  const fits = Object.keys(properties).filter((key) => amounts.has(properties[key]?.['x-field'] ?? ''))
  if (field === undefined || fits.includes(field)) return []
  const values = { field, object: flow.object, known: fits.join(', ') || '—' }
  return [diagnose(errors.flowAmountField, '/settings/amount', values)]
}

const amounts: ReadonlySet<string> = new Set(['money', 'decimal', 'integer', 'percent'])

function checkNode(node: FlowNode, flow: FlowDefinition, set: DefinitionSet, pointer: string): Diagnostic[] {
  const type = findNodeType(node.type)
  if (type === undefined) {
    const known = nodeTypes.map((candidate) => candidate.name).join(', ')
    return [diagnose(errors.flowNodeType, `${pointer}/type`, { type: node.type, known })]
  }
  const { 'x-id': _id, type: _type, title: _title, ...settings } = node
  const misfits = checkShape(type.settings, settings, pointer)
  return misfits.length > 0 ? misfits : type.check(node, flow, set, pointer)
}

/** Flows that this one starts exist, and none leads back here. */
function checkStarted(flow: FlowDefinition, set: DefinitionSet): Diagnostic[] {
  return flowsStartedBy(flow).flatMap(({ index, started }): Diagnostic[] => {
    const path = `/nodes/${index}${started.at}`
    if (!set.flows.has(started.flow)) {
      if (set.incomplete?.has(`flow:${started.flow}`)) return []
      const values = { flow: started.flow, ...suggest(started.flow, set.flows.keys()) }
      return [diagnose(errors.flowUnknown, path, values)]
    }
    const circle = findFlowCircle(flow.key, started.flow, set)
    return circle === null ? [] : [diagnose(errors.flowStartsItself, path, { flows: circle.join(' → ') })]
  })
}

/** The end that a case expires by is one, and no approval where money moves; what it writes then fits. */
function checkExpiry(flow: FlowDefinition, set: DefinitionSet): Diagnostic[] {
  const { end, values = {} } = flow.settings?.expire ?? {}
  const found = checkFieldRules(values, flow.object, flow, set, '/settings/expire/values')
  if (end === undefined) return found
  const node = flow.nodes.find((one) => one['x-id'] === end)
  if (node === undefined || findNodeType(node.type)?.place !== 'end')
    found.push(diagnose(triggerErrors.flowExpireEnd, '/settings/expire/end', { node: end }))
  else if (passesByTime(flow, node as FlowNode))
    found.push(diagnose(errors.flowMoneyExpiry, '/settings/expire/end'))
  return found
}
