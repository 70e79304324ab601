import { maxIntegerDigits, parseDecimal, roundDecimal } from './decimal.ts'
import type { BoundName, IrNode, VarNode } from './ir.ts'
import { date, instant, isNumeric, str, withNullable } from './rule-type.ts'
import { absUnits } from './scaled.ts'
import type { RuleScope, RuleType } from './types.ts'

/** Steps of a path that are never followed, and names that no definition can have. */
const forbidden = new Set(['__proto__', 'prototype', 'constructor'])
/** The place of an entry in a list, as a step of a path. */
const listPlace = /^(0|[1-9][0-9]{0,3})$/
const identifier = /^[\p{L}_$][\p{L}\p{N}_]*$/u

export function isPathSegment(segment: string): boolean {
  return identifier.test(segment) && !forbidden.has(segment)
}

export interface ResolvedPath {
  readonly type: RuleType
  readonly segments: readonly string[]
  readonly part: 'from' | 'to' | null
  /** Slot of the bound name that the path begins at. */
  readonly local: number | null
  readonly digits: number
}

export interface UnresolvedPath {
  readonly failed: string
  readonly names: readonly string[]
  readonly before: string
}

/** What a rule inside an operator that binds names can read. */
export interface Sight {
  readonly scope: RuleScope
  /** Nothing but the bound names is in sight, as inside the list operators of standard JSON-logic. */
  readonly alone: boolean
  /** The innermost last. */
  readonly bound: readonly BoundName[]
  /** What paths without a bound name begin at: the entry of a list, in standard JSON-logic. */
  readonly entry: BoundName | null
  /** How many operators around it take turns over a list. */
  readonly turns: number
}

/** Where a dotted path ends, or which names were possible at the step that failed. */
export function resolvePath(name: string, sight: Sight): ResolvedPath | UnresolvedPath {
  const { scope, bound, entry, alone } = sight
  const segments = name === '' ? [] : name.split('.')
  const named = bound.findLast((one) => one.name === segments[0])
  if (named) return behindAlias(named, followPath(segments, 1, named, scope))
  if (entry) return followPath(segments, 0, entry, scope)
  const root = alone ? new Map<string, RuleType>() : scope.root
  // Gathered only where they are told: an object may have hundreds of fields, plain data thousands.
  const lost = (failed: string): UnresolvedPath => ({
    failed,
    names: [...bound.map((one) => one.name), ...root.keys()],
    before: '',
  })
  const [first = ''] = segments
  if (first === '') {
    return scope.whole && !alone ? found(scope.whole, [], null) : lost('')
  }
  const type = isPathSegment(first) ? root.get(first) : undefined
  if (!type && scope.whole?.t === 'list' && !alone) {
    return followPath(segments, 0, { name: '', slot: null, type: scope.whole, digits: 0 }, scope)
  }
  if (!type) return lost(first)
  const start = { name: first, slot: null, type, digits: digitsOf(type) }
  const end = followPath(segments, 1, start, scope)
  if ('failed' in end) return end
  return { ...end, segments: [first, ...end.segments] }
}

/** Where a name stands for a path, its steps come first. */
function behindAlias(
  { alias }: Pick<BoundName, 'alias'>,
  end: ResolvedPath | UnresolvedPath,
): ResolvedPath | UnresolvedPath {
  if (!alias || 'failed' in end) return end
  return { ...end, segments: [...alias.segments, ...end.segments], local: alias.local }
}

function found(type: RuleType, segments: readonly string[], local: number | null): ResolvedPath {
  return { type, segments, part: null, local, digits: digitsOf(type) }
}

/** The rest of a path, from what its first `from` segments have led to. */
function followPath(
  all: readonly string[],
  from: number,
  start: Omit<BoundName, 'slot'> & { readonly slot: number | null },
  scope: RuleScope,
): ResolvedPath | UnresolvedPath {
  const segments = all.slice(from)
  let { type } = start
  let { nullable } = type
  for (const [i, segment] of segments.entries()) {
    const before = all.slice(0, from + i).join('.')
    if (type.t === 'list' && listPlace.test(segment)) {
      // No list is sure to have that many entries.
      type = type.of
      nullable = true
      continue
    }
    if (type.t === 'period' && i === segments.length - 1 && (segment === 'from' || segment === 'to')) {
      // An open period has no end.
      return {
        type: withNullable(date, nullable || segment === 'to'),
        segments: segments.slice(0, i),
        part: segment,
        local: start.slot,
        digits: 0,
      }
    }
    if (type.t === 'period') return { failed: segment, names: ['from', 'to'], before }
    const fields: ReadonlyMap<string, RuleType> | undefined =
      type.t === 'obj' ? type.fields : type.t === 'ref' ? scope.object(type.object) : undefined
    const next = isPathSegment(segment) ? fields?.get(segment) : undefined
    if (!next) return { failed: segment, names: [...(fields?.keys() ?? [])], before }
    type = next
    nullable ||= type.nullable
  }
  if (segments.length === 0) return { type, segments, part: null, local: start.slot, digits: start.digits }
  return found(withNullable(type, nullable), segments, start.slot)
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
