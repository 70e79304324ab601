import Type from 'typebox'
import * as errors from '../../errors/flows.ts'
import { defineCommand } from '../command-kind.ts'
import { millisBetween } from '../due-time.ts'
import { closed } from './shapes.ts'

/** People are not reminded more often than this, in milliseconds. */
const pause = 2 * 3_600_000

export const remind = defineCommand({
  name: 'remind',
  title: { en: 'Remind', zh: '催办' },
  done: { en: 'reminded those who are waited for', zh: '催办' },
  on: 'run',
  by: 'applicant',
  payload: Type.Object({}, closed),
  allowed({ run, now }) {
    if (!run.tasks.some(({ state, assignee }) => state === 'pending' && assignee !== run.applicant))
      return { error: errors.flowNobodyToRemind }
    const isSoon = run.remindedAt !== null && millisBetween(run.remindedAt, now) < pause
    return isSoon ? { error: errors.flowRemindedLately } : null
  },
  apply(engine, command) {
    const { draft } = engine
    const count = draft.view().reminders + 1
    draft.changeRun({ remindedAt: engine.now, reminders: count })
    for (const task of draft.tasks)
      if (task.state === 'pending' && task.assignee !== command.by)
        draft.say('reminded', {
          by: command.by,
          node: task.node,
          task: task.id,
          data: { assignee: task.assignee, count },
        })
  },
})
