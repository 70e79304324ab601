import { isJsonObject, type Json } from '../json.ts'

/** Nothing entered: absent, null, an empty text or list. */
export function isEmpty(value: Json | undefined): boolean {
  if (value === undefined || value === null || value === '') return true
  if (Array.isArray(value)) return value.length === 0
  return isJsonObject(value) && Object.keys(value).length === 0
}
