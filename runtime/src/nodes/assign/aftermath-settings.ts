import Type, { type Static } from 'typebox'
import { failureSettings } from '../action/failure-settings.ts'

const closed = { additionalProperties: false } as const

const Effects = Type.Array(
  Type.Object(
    {
      /** One of `nodes/action/effects/index.ts`. */
      effect: Type.String(),
      with: Type.Record(Type.String(), Type.Unknown()),
      ...failureSettings,
    },
    closed,
  ),
  { minItems: 1, maxItems: 5 },
)

/**
 * What is done on the way to an answer, which leaves no edge of the flow: a log is kept, a score falls, somebody is
 * told. With `reserve` the rules read the candidate through the record; after `silent` and `declined` it is the one
 * that did not accept.
 */
export const AftermathSchema = Type.Object(
  {
    offered: Type.Optional(Effects),
    silent: Type.Optional(Effects),
    declined: Type.Optional(Effects),
  },
  closed,
)
export type Aftermath = Static<typeof AftermathSchema>
export const moments = ['offered', 'silent', 'declined'] as const
export type Moment = (typeof moments)[number]
