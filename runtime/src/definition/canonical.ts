import { isJsonObject, type Json, type JsonObject } from '../json.ts'

/** What stands first in every definition and element, in this order; the rest stays as written. */
const head = ['$schema', 'kind', 'key', 'x-id', 'title']

/**
 * The one text of a definition: head keys first, the rest in the order given, two spaces, a newline at the end.
 * Canonical text of canonical text is the same text, byte for byte.
 */
export function canonicalText(definition: Json): string {
  const ordered: Json = isJsonObject(definition) ? headFirst(definition) : definition
  return `${JSON.stringify(ordered, null, 2)}\n`
}

function headFirst(definition: JsonObject): JsonObject {
  const ordered: JsonObject = {}
  for (const key of [...head, ...Object.keys(definition)]) {
    // `undefined` values are not JSON; an own `__proto__` would be lost by assignment and is refused on reading.
    if (Object.hasOwn(definition, key) && !Object.hasOwn(ordered, key)) ordered[key] = definition[key] as Json
  }
  return ordered
}
