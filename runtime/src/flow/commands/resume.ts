import Type from 'typebox'
import { defineCommand } from '../command-kind.ts'
import { startTimer } from '../timers.ts'
import { closed, Reason } from './shapes.ts'

export const resume = defineCommand({
  name: 'resume',
  title: { en: 'Resume', zh: '恢复' },
  done: { en: 'let it go on', zh: '恢复' },
  on: 'run',
  by: 'admin',
  payload: Type.Object({ reason: Reason }, closed),
  during: ['suspended'],
  apply(engine, command) {
    const { draft } = engine
    draft.say('resumed', { by: command.by, data: { reason: command.reason } })
    draft.changeRun({ status: 'running' })
    for (const timer of draft.timers) {
      // The clock of a task that waits for others stood still before the run did.
      const isResting = timer.task !== null && draft.task(timer.task)?.state === 'waiting'
      if (timer.state === 'open' && !isResting) startTimer(engine, timer)
    }
  },
})
