import Type from 'typebox'
import type { JsonObject } from '../../json.ts'

export const closed = { additionalProperties: false } as const
export const Id = Type.String({ minLength: 1, maxLength: 200 })
/** `x-pick` tells a screen what a property names. */
export const PersonId = Type.String({ minLength: 1, maxLength: 200, 'x-pick': 'person' })
/** Somebody other than whoever says it. */
export const ColleagueId = Type.String({ minLength: 1, maxLength: 200, 'x-pick': 'colleague' })
export const Words = Type.String({ maxLength: 4000 })
export const Comment = Type.Optional(Type.Union([Words, Type.Null()]))
/** Blanks alone give no reason. */
export const Reason = Type.String({ minLength: 1, maxLength: 1000, pattern: '\\S' })
export const Json = Type.Unsafe<JsonObject>(Type.Object({}, { additionalProperties: true }))
/** Ids of files that the person has sent, or may see. */
export const Attachments = Type.Optional(
  Type.Array(Type.String({ minLength: 1, maxLength: 200 }), {
    maxItems: 50,
    uniqueItems: true,
    'x-pick': 'attachments',
  }),
)
/** People who may read the case from then on. */
export const Copies = Type.Optional(Type.Array(ColleagueId, { maxItems: 50, uniqueItems: true }))
/** Node → people who are picked for it. */
export const Picks = Type.Optional(
  Type.Unsafe<Readonly<Record<string, readonly string[]>>>(
    Type.Record(Type.String(), Type.Array(Type.String(), { maxItems: 100 }), { maxProperties: 200 }),
  ),
)

/** What a person wrote, or null for nothing but blanks. */
export function wordsOf(comment: string | null | undefined): string | null {
  return comment?.trim() ? comment : null
}
