import Type from 'typebox'
import { defineCommand } from '../command-kind.ts'
import { closed, Reason } from './shapes.ts'

/** Nobody can act and every clock stands still, with what remains of it, until the run is resumed. */
export const suspend = defineCommand({
  name: 'suspend',
  title: { en: 'Suspend', zh: '挂起' },
  done: { en: 'suspended it', zh: '挂起' },
  on: 'run',
  by: 'admin',
  payload: Type.Object({ reason: Reason }, closed),
  apply({ draft }, command) {
    draft.say('suspended', { by: command.by, data: { reason: command.reason } })
    draft.changeRun({ status: 'suspended' })
  },
})
