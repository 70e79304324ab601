/** What JSON can say. Exact numbers never travel as `number` with a fraction: they are strings. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
export type JsonObject = { [key: string]: Json }

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The object that it is; an empty one where it is none. */
export function asJsonObject(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {}
}
