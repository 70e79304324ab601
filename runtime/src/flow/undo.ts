import { isJsonObject, type JsonObject } from '../json.ts'
import { contextOf } from './context.ts'
import type { Engine } from './engine.ts'
import { type Asked, foldPuttingBack } from './put-back.ts'
import { type Activation, effectKey } from './run.ts'

/** Whether something went out into the world at one of these steps that nothing takes back. */
export function hasIrreversible(engine: Engine, steps: readonly Activation[]): boolean {
  return steps.some((activation) => {
    const place = engine.locate(activation.id)
    return place.type.undo?.(contextOf(engine, place, []))?.kind === 'irreversible'
  })
}

/** Queues what takes back the effects of steps that the run leaves behind, the last first; each is undone once. */
export function undoSteps(engine: Engine, steps: readonly Activation[]): void {
  const { draft } = engine
  const earlier = draft.activations.flatMap((activation) => keptOf(engine, activation))
  const taken = [...steps].reverse().flatMap((activation) => {
    const isTaken = activation.status === 'done' && activation.state.undone !== true
    const effects = isTaken ? effectsBack(engine, activation) : null
    return effects === null ? [] : [{ activation, effects }]
  })
  const folded = foldPuttingBack(
    taken.flatMap(({ effects }) => effects),
    earlier,
  )
  let next = 0
  for (const { activation, effects } of taken) {
    for (const index of effects.keys()) {
      const effect = folded[next++]
      if (effect === undefined || isNothing(effect)) continue
      const key = effectKey(draft.id, activation.id, activation.node, `undo${index}`)
      draft.queue({ ...effect, key, activation: activation.id })
    }
    draft.changeActivation({ ...activation, state: { ...activation.state, undone: true } })
    draft.say('undone', { node: activation.node })
  }
}

/** What takes a step back; null where nothing does. */
function effectsBack(engine: Engine, activation: Activation): readonly Asked[] | null {
  if (!engine.graph.nodes.has(activation.node)) return null
  const place = engine.locate(activation.id)
  const undo = place.type.undo?.(contextOf(engine, place, []))
  return undo?.kind === 'effects' ? undo.effects : null
}

/** Of a step that was taken back, what could not be put back because it was written over. */
function keptOf(engine: Engine, activation: Activation): readonly Asked[] {
  const { undone, kept } = activation.state
  if (undone !== true || !Array.isArray(kept)) return []
  return (effectsBack(engine, activation) ?? []).flatMap(({ type, payload }): Asked[] => {
    if (type !== 'put_back' || !isJsonObject(payload.fields ?? null)) return []
    const fields = Object.entries(payload.fields as JsonObject).filter(([field]) => kept.includes(field))
    return [{ type, payload: { ...payload, fields: Object.fromEntries(fields) } }]
  })
}

/** Others that are taken back with it put everything back. */
function isNothing({ type, payload }: Asked): boolean {
  return type === 'put_back' && Object.keys(payload.fields as JsonObject).length === 0
}
