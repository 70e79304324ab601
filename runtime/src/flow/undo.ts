import { isJsonObject, type JsonObject } from '../json.ts'
import { contextOf } from './context.ts'
import type { Engine } from './engine.ts'
import { type Asked, foldPuttingBack, markAnew } from './put-back.ts'
import { type Activation, type Effect, effectKey } from './run.ts'

/** The effect that takes back what cases have done which a step began, whether or not they have ended. */
const takeBackChildren = 'take_back_children'

/** Whether something went out into the world at one of these steps that nothing takes back. */
export function hasIrreversible(engine: Engine, steps: readonly Activation[]): boolean {
  return steps.some((activation) => {
    const place = engine.locate(activation.id)
    return place.type.undo?.(contextOf(engine, place, []))?.kind === 'irreversible'
  })
}

/**
 * Takes back what steps have done that the run leaves behind, the last first; each is undone once. What cases have done
 * that a step began comes in its turn: nothing of before it is touched until they are through.
 */
export function undoSteps(engine: Engine, steps: readonly Activation[]): void {
  const { draft } = engine
  const earlier = draft.activations.flatMap((activation) => keptOf(engine, activation))
  const taken = [...steps].reverse().flatMap(({ id }) => {
    const activation = draft.activation(id)
    if (activation === undefined || activation.state.undone === true) return []
    const effects = effectsBack(engine, activation)
    return effects === null ? [] : [{ activation, effects }]
  })
  const folded = foldPuttingBack(
    taken.flatMap(({ effects }) => effects),
    earlier,
  )
  let next = 0
  for (const { activation, effects } of taken) {
    const { id, node, state } = activation
    const toUndo = effects.flatMap((_, index): JsonObject[] => {
      const effect = folded[next++]
      if (effect === undefined || isNothing(effect)) return []
      const key = effectKey(draft.id, id, node, `undo${index}`)
      return [{ type: effect.type, payload: effect.payload, key }]
    })
    draft.changeActivation({ ...activation, state: { ...state, undone: true, toUndo } })
    draft.say('undone', { node })
  }
  goOnUndoing(engine)
}

/** Once all is taken back that is to be: what the case then writes, as one of its steps. */
export function queueAfterUndoing(engine: Engine, { key, activation: id, type, payload }: Effect): void {
  const { draft } = engine
  const activation = draft.activation(id)
  if (activation === undefined) return
  const toUndo = [...effectsOf(activation), { type, payload, key }]
  draft.changeActivation({ ...activation, state: { ...activation.state, toUndo } })
  // Beside what is under way already, unless something waits for that.
  if (!draft.activations.some((one) => one.id !== id && effectsOf(one).length > 0)) queueThose(engine, id)
}

/** What takes something back is done, or given up: what comes before it has its turn. */
export function hearUndone(engine: Engine, id: string, key: string): void {
  const { draft } = engine
  const activation = draft.activation(id)
  if (activation === undefined || !keysOf(activation).includes(key)) return
  const { undoing: _, ...state } = activation.state
  const left = keysOf(activation).filter((one) => one !== key)
  draft.changeActivation({
    ...activation,
    state: left.length === 0 ? state : { ...state, undoing: left },
  })
  goOnUndoing(engine)
}

/** Steps one after the other, as long as nothing waits for cases that one of them began. */
function goOnUndoing(engine: Engine): void {
  const { draft } = engine
  if (draft.activations.some((one) => keysOf(one).length > 0)) return
  let isFirst = true
  for (const activation of [...draft.activations].reverse()) {
    const effects = effectsOf(activation)
    if (effects.length === 0) continue
    const isAlone = effects.some(({ type }) => type === takeBackChildren)
    if (isAlone && !isFirst) return
    queueThose(engine, activation.id)
    if (isAlone) return
    isFirst = false
  }
}

function queueThose(engine: Engine, id: string): void {
  const { draft } = engine
  const activation = draft.activation(id)
  if (activation === undefined) return
  const effects = effectsOf(activation)
  const later = writtenSince(engine, id)
  for (const effect of effects)
    draft.queue({ ...effect, ...markAnew(effect, later), activation: id, undoes: true })
  const { toUndo: _, ...state } = activation.state
  const undoing = [...keysOf(activation), ...effects.map(({ key }) => key)]
  draft.changeActivation({ ...activation, state: { ...state, undoing } })
}

/** What takes back the steps after this one that stand: while it waited for its turn the case has gone on. */
function writtenSince(engine: Engine, id: string): readonly Asked[] {
  const { activations } = engine.draft
  return activations
    .slice(activations.findIndex((one) => one.id === id) + 1)
    .flatMap((one) => (one.state.undone === true ? [] : (effectsBack(engine, one) ?? [])))
}

/** What is still to be asked for. */
function effectsOf({ state }: Activation): readonly Omit<Effect, 'activation'>[] {
  return Array.isArray(state.toUndo) ? (state.toUndo as unknown as Omit<Effect, 'activation'>[]) : []
}

/** Whether something of the step has been asked to be taken back and is not yet. */
export function asksBack(step: Activation): boolean {
  return keysOf(step).length > 0
}

/** What has been asked for and is not done. */
function keysOf({ state }: Activation): readonly string[] {
  return Array.isArray(state.undoing) ? (state.undoing as string[]) : []
}

/** What takes a step back; null where nothing does. */
function effectsBack(engine: Engine, activation: Activation): readonly Asked[] | null {
  if (!engine.graph.nodes.has(activation.node)) return null
  const place = engine.locate(activation.id)
  const undo = place.type.undo?.(contextOf(engine, place, []))
  // However a step was left, the cases that it began have done what they have done.
  if (undo?.kind === 'children') return [{ type: takeBackChildren, payload: {} }]
  // A step that was broken off may have written before.
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
