import type { DefinitionSet } from '../definition/definition-set.ts'
import type { FlowDefinition, FlowNode } from '../definition/flow.ts'
import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import { checkRule } from '../logic/check.ts'
import { findEffectType } from '../nodes/action/effects/index.ts'
import { createFlowEvaluator } from './evaluate.ts'
import { scopeOfFlow } from './field-rules.ts'

/**
 * Keys of the flows that begin each other without end by what they write into their record: this one, … and back to it.
 * Null where none surely does; one that writes what only a rule tells may, and is stopped at a depth when it runs.
 */
export function findWriteCircle(flow: FlowDefinition, set: DefinitionSet): string[] | null {
  const came = new Map<string, string>()
  const queue = [flow.key]
  for (const key of queue)
    for (const next of flowsBegunBy(key === flow.key ? flow : set.flows.get(key), set)) {
      if (came.has(next)) continue
      came.set(next, key)
      if (next !== flow.key) queue.push(next)
    }
  if (!came.has(flow.key)) return null
  const way: string[] = [flow.key]
  for (let at = came.get(flow.key); at !== undefined && at !== flow.key; at = came.get(at)) way.unshift(at)
  return [flow.key, ...way]
}

/** Flows over the same object that begin wherever a step of this one has written: all that their rule reads is written. */
function flowsBegunBy(flow: FlowDefinition | undefined, set: DefinitionSet): string[] {
  if (flow === undefined) return []
  const writes = flow.nodes
    .map((node) => constantsOf(node as FlowNode))
    .filter((values) => Object.keys(values).length > 0)
  if (writes.length === 0) return []
  // An open case of a flow keeps another of it from beginning: none begins itself.
  return [...set.flows.values()].flatMap((other) => {
    if (other.key === flow.key || other.object !== flow.object || other.trigger.type !== 'record') return []
    const when = other.trigger.when as Json
    const { reads } = checkRule(when, scopeOfFlow(other, set))
    const whole = writes.filter((values) => reads.length > 0 && reads.every((path) => path in values))
    if (whole.length === 0) return []
    const evaluate = createFlowEvaluator(other, set)
    const isBegun = whole.some((values) => {
      const outcome = evaluate(when, values)
      return outcome.ok && outcome.value === true
    })
    return isBegun ? [other.key] : []
  })
}

/** What a step writes into the record of its flow, as far as it is no rule. */
function constantsOf({ effect, with: settings }: FlowNode): JsonObject {
  if (typeof effect !== 'string' || !isJsonObject((settings ?? null) as Json)) return {}
  const reckoned = findEffectType(effect)?.reckons?.(settings as never) ?? []
  return Object.fromEntries(
    reckoned.flatMap(({ field, rule, self }) =>
      self === field && (rule === null || typeof rule !== 'object') ? [[field, rule] as const] : [],
    ),
  )
}
