import Type from 'typebox'
import { defineCommand } from '../command-kind.ts'
import { failedEffects, withoutEffect } from '../incident.ts'
import { closedStatuses, isUndoKey, openStatuses } from '../run.ts'
import { closed, Id } from './shapes.ts'

/**
 * A case that the step began stood still while it was taken back, and somebody has seen to it: the step goes on taking
 * back what it began. Where others of its cases still stand still, it comes to the next of them.
 */
export const partMended = defineCommand({
  name: 'part_mended',
  title: { en: 'Go on taking back', zh: '继续撤销' },
  done: { en: 'let it be tried again', zh: '重试' },
  on: 'run',
  by: 'system',
  payload: Type.Object({ activation: Id }, closed),
  during: [...openStatuses, ...closedStatuses],
  apply({ draft }, { activation: id }) {
    const step = draft.activation(id)
    const keys = step === undefined ? [] : failedEffects(step).filter(isUndoKey)
    if (step === undefined || keys.length === 0) return
    draft.say('retried')
    draft.changeActivation({ ...step, incident: keys.reduce(withoutEffect, step.incident) })
    for (const key of keys) draft.queueAgain(step, key, null)
  },
})
