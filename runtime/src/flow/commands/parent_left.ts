import Type from 'typebox'
import { writeCaseValues } from '../case-values.ts'
import { defineCommand } from '../command-kind.ts'
import { closedStatuses, openStatuses } from '../run.ts'
import { undoSteps } from '../undo.ts'
import { closed } from './shapes.ts'

/**
 * The step that started this case does not wait for it any more: the case ends, where it has not. Where the step was
 * taken back so is what the case has done, ended or not; where it was left behind, what is done stays done.
 */
export const parentLeft = defineCommand({
  name: 'parent_left',
  title: { en: 'Not waited for any more', zh: '上级流程已离开' },
  done: { en: 'no longer waits for it', zh: '不再等待' },
  on: 'run',
  by: 'system',
  payload: Type.Object({ back: Type.Boolean() }, closed),
  during: [...openStatuses, ...closedStatuses],
  apply(engine, { back }) {
    const { draft } = engine
    const reason = 'parent_left'
    // What was taken back before is, and what has ended stays what it came to; what it has done does not.
    if (draft.closed && (!back || draft.status === 'withdrawn')) return
    if (!draft.closed) {
      draft.say(back ? 'withdrawn' : 'terminated', { data: { reason } })
      draft.close(back ? 'withdrawn' : 'terminated', null, reason)
    }
    if (!back) return
    undoSteps(engine, draft.activations)
    writeCaseValues(engine, 'withdraw')
  },
})
