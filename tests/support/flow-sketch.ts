import type { JsonObject } from '@channelwright/runtime/json.ts'

/** The same in both languages: for tests that ask what is done, not what it is called. */
export const word = (text: string) => ({ en: text, zh: text })

/** A node that is called by its id. */
export const step = (id: string, type: string, more: JsonObject = {}): JsonObject => ({
  'x-id': id,
  type,
  title: word(id),
  ...more,
})
