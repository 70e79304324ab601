import Type from 'typebox'
import * as errors from '../../errors/flows.ts'
import type { Json, JsonObject } from '../../json.ts'
import { defineCommand } from '../command-kind.ts'
import type { Engine } from '../engine.ts'
import { effectKey } from '../run.ts'
import { undoSteps } from '../undo.ts'
import { Comment, closed } from './shapes.ts'

export const withdraw = defineCommand({
  name: 'withdraw',
  title: { en: 'Take it back', zh: '撤回' },
  done: { en: 'took it back', zh: '撤回' },
  on: 'run',
  by: 'applicant',
  payload: Type.Object({ comment: Comment }, closed),
  allowed({ flow, run }) {
    const until = flow.settings?.withdraw ?? 'before_first_action'
    if (until === 'never') return { error: errors.flowWithdrawNever }
    // What waits for the applicant anyway is theirs to take back. What the flow decided by itself is nobody's action.
    const hasActed = run.tasks.some((task) => task.decidedBy !== null && task.decidedBy !== run.applicant)
    const isLate = until === 'before_first_action' && run.status !== 'returned' && hasActed
    return isLate ? { error: errors.flowWithdrawLate } : null
  },
  apply(engine, command) {
    const { draft, flow } = engine
    const { comment = null } = command
    draft.say('withdrawn', { by: command.by, data: { comment } })
    const steps = draft.activations
    if (flow.settings?.afterWithdraw === 'draft' && draft.status !== 'returned') {
      for (const step of draft.active()) draft.cancel(step, 'withdrawn')
      undoSteps(engine, steps)
      writeBack(engine)
      const node = engine.startNode()
      engine.enter(node, null, { cause: 'return', back: null })
      return
    }
    draft.close('withdrawn', null, 'withdrawn')
    undoSteps(engine, steps)
    writeBack(engine)
  },
})

/** The fields that the flow sets when a case is taken back: the state that it may be submitted from again. */
export function writeBack(engine: Engine): void {
  const { draft } = engine
  const [first] = draft.activations
  const values = valuesOnWithdraw(engine)
  if (values === undefined || first === undefined) return
  const seq = draft.activations.length
  draft.queue({
    key: effectKey(draft.id, first.id, 'withdraw', seq),
    activation: first.id,
    type: 'set_fields',
    payload: { values },
  })
}

/** What the flow writes into a record whose case is taken back, as the record stands. */
export function valuesOnWithdraw({ flow, ports }: Engine): JsonObject | undefined {
  const set = flow.settings?.onWithdraw
  if (set === undefined) return undefined
  const values: JsonObject = {}
  for (const [field, rule] of Object.entries(set)) {
    const outcome = ports.evaluate(rule as Json, ports.data)
    if (!outcome.ok) throw new Error(`onWithdraw of flow ${flow.key}, field ${field}: ${outcome.reason}`)
    values[field] = outcome.value
  }
  return values
}
