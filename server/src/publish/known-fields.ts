import type { FieldDefinition, ObjectDefinition } from '@channelwright/runtime/definition/object.ts'
import type { Release } from '@channelwright/runtime/definition/release.ts'
import { linesOf } from '@channelwright/runtime/fields/index.ts'
import type { KnownFields } from './plan-tables.ts'
import { titleOf } from './shape-tables.ts'

/** Keys and titles by x-id, as the release in force has them; nothing before the first publish. */
export function knownFieldsOf(release: Release | null): KnownFields {
  const objects = new Map<string, ObjectDefinition>()
  for (const object of release?.objects.values() ?? []) objects.set(object['x-id'], object)
  return {
    object: (xId) => objects.get(xId),
    field(object, lines, xId) {
      const fields = Object.entries(objects.get(object)?.schema.properties ?? {}) as [
        string,
        FieldDefinition,
      ][]
      const holder = lines ? fields.find(([, field]) => field['x-id'] === lines)?.[1] : undefined
      const within = lines
        ? (Object.entries((holder && linesOf(holder)?.properties) ?? {}) as [string, FieldDefinition][])
        : fields
      const found = within.find(([, field]) => field['x-id'] === xId)
      return found && { key: found[0], title: titleOf(found[1]), definition: found[1] }
    },
  }
}
