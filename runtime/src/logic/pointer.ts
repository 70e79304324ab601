import { isJsonObject, type Json } from '../json.ts'

/** One reference token of a JSON pointer (RFC 6901). */
export function escapePointer(token: string): string {
  return token.replaceAll('~', '~0').replaceAll('/', '~1')
}

/** The reference tokens of a JSON pointer, as the names they stand for. */
export function tokensOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** What stands at a JSON pointer; undefined where nothing does. */
export function valueAt(json: Json, pointer: string): Json | undefined {
  let at: Json | undefined = json
  for (const token of tokensOf(pointer)) {
    if (Array.isArray(at)) at = at[Number(token)]
    else at = isJsonObject(at) && Object.hasOwn(at, token) ? at[token] : undefined
  }
  return at
}
