import Type from 'typebox'
import { defineCommand } from '../command-kind.ts'
import { openStatuses } from '../run.ts'
import { closed, Reason } from './shapes.ts'

export const terminate = defineCommand({
  name: 'terminate',
  title: { en: 'Terminate', zh: '终止' },
  done: { en: 'terminated it', zh: '终止' },
  on: 'run',
  by: 'admin',
  payload: Type.Object({ reason: Reason }, closed),
  during: [...openStatuses],
  apply({ draft }, command) {
    draft.say('terminated', { by: command.by, data: { reason: command.reason } })
    draft.close('terminated', null, 'terminated')
  },
})
