import { Key } from '@channelwright/runtime/definition/shared.ts'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { requestInvalid } from '@channelwright/runtime/errors/http.ts'
import { compileCheck, createValidator } from '@channelwright/runtime/fields/validator.ts'
import type { Json } from '@channelwright/runtime/json.ts'
import Type, { type Static } from 'typebox'
import { nullable } from './shapes.ts'

/** Parts of the addresses of records. */
export const ObjectParams = Type.Object({ workspace: Type.String(), object: Key })
export const RecordParams = Type.Object({
  workspace: Type.String(),
  object: Key,
  id: Type.String({ format: 'uuid' }),
})

const Uuid = Type.String({ format: 'uuid' })

/** The platform's columns; the fields of the object stand beside them by key. */
export const RecordShape = Type.Object(
  {
    id: Uuid,
    rev: Type.Integer(),
    release: Type.Integer(),
    created_at: Type.String({ format: 'date-time' }),
    created_by: nullable(Uuid),
    updated_at: Type.String({ format: 'date-time' }),
    updated_by: nullable(Uuid),
  },
  { additionalProperties: true },
)

/** Id of a referenced record or person → what a reader sees for it. */
export const TitlesShape = Type.Record(Type.String(), Type.String())

export const RecordReplyShape = Type.Object({
  record: RecordShape,
  titles: TitlesShape,
  may: Type.Object({
    update: Type.Array(Type.String()),
    delete: Type.Boolean(),
    locked: Type.Boolean(),
  }),
})

/** Values by field key; checked against the object's own schema. */
export const ValuesShape = Type.Record(Type.String(), Type.Unknown())

export const WriteQuery = Type.Object({
  form: Type.Optional(Key),
  /** Reference and user fields whose titles come back with the record, or `*`. */
  expand: Type.Optional(Type.String({ maxLength: 2000 })),
  /** Whom the person chose for steps of the flows that this starts, as JSON: flow → step → ids of people. */
  picks: Type.Optional(Type.String({ maxLength: 8000 })),
})

const PicksShape = Type.Record(
  Type.String(),
  Type.Record(Type.String(), Type.Array(Type.String({ format: 'uuid' }), { maxItems: 100 })),
)
const checkPicks = compileCheck(
  createValidator({}, (pattern) => new RegExp(pattern, 'u')),
  PicksShape,
)

/** What `picks` says. Throws REQUEST_INVALID. */
export function readPicks(text: string | undefined): { picks?: Static<typeof PicksShape> } {
  if (text === undefined) return {}
  let read: Json = null
  try {
    read = JSON.parse(text)
  } catch {
    // What is no JSON is no choice of people either, and refused as such.
  }
  const wrong = checkPicks(read)
  if (wrong.length > 0)
    throw new Refusal(
      requestInvalid,
      {},
      wrong.map((one) => ({ ...one, path: `/query/picks${one.path}` })),
    )
  return { picks: read as Static<typeof PicksShape> }
}

/** `a,b` → its parts; nothing given: undefined. */
export function splitList(text: string | undefined): string[] | undefined {
  return text === undefined ? undefined : text.split(',').filter(Boolean)
}
