import Type from 'typebox'
import { defineCommand } from '../command-kind.ts'
import { closed, Reason } from './shapes.ts'

export const resume = defineCommand({
  name: 'resume',
  title: { en: 'Resume', zh: '恢复' },
  done: { en: 'let it go on', zh: '恢复' },
  on: 'run',
  by: 'admin',
  payload: Type.Object({ reason: Reason }, closed),
  during: ['suspended'],
  apply({ draft }, command) {
    draft.say('resumed', { by: command.by, data: { reason: command.reason } })
    draft.changeRun({ status: 'running' })
  },
})
