import type { DefinitionSet } from '../definition/definition-set.ts'
import type { FlowDefinition, FlowEdge } from '../definition/flow.ts'
import type { FieldDefinition } from '../definition/object.ts'
import { choiceTitle, titleOf } from '../fields/shared.ts'
import type { Json, JsonObject } from '../json.ts'
import { checkRule } from '../logic/check.ts'
import { explainTrace } from '../logic/explain.ts'
import { traceRule } from '../logic/trace.ts'
import type { Locale, Text } from '../text.ts'
import { findFieldByPath, scopeOfFlow } from './field-rules.ts'
import { graphOf } from './graph.ts'
import type { SimulatedBranch } from './simulate.ts'

/** The edges of a flow by their rules. */
export function edgesByRule(flow: FlowDefinition): ReadonlyMap<unknown, FlowEdge> {
  return new Map(flow.edges.flatMap((edge) => (edge.when === undefined ? [] : [[edge.when, edge] as const])))
}

/** A rule of a flow over a record, in words: what it came to and how. */
export function explainFlowRule(
  rule: Json,
  flow: FlowDefinition,
  set: DefinitionSet,
  data: JsonObject,
): Pick<SimulatedBranch, 'trace' | 'reads'> {
  const checked = checkRule(rule, scopeOfFlow(flow, set))
  if (checked.rule === null) return { trace: { en: [], zh: [] }, reads: checked.reads }
  const trace = traceRule(checked.rule, data, data)
  const say = (locale: Locale) =>
    explainTrace(trace, locale, {
      titleOf: (path) => titleOfPath(path, flow.object, set, locale),
      wordOf: (path, value) => wordOfPath(path, value, flow.object, set, locale),
    })
  return { trace: { en: say('en'), zh: say('zh') }, reads: checked.reads }
}

export function titleOfPath(path: string, object: string, set: DefinitionSet, locale: Locale): string {
  const parts = path.split('.')
  return parts
    .flatMap((part, at) => {
      const end = findFieldByPath(parts.slice(0, at + 1).join('.'), object, set)
      return 'field' in end ? [titleOf(end.field as FieldDefinition, locale)] : [part]
    })
    .join(locale === 'zh' ? '·' : ' › ')
}

/** What people call a value of the field at the end of a path, where it is one of a list. */
function wordOfPath(
  path: string,
  value: string,
  object: string,
  set: DefinitionSet,
  locale: Locale,
): string | undefined {
  const end = findFieldByPath(path, object, set)
  return 'field' in end ? choiceTitle(end.field, value, locale) : undefined
}

export function explainEdge(
  edge: FlowEdge,
  flow: FlowDefinition,
  set: DefinitionSet,
  data: JsonObject,
  holds: boolean,
): SimulatedBranch {
  const to = graphOf(flow).nodes.get(edge.to)
  const title: Text = edge.title ?? to?.title ?? { en: edge['x-id'], zh: edge['x-id'] }
  return {
    node: edge.from,
    edge: edge['x-id'],
    title,
    holds,
    ...explainFlowRule(edge.when as Json, flow, set, data),
  }
}
