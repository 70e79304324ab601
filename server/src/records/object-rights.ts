import type { GrantDefinition } from '@channelwright/runtime/definition/grant.ts'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { actionForbidden, objectUnknown } from '@channelwright/runtime/errors/records.ts'
import type { Actor, ServedRelease } from '../services.ts'
import { tableOf } from './record-table.ts'

/**
 * What a person's roles together say of one object, for clear answers and short column lists. Postgres enforces the
 * same and more: which rows, and each column. Null: no grant at all.
 */
export interface ObjectRights {
  readonly read: ReadonlySet<string> | null
  readonly create: ReadonlySet<string> | null
  readonly update: ReadonlySet<string> | null
  readonly delete: boolean
  readonly export: boolean
}

/** A set of roles as a part of the addresses of what is kept for it; told once for each list of them. */
export function rolesKey(roles: readonly string[]): string {
  const kept = rolesKeys.get(roles)
  if (kept !== undefined) return kept
  const key = [...roles].sort().join(',')
  rolesKeys.set(roles, key)
  return key
}

const rolesKeys = new WeakMap<readonly string[], string>()

/** The grants of these roles, each once. */
export function grantsOf(served: ServedRelease, roles: readonly string[]): readonly GrantDefinition[] {
  const { release, cache } = served
  const address = `records/grants/${rolesKey(roles)}`
  const kept = cache.get(address) as readonly GrantDefinition[] | undefined
  if (kept) return kept
  const keys = new Set(roles.flatMap((role) => release.roles.get(role)?.grants ?? []))
  const grants = [...keys].flatMap((key) => release.grants.get(key) ?? [])
  cache.set(address, grants)
  return grants
}

/** What the grants of these roles open on one set of rows. */
export interface GrantedPart {
  /** The rule that the rows meet; `true`: all of them. */
  readonly rows: unknown
  /** The rule as text. */
  readonly said: string
  readonly fields: ReadonlySet<string>
}

/** What these roles may do with an object, rule by rule; grants that speak of the same rows are one part. */
export function grantedParts(
  served: ServedRelease,
  roles: readonly string[],
  object: string,
  action: 'read' | 'create' | 'update',
): readonly GrantedPart[] {
  const address = `records/parts/${object}/${action}/${rolesKey(roles)}`
  const kept = served.cache.get(address) as readonly GrantedPart[] | undefined
  if (kept) return kept
  const { fields } = tableOf(served, object)
  const parts = new Map<string, { rows: unknown; said: string; fields: Set<string> }>()
  for (const right of grantsOf(served, roles).flatMap((grant) => grant.objects?.[object]?.[action] ?? [])) {
    const said = JSON.stringify(right.rows)
    const part = parts.get(said) ?? { rows: right.rows, said, fields: new Set<string>() }
    parts.set(said, part)
    for (const key of right.fields.includes('*') ? fields.keys() : right.fields)
      if (fields.has(key) && (action === 'read' || !fields.get(key)!.fixed)) part.fields.add(key)
  }
  const found = [...parts.values()]
  served.cache.set(address, found)
  return found
}

/** Throws OBJECT_UNKNOWN when the release has no such object. */
export function rightsOn(served: ServedRelease, actor: Pick<Actor, 'roles'>, object: string): ObjectRights {
  const address = `records/rights/${object}/${rolesKey(actor.roles)}`
  const kept = served.cache.get(address) as ObjectRights | undefined
  if (kept) return kept
  const { fields } = tableOf(served, object)
  const said = grantsOf(served, actor.roles).flatMap((grant) => grant.objects?.[object] ?? [])
  const sum = (action: 'read' | 'create' | 'update') => {
    const parts = grantedParts(served, actor.roles, object, action)
    if (!parts.length) return null
    const keys = new Set(parts.flatMap((part) => [...part.fields]))
    // Rows of lines are read whole or not at all: one that is open on some records only stays closed.
    const isOpen = (key: string) =>
      action !== 'read' ||
      !fields.get(key)!.lines ||
      parts.some((part) => part.rows === true && part.fields.has(key)) ||
      parts.every((part) => part.fields.has(key))
    return new Set([...keys].filter(isOpen))
  }
  const rights: ObjectRights = {
    read: sum('read'),
    create: sum('create'),
    update: sum('update'),
    delete: said.some((one) => one.delete !== undefined),
    export: said.some((one) => one.export === true),
  }
  served.cache.set(address, rights)
  return rights
}

/** Fields one may read. Throws OBJECT_UNKNOWN, also for an object that one may not read at all: it stays unseen. */
export function readableFields(
  served: ServedRelease,
  actor: Pick<Actor, 'roles'>,
  object: string,
): ReadonlySet<string> {
  const { read } = rightsOn(served, actor, object)
  if (!read) throw new Refusal(objectUnknown, { object })
  return read
}

/** The same for what is told beside something else: none of an object that one may not read at all. */
export function fieldsRead(
  served: ServedRelease,
  actor: Pick<Actor, 'roles'>,
  object: string,
): ReadonlySet<string> {
  return rightsOn(served, actor, object).read ?? none
}
const none: ReadonlySet<string> = new Set()

/** Throws ACTION_FORBIDDEN, or OBJECT_UNKNOWN to those who may not even read the object. */
export function requireRight(
  rights: ObjectRights,
  object: string,
  action: 'create' | 'update' | 'delete' | 'export',
): void {
  if (rights[action]) return
  if (!rights.read && !rights.create) throw new Refusal(objectUnknown, { object })
  throw new Refusal(actionForbidden)
}
