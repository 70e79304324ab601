import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { formatText, type Text } from '@channelwright/runtime/text.ts'
import type { Unit } from '../db/unit.ts'
import { nobody } from './engine-actor.ts'
import { findPeople } from './find-people.ts'
import { type NewNotification, writeNotifications } from './notifications.ts'

/** Tells each of those who administer flows, here and by e-mail. */
export async function tellAdministrators(
  unit: Unit,
  notes: readonly Omit<NewNotification, 'recipient'>[],
): Promise<void> {
  // Who administers flows is asked of no record.
  const administrators = await findPeople(unit, { ask: 'admin' }, { object: '', applicant: nobody, data: {} })
  await writeNotifications(
    unit,
    administrators.flatMap((recipient) => notes.map((note) => ({ ...note, recipient }))),
  )
}

/** The same in words; `run`: the case that they are about. */
export function messageAdministrators(
  unit: Unit,
  { run, title, text }: { run: string | null; title: Text; text: Text },
): Promise<void> {
  return tellAdministrators(unit, [
    { kind: 'message', run, data: { title: { ...title }, text: { ...text } } },
  ])
}

/** A failure in the words of its code; what has none is nothing that people could mend. */
export function describeFailure(error: unknown): Text {
  if (!(error instanceof Refusal)) return { en: 'internal error', zh: '内部错误' }
  const { definition, values } = error
  return {
    en: formatText(definition.message, 'en', values),
    zh: formatText(definition.message, 'zh', values),
  }
}
