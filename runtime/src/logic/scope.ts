import { maxIntegerDigits, parseDecimal, roundDecimal } from './decimal.ts'
import type { IrNode, VarNode } from './ir.ts'
import { date, instant, isNumeric, str, withNullable } from './rule-type.ts'
import { absUnits } from './scaled.ts'
import type { RuleScope, RuleType } from './types.ts'

/** Steps of a path that are never followed, and names that no definition can have. */
const forbidden = new Set(['__proto__', 'prototype', 'constructor'])
const identifier = /^[\p{L}_$][\p{L}\p{N}_]*$/u

export function isPathSegment(segment: string): boolean {
  return identifier.test(segment) && !forbidden.has(segment)
}

export interface ResolvedPath {
  readonly type: RuleType
  readonly segments: readonly string[]
  readonly part: 'from' | 'to' | null
}

/** Where a dotted path ends, or which names were possible at the step that failed. */
export function resolvePath(
  name: string,
  scope: RuleScope,
): ResolvedPath | { readonly failed: string; readonly names: readonly string[]; readonly before: string } {
  const segments = name.split('.')
  let fields: ReadonlyMap<string, RuleType> | undefined = scope.root
  let type: RuleType | undefined
  let nullable = false
  for (const [i, segment] of segments.entries()) {
    const before = segments.slice(0, i).join('.')
    if (type?.t === 'period' && i === segments.length - 1 && (segment === 'from' || segment === 'to')) {
      // An open period has no end.
      return {
        type: withNullable(date, nullable || segment === 'to'),
        segments: segments.slice(0, i),
        part: segment,
      }
    }
    if (type?.t === 'period') return { failed: segment, names: ['from', 'to'], before }
    if (type)
      fields = type.t === 'obj' ? type.fields : type.t === 'ref' ? scope.object(type.object) : undefined
    if (!fields) return { failed: segment, names: [], before }
    type = isPathSegment(segment) ? fields.get(segment) : undefined
    if (!type) return { failed: segment, names: [...fields.keys()], before }
    nullable ||= type.nullable
  }
  return { type: withNullable(type!, nullable), segments, part: null }
}

/** Digits before the point that a value of the type can have: from its limits, else the profile's 20. */
export function digitsOf(type: RuleType): number {
  if (!isNumeric(type)) return 0
  if (type.min === undefined || type.max === undefined) return maxIntegerDigits
  const size = (text: string) => {
    const limit = parseDecimal(text)
    return limit ? absUnits(roundDecimal(limit, 0, 'down').units).toString().length : maxIntegerDigits
  }
  return Math.min(maxIntegerDigits, Math.max(size(type.min), size(type.max)))
}

/** The node with its emptiness expected: under `??`, `exists`, `empty` a required field may still be unfilled. */
export function lenient(node: IrNode): IrNode {
  return node.kind === 'var' && !node.type.nullable
    ? ({ ...node, type: withNullable(node.type, true) } satisfies VarNode)
    : node
}

export interface ScopeOptions {
  /** Key of the object whose record is at hand: gives `id` its type. */
  readonly object?: string
  /** Fields that always have a value; all others may be empty. */
  readonly required?: readonly string[]
  /** The record is being filled in: every field may be empty, required or not. */
  readonly draft?: boolean
  /** Key of the object whose records are the organisations people belong to. */
  readonly party?: string | null
  /** Types of other objects' fields, for paths through references: `scopeFromFields` of theirs, or any scope. */
  readonly objects?: (key: string) => ReadonlyMap<string, RuleType> | undefined
  /** More names at the top: measures under `m`, `$run`. */
  readonly extra?: Readonly<Record<string, RuleType>>
}

/**
 * The scope in which a record of an object is read: its fields by key, what every record has, and the context under
 * `$`. `fields` are rule types as their field types give them; `required` and `draft` decide what may be empty.
 */
export function scopeFromFields(
  fields: Iterable<readonly [string, RuleType]>,
  options: ScopeOptions = {},
): RuleScope {
  const root = recordFields(fields, options)
  for (const [key, type] of Object.entries(contextTypes(options.party ?? null))) root.set(key, type)
  for (const [key, type] of Object.entries(options.extra ?? {})) root.set(key, type)
  return { root, object: (key) => options.objects?.(key) }
}

/** The fields of an object as other rules read them through a reference: no context. */
export function recordFields(
  fields: Iterable<readonly [string, RuleType]>,
  options: Pick<ScopeOptions, 'object' | 'required' | 'draft'> = {},
): Map<string, RuleType> {
  const { object, required = [], draft = false } = options
  const all = new Map<string, RuleType>()
  if (object !== undefined) {
    // A record that is not saved yet has none of these.
    all.set('id', { t: 'ref', nullable: draft, object })
    all.set('created_at', withNullable(instant, draft))
    all.set('created_by', { t: 'user', nullable: true })
    all.set('updated_at', withNullable(instant, draft))
  }
  for (const [key, type] of fields) {
    // A table without rows is an empty list, never null.
    const rows = type.t === 'list' && type.of.t === 'obj'
    all.set(key, withNullable(type, !rows && (draft || !required.includes(key))))
  }
  return all
}

/** `$user`, `$today`, `$now`. Where no object is the party, people have no organisation, and its id is plain text. */
export function contextTypes(party: string | null): Record<string, RuleType> {
  const organisation: RuleType = party === null ? str : { t: 'ref', nullable: false, object: party }
  const user = new Map<string, RuleType>([
    ['id', { t: 'user', nullable: false }],
    ['partner', withNullable(organisation, true)],
    ['partners', { t: 'list', nullable: false, of: organisation }],
    ['roles', { t: 'list', nullable: false, of: str }],
  ])
  return { $user: { t: 'obj', nullable: false, fields: user }, $today: date, $now: instant }
}
