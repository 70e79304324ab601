import type { FlowDefinition } from '../definition/flow.ts'
import type { JsonObject } from '../json.ts'
import { findEffectType } from '../nodes/action/effects/index.ts'
import { findNodeType } from '../nodes/index.ts'
import { isCaseMoment, planCaseValues } from './case-values.ts'
import type { FlowPorts } from './command.ts'
import { contextOf } from './context.ts'
import { RunDraft } from './draft.ts'
import { Engine } from './engine.ts'
import { graphOf } from './graph.ts'
import { RuleFailed } from './refuse.ts'
import type { Effect, FlowRun } from './run.ts'

export function isReckonedLate({ type }: Pick<Effect, 'type'>): boolean {
  return findEffectType(type)?.reckonedLate === true
}

/**
 * What an effect would be handed if its step asked for it now, as the record stands in `ports`; null where what it was
 * handed does not hang on the record, as with what is taken back. Two branches that add to one field both count so.
 * Fails with a reason when a rule can't be reckoned any more.
 */
export function planAnew(
  flow: FlowDefinition,
  run: FlowRun,
  effect: Pick<Effect, 'key' | 'type' | 'activation'>,
  ports: FlowPorts,
):
  | { readonly ok: true; readonly payload: JsonObject | null }
  | { readonly ok: false; readonly reason: string } {
  const nothing = { ok: true, payload: null } as const
  if (!isReckonedLate(effect)) return nothing
  const engine = new Engine(flow, new RunDraft(run, ports.now), ports)
  const activation = run.activations.find(({ id }) => id === effect.activation)
  const node = activation && engine.graph.nodes.get(activation.node)
  if (activation === undefined || node === undefined || findNodeType(node.type) === undefined) return nothing
  const [, , asked] = effect.key.split(':')
  try {
    // What the case writes as a whole is asked for by no step.
    if (asked !== activation.node) {
      return isCaseMoment(asked) ? { ok: true, payload: planCaseValues(engine, asked) } : nothing
    }
    const place = engine.locate(activation.id)
    return { ok: true, payload: place.type.planAnew?.(contextOf(engine, place, []), effect.key) ?? null }
  } catch (error) {
    if (error instanceof RuleFailed) return { ok: false, reason: error.message }
    throw error
  }
}

/** Fields of the record as they must be read for `planAnew`, where those of the record may have moved on. */
export function valuesMeant(
  flow: FlowDefinition,
  run: FlowRun,
  { key, activation: id }: Pick<Effect, 'key' | 'activation'>,
): JsonObject {
  const activation = run.activations.find((one) => one.id === id)
  const node = activation && graphOf(flow).nodes.get(activation.node)
  return (node && findNodeType(node.type)?.meant?.({ node, activation }, key)) ?? {}
}
