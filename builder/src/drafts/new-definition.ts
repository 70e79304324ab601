import { findKind } from '@channelwright/runtime/definition/index.ts'
import type { Text } from '@channelwright/runtime/text.ts'
import { makeXId } from './make-x-id.ts'

export interface NewDefinition {
  readonly kind: string
  readonly key: string
  readonly title: Text
}

/** Path and text of a fresh definition; what it begins with is its kind's to say. Throws for a kind without one. */
export function makeDefinition({ kind: name, key, title }: NewDefinition): { path: string; text: string } {
  const kind = findKind(name)
  if (!kind?.begin || kind.folder === null) throw new Error(`A ${name} is not begun here`)
  const definition = {
    kind: `${name}/${kind.format}`,
    key,
    'x-id': makeXId(name[0] ?? 'd'),
    title,
    ...kind.begin({ key, today: today(), timezone: timezone(), makeId: makeXId }),
  }
  return { path: `${kind.folder}/${key}.json`, text: `${JSON.stringify(definition, null, 2)}\n` }
}

const timezone = () => Intl.DateTimeFormat().resolvedOptions().timeZone

/** The day on this machine's calendar; the Swedish write it as ISO does. */
const today = () => new Date().toLocaleDateString('sv')
