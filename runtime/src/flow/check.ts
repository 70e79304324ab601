import type { DefinitionSet } from '../definition/definition-set.ts'
import type { Diagnostic } from '../definition/diagnostic.ts'
import type { FlowDefinition, FlowEdge, FlowNode } from '../definition/flow.ts'
import { checkShape } from '../definition/shape.ts'
import { diagnose } from '../errors/diagnose.ts'
import * as errors from '../errors/flow-checks.ts'
import { suggest } from '../fields/suggest.ts'
import type { Json } from '../json.ts'
import { checkRule } from '../logic/check.ts'
import { findNodeType, nodeTypes } from '../nodes/index.ts'
import { checkFieldRules, scopeOfFlow } from './field-rules.ts'
import { checkStructure } from './structure.ts'

const bool = { t: 'bool', nullable: false } as const

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
    ...checkRule(flow.trigger.when as Json, scope, { expect: bool, path: '/trigger/when' }).diagnostics,
  )
  found.push(
    ...checkFieldRules(flow.settings?.onWithdraw ?? {}, flow.object, flow, set, '/settings/onWithdraw'),
  )
  if (flow.settings?.withdraw !== 'never' && flow.settings?.onWithdraw === undefined)
    found.push(diagnose(errors.flowWithdrawLeaves, '/settings', {}, { severity: 'warning' }))
  for (const [index, node] of flow.nodes.entries())
    found.push(...checkNode(node as FlowNode, flow, set, `/nodes/${index}`))
  const types = new Map(flow.nodes.map((node) => [node['x-id'], findNodeType(node.type)]))
  for (const [index, edge] of flow.edges.entries()) {
    const type = types.get(edge.from)
    if (type === undefined) continue
    const conditional = type.conditional === true
    found.push(...checkEdgeRule(edge, conditional, `/edges/${index}`))
    if (conditional && edge.when !== undefined)
      found.push(
        ...checkRule(edge.when as Json, scope, { expect: bool, path: `/edges/${index}/when` }).diagnostics,
      )
  }
  return found
}

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

function checkEdgeRule(edge: FlowEdge, conditional: boolean, pointer: string): Diagnostic[] {
  const complain = (en: string, zh: string, part: string) => [
    diagnose(errors.flowEdgeCondition, `${pointer}/${part}`, { problem: { en, zh } }),
  ]
  if (!conditional) {
    if (edge.when !== undefined)
      return complain('Only edges of a condition carry a rule.', '只有条件节点的连线可以带规则。', 'when')
    if (edge.default === true)
      return complain(
        'Only edges of a condition can be the default.',
        '只有条件节点的连线可以设为默认。',
        'default',
      )
    return []
  }
  if (edge.default === true && edge.when !== undefined)
    return complain('The default edge carries no rule.', '默认连线不带规则。', 'when')
  if (edge.default !== true && edge.when === undefined)
    return complain('This edge needs a rule.', '该连线缺少规则。', 'when')
  return []
}
