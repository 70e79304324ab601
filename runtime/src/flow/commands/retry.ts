import Type from 'typebox'
import * as errors from '../../errors/flows.ts'
import { defineCommand } from '../command-kind.ts'
import { contextOf, isActive } from '../context.ts'
import type { Engine } from '../engine.ts'
import { againOf, standingStill } from '../incident.ts'
import { RuleFailed } from '../refuse.ts'
import { closedStatuses, type Incident, isClosed, isOpen, isUndoKey, openStatuses } from '../run.ts'
import { passOn } from './people.ts'
import { closed, Reason } from './shapes.ts'

/** Tries again what stands still, at every step: that alone, with all else as the step has kept it. */
export const retry = defineCommand({
  name: 'retry',
  title: { en: 'Try again', zh: '重试' },
  done: { en: 'let it be tried again', zh: '重试' },
  on: 'run',
  by: 'admin',
  payload: Type.Object({ reason: Reason }, closed),
  during: [...openStatuses.filter((status) => status !== 'suspended'), ...closedStatuses],
  allowed({ run }) {
    if (run.activations.some(({ incident }) => incident !== null)) return null
    const { status } = run
    return isClosed(run)
      ? { error: errors.flowRunClosed, values: { status } }
      : { error: errors.flowNothingToRetry }
  },
  apply(engine, command) {
    const { draft } = engine
    draft.say('retried', { by: command.by, data: { reason: command.reason } })
    for (const { id } of draft.activations.filter(({ incident }) => incident !== null)) {
      const activation = draft.activation(id)
      // One that was tried before it may have ended this one.
      if (activation === undefined || activation.incident === null) continue
      draft.changeActivation({ ...activation, incident: null })
      if (activation.status === 'active')
        for (const task of draft.tasksOf(id))
          if (isOpen(task) && !isActive(engine, task.assignee)) passOn(engine, task.id, task.assignee)
      for (const incident of standingStill(activation)) tryAgain(engine, id, incident)
    }
  },
})

function tryAgain(engine: Engine, id: string, incident: Incident): void {
  const again = againOf(incident)
  if (again !== 'run' && 'effect' in again) {
    askAgain(engine, id, again.effect, incident)
    return
  }
  const activation = engine.draft.activation(id)
  if (activation?.status !== 'active') return
  if (again !== 'run') engine.resume(id, again.event)
  // Where it has stopped anew already it would only do so once more.
  else if (!standingStill(activation).some((one) => againOf(one) === 'run')) engine.run(id)
}

/** What the effect is handed says what its rules say now: whoever lets it be tried again has corrected something. */
function askAgain(engine: Engine, id: string, key: string, incident: Incident): void {
  const { draft, graph } = engine
  const activation = draft.activation(id)
  if (activation === undefined) return
  try {
    // What is taken back is what was done; a closed case does not look at its record, which may be gone.
    const isKept = isUndoKey(key) || draft.closed || !graph.nodes.has(activation.node)
    const place = isKept ? null : engine.locate(id)
    const payload = place === null ? null : place.type.planAnew?.(contextOf(engine, place), key)
    draft.queueAgain(activation, key, payload ?? null)
  } catch (error) {
    if (!(error instanceof RuleFailed)) throw error
    const data = { reason: error.message }
    engine.stop(activation, { code: errors.flowRuleFailed.code, data }, againOf(incident))
  }
}
