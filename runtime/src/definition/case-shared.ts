import Type from 'typebox'
import { Key } from './shared.ts'

// Words that the parts of a case share.

export const closed = { additionalProperties: false } as const

/** A name given to something of the case. Written `@name` where it is meant. `{n}` counts in a step with `repeat`. */
export const Name = Type.String({ pattern: '^[a-z][a-z0-9_]{0,39}(\\{n\\})?$' })
/** `@name` of something of the case. */
export const Ref = Type.String({ pattern: '^@[a-z][a-z0-9_]{0,39}(\\{n\\})?$' })
/** ISO 8601 instant with its offset: `2026-03-02T09:00:00+08:00`. */
export const Instant = Type.String({
  pattern:
    '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]{1,3})?)?(Z|[+-][0-9]{2}:[0-9]{2})$',
})
/** ISO 8601 duration: `P90D`, `P1M`, `PT24H`. Days and longer are calendar steps in the case's time zone. */
export const Duration = Type.String({
  pattern: '^P(?=.)([0-9]+Y)?([0-9]+M)?([0-9]+W)?([0-9]+D)?(T(?=.)([0-9]+H)?([0-9]+M)?([0-9]+S)?)?$',
})
/** JSON pointer; the empty one means the whole. */
export const Pointer = Type.String({ pattern: '^(/([^~/]|~[01])*)*$', maxLength: 500 })

/**
 * Values by key. Anywhere in them a text `@name` stands for what has that name (`@@` begins a text with an at sign),
 * and an object with one key that begins with `$` for something that the case finds out: see `caseValues`.
 */
export const Values = Type.Record(Key, Type.Unknown())

/** What an object with this one key stands for, in values. THE list; `docs/guide/pack-cases.md` tells each. */
export const caseValues = ['$date', '$instant', '$id', '$run', '$task', '$rev'] as const

/** What an object with this one key compares with, in expectations. THE list, as above. */
export const caseMatchers = ['$any', '$contains', '$count', '$some', '$none'] as const
