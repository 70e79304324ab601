import { isJsonObject, type Json, type JsonObject } from '../json.ts'

/** Stands for nobody in particular where a user id must stand: the applicant of a case that no person begins. */
export const nobody = '00000000-0000-0000-0000-000000000000'

/**
 * A question about people that only the outside can answer: ids of active people, each once. `superiors` and
 * `department_heads` answer nearest first, as far up as there are any, so that climbing stays here; with `level` (from 1)
 * only those who stand so many levels up, as `peopleOfLevels` says.
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
  | { readonly ask: 'superiors'; readonly of: string; readonly level?: number }
  | { readonly ask: 'department_heads'; readonly of: string; readonly level?: number }
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

/**
 * Whom levels of people, nearest first, come to: everybody who is there, or those of one level. A level is one of the
 * organisation, whoever of it has left; where nobody is left at it, the nearest above where somebody is stands in.
 */
export function peopleOfLevels(
  levels: readonly (readonly string[])[],
  level: number | undefined,
  isThere: (user: string) => boolean,
): readonly string[] {
  const there = levels.slice((level ?? 1) - 1).map((users) => users.filter(isThere))
  const found = level === undefined ? there.flat() : (there.find((users) => users.length > 0) ?? [])
  return [...new Set(found)]
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
