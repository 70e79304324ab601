import type { DefinitionSource } from '@channelwright/runtime/definition/definition-set.ts'
import { readPacks } from '@channelwright/server/packs/read-pack.ts'

/** The packs of the product, and how tests break them. */

export const packs = await readPacks([new URL('../../templates', import.meta.url).pathname])

/** Those that are broken on purpose, and no more: every mistake reads all of them anew. */
const breakable = new Set([
  'china_calendar',
  'deal_registration',
  'organisation',
  'partner_master',
  'registration_bonus',
])

export const sources = packs.sources.filter((source) => breakable.has(source.pack))

/** The text of `path` of a pack, changed as text. */
export function change(pack: string, path: string, edit: (text: string) => string): DefinitionSource[] {
  return sources.map((source) =>
    source.pack === pack && source.path === path ? { ...source, text: edit(source.text) } : source,
  )
}

/** The same, changed as JSON. */
export function edit(pack: string, path: string, change_: (definition: Loose) => void): DefinitionSource[] {
  return change(pack, path, (text) => {
    const definition = JSON.parse(text)
    change_(definition)
    return JSON.stringify(definition, null, 2)
  })
}
// Definitions under test are broken on purpose: no type of ours describes them.
// biome-ignore lint/suspicious/noExplicitAny: see above
export type Loose = any

export const deals = 'deal_registration'
export const registration = 'objects/registration.json'
export const form = 'forms/registration_new.json'
