import Type from 'typebox'
import * as errors from '../../errors/flows.ts'
import { writeCaseValues } from '../case-values.ts'
import { defineCommand } from '../command-kind.ts'
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
      writeCaseValues(engine, 'withdraw')
      const node = engine.startNode()
      engine.enter(node, null, { cause: 'return', back: null })
      return
    }
    draft.close('withdrawn', null, 'withdrawn')
    undoSteps(engine, steps)
    writeCaseValues(engine, 'withdraw')
  },
})
