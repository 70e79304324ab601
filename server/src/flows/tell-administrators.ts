import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { formatText, type Text } from '@channelwright/runtime/text.ts'
import type { Unit } from '../db/unit.ts'
import { nobody } from './engine-actor.ts'
import { findPeople } from './find-people.ts'
import { writeNotifications } from './notifications.ts'

/** Tells those who administer flows something, here and by e-mail; `run`: the case that it is about. */
export async function messageAdministrators(
  unit: Unit,
  { run, object = '', title, text }: { run: string | null; object?: string; title: Text; text: Text },
): Promise<void> {
  const administrators = await findPeople(unit, { ask: 'admin' }, { object, applicant: nobody, data: {} })
  const data = { title: { ...title }, text: { ...text } }
  await writeNotifications(
    unit,
    administrators.map((recipient) => ({ recipient, kind: 'message', run, data })),
  )
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
