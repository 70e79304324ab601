import { isJsonObject } from '@channelwright/runtime/json.ts'
import { writeNotifications } from '../notifications.ts'
import type { ApplyEffect } from './index.ts'

export const notifyEffect: ApplyEffect = async (unit, run, payload) => {
  const people = Array.isArray(payload.people) ? payload.people.filter((one) => typeof one === 'string') : []
  const title = isJsonObject(payload.title) ? payload.title : {}
  const text = isJsonObject(payload.text) ? payload.text : {}
  await writeNotifications(
    unit,
    people.map((recipient) => ({ recipient, kind: 'message', run: run.id, data: { title, text } })),
  )
  return { told: people.length }
}
