import { contextOf } from './context.ts'
import type { Engine } from './engine.ts'
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
  for (const activation of [...steps].reverse()) {
    if (activation.status !== 'done' || activation.state.undone === true) continue
    if (!engine.graph.nodes.has(activation.node)) continue
    const place = engine.locate(activation.id)
    const undo = place.type.undo?.(contextOf(engine, place, []))
    if (undo?.kind !== 'effects') continue
    for (const [index, effect] of undo.effects.entries())
      draft.queue({
        ...effect,
        key: effectKey(draft.id, activation.id, activation.node, `undo${index}`),
        activation: activation.id,
      })
    draft.changeActivation({ ...activation, state: { ...activation.state, undone: true } })
    draft.say('undone', { node: activation.node })
  }
}
