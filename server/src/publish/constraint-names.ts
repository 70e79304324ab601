import { shortHash } from '../access/pg-role.ts'

/** What an index or constraint of an object's table is for; the letter is part of its name in Postgres. */
const letters = {
  unique: 'u',
  exclusive: 'x',
  index: 'i',
  reference: 'f',
  owner: 'o',
  required: 'n',
  search: 's',
} as const
export type ConstraintKind = keyof typeof letters

/**
 * The name of an index or constraint: what it is for, the x-id it comes from, and a hash of all that it says, so that
 * a changed definition is a new constraint and the old one can stay until the new one stands.
 */
export function nameConstraint(kind: ConstraintKind, xId: string, says: string): string {
  return `cw_${letters[kind]}_${xId}_${shortHash(says).slice(0, 10)}`
}

/** From the name in a Postgres error back to the x-id of the definition's element; null: not one of ours. */
export function readConstraintName(name: string): { kind: ConstraintKind; xId: string } | null {
  const match = /^cw_([uxifons])_(.+)_[0-9a-f]{10}$/.exec(name)
  if (!match) return null
  const kind = (Object.keys(letters) as ConstraintKind[]).find((k) => letters[k] === match[1])
  return kind ? { kind, xId: match[2]! } : null
}
