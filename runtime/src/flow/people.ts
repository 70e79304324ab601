import { isJsonObject, type Json, type JsonObject } from '../json.ts'

/**
 * A question about people that only the outside can answer: ids of active people, each once. `superiors` and
 * `department_heads` answer nearest first, as far up as there are any, so that levels and climbing stay here.
 */
export type PeopleQuestion =
  /** The person, if active. */
  | { readonly ask: 'user'; readonly user: string }
  /** `scope`: fields of the person's own entry and the values they must have. */
  | { readonly ask: 'role'; readonly role: string; readonly scope?: JsonObject }
  /** A path from the record to a user field: `customer.manager`. */
  | { readonly ask: 'field'; readonly path: string }
  | { readonly ask: 'applicant' }
  | { readonly ask: 'admin' }
  | { readonly ask: 'superiors'; readonly of: string }
  | { readonly ask: 'department_heads'; readonly of: string }
  | { readonly ask: 'group'; readonly group: string }
  /** `partner`: id of the organisation. */
  | { readonly ask: 'partner_contact'; readonly partner: string; readonly role?: string }
  /** People whose own entry fulfils the rule. */
  | { readonly ask: 'query'; readonly rule: Json }

/**
 * Somebody's tasks go to somebody else for a while. The server gives those windows that are open now and whose scope
 * (flows, amount) takes in the run.
 */
export interface DelegationWindow {
  readonly id: string
  readonly from: string
  readonly to: string
  /** `replace`: instead of `from`; `also`: either may finish it. */
  readonly mode: 'replace' | 'also'
  /** When it ends; null: until it is ended. */
  readonly until: string | null
}

/** The id at the end of a path: a text, or a reference that was loaded. */
export function idAt(data: JsonObject, path: string): string | null {
  let value: unknown = data
  for (const part of path.split('.')) {
    if (!isJsonObject(value) || !Object.hasOwn(value, part)) return null
    value = value[part]
  }
  if (isJsonObject(value)) value = value.id
  return typeof value === 'string' ? value : null
}
