import Type, { type Static } from 'typebox'
import { peopleSettings } from './people-settings.ts'

export { type Approver, ApproverSchema } from './people-settings.ts'

const closed = { additionalProperties: false } as const
const Whole = Type.Integer({ minimum: 1, maximum: 1_000_000 })
const Needing = Type.Optional(Type.Array(Type.Enum(['approve', 'reject', 'return']), { uniqueItems: true }))

/**
 * `any`: one approval passes the step. `all`: everyone must approve. `count`: so many. `ratio`: at least this part of
 * those asked, rounded up. `weight`: approvals that weigh so much together.
 */
export const PassSchema = Type.Union([
  Type.Literal('any'),
  Type.Literal('all'),
  Type.Object({ count: Whole }, closed),
  Type.Object({ ratio: Type.Object({ num: Whole, den: Whole }, closed) }, closed),
  Type.Object({ weight: Type.Object({ need: Whole }, closed) }, closed),
])
export type Pass = Static<typeof PassSchema>

export const ApprovalSettings = Type.Object(
  {
    ...peopleSettings,
    /** Ask all at once, or each when the one before has decided. Default `parallel`. */
    order: Type.Optional(Type.Enum(['parallel', 'sequential'])),
    /** Default any. */
    pass: Type.Optional(PassSchema),
    /**
     * `any`: the first refusal ends the step. `all`: only when all refuse. `cannot_pass`: as soon as too few are left.
     * Default: `all` for any, `any` for all, `cannot_pass` for votes.
     */
    reject: Type.Optional(Type.Enum(['any', 'all', 'cannot_pass'])),
    /** `early`: decide as soon as it is clear. `all`: hear everyone first. Default early. */
    wait: Type.Optional(Type.Enum(['early', 'all'])),
    require: Type.Optional(
      Type.Object({ comment: Needing, signature: Needing, attachments: Needing }, closed),
    ),
    /** Refused: follow the edge of that name (default), end the case, or send it back. */
    onReject: Type.Optional(
      Type.Union([
        Type.Object({ do: Type.Literal('branch') }, closed),
        Type.Object({ do: Type.Literal('end') }, closed),
        Type.Object(
          {
            do: Type.Literal('return'),
            to: Type.String(),
            resume: Type.Optional(Type.Enum(['replay', 'direct'])),
          },
          closed,
        ),
      ]),
    ),
  },
  closed,
)
