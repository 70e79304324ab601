import type { DefinitionSet } from '../definition/definition-set.ts'
import type { FlowDefinition, FlowNode } from '../definition/flow.ts'
import { isJsonObject, type JsonObject } from '../json.ts'
import { findEffectType } from '../nodes/action/effects/index.ts'
import { readsOfFlow } from './evaluate.ts'

const kept = new WeakMap<FlowDefinition, ReadonlySet<string>>()

/**
 * The fields of its record that a flow reads, writes or opens: with `lock: fields` nobody but the flow changes them
 * while a case is open, for the decisions were made on them or will be overwritten. Fields of records that references
 * lead to are not held, the references are.
 */
export function lockedFields(flow: FlowDefinition, set: DefinitionSet): ReadonlySet<string> {
  const known = kept.get(flow)
  if (known !== undefined) return known
  const found = new Set(readsOfFlow(flow, set).map((path) => path.split('.')[0] ?? ''))
  // Conditions over other records read the flow's own as `$record`.
  for (const [, key] of JSON.stringify(flow.nodes).matchAll(/"\$record\.([a-z0-9_]+)/g)) found.add(key ?? '')
  const { onWithdraw = {}, expire } = flow.settings ?? {}
  for (const key of [...Object.keys(onWithdraw), ...Object.keys(expire?.values ?? {})]) found.add(key)
  for (const node of flow.nodes as readonly FlowNode[]) {
    for (const key of isJsonObject(node.fields as never) ? Object.keys(node.fields as object) : [])
      if (key !== '*') found.add(key)
    if (typeof node.into === 'string') found.add(node.into)
    const heard = isJsonObject(node.for as never) ? (node.for as JsonObject).values : undefined
    for (const key of isJsonObject(heard ?? null) ? Object.keys(heard as JsonObject) : []) found.add(key)
    if (typeof node.effect === 'string' && isJsonObject(node.with as never))
      for (const key of writtenBy(node.effect, node.with as Record<string, unknown>)) found.add(key)
  }
  kept.set(flow, found)
  return found
}

/** Fields of the flow's own record that an effect writes. */
function writtenBy(effect: string, settings: Readonly<Record<string, unknown>>): readonly string[] {
  const own = findEffectType(effect)?.writes?.(settings)
  return own ?? (typeof settings.into === 'string' ? [settings.into] : [])
}
