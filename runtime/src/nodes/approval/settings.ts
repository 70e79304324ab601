import Type, { type Static } from 'typebox'
import { Key } from '../../definition/shared.ts'

const closed = { additionalProperties: false } as const

/** Who decides. Each entry may stand for several people; together they are asked once each, in this order. */
export const ApproverSchema = Type.Union([
  Type.Object({ kind: Type.Literal('role'), role: Key }, closed),
  Type.Object({ kind: Type.Literal('user'), user: Type.String({ format: 'uuid' }) }, closed),
  /** A path from the record through references to a field of type user. */
  Type.Object({ kind: Type.Literal('field'), path: Type.String() }, closed),
  Type.Object({ kind: Type.Literal('applicant') }, closed),
])
export type Approver = Static<typeof ApproverSchema>

export const ApprovalSettings = Type.Object(
  {
    approvers: Type.Array(ApproverSchema, { maxItems: 20 }),
    /** `any`: the first approval passes the step. `all`: everyone must approve. Default any. */
    pass: Type.Optional(Type.Union([Type.Literal('any'), Type.Literal('all')])),
    /** `any`: the first refusal ends the step. `all`: only when all refuse. Default: the opposite of `pass`. */
    reject: Type.Optional(Type.Union([Type.Literal('any'), Type.Literal('all')])),
    /**
     * The applicant among the approvers: `ask` them like the others, `skip` them (alone, the step passes by itself,
     * never where money moves), `forbid` them (alone, it is as if nobody was found). Default: the flow's.
     */
    selfApproval: Type.Optional(
      Type.Union([Type.Literal('ask'), Type.Literal('skip'), Type.Literal('forbid')]),
    ),
    /** Nobody found: ask those who administer flows, refuse, or stop with an incident. Default: the flow's. */
    onEmpty: Type.Optional(
      Type.Union([Type.Literal('admin'), Type.Literal('reject'), Type.Literal('incident')]),
    ),
    require: Type.Optional(
      Type.Object(
        { comment: Type.Optional(Type.Array(Type.Union([Type.Literal('approve'), Type.Literal('reject')]))) },
        closed,
      ),
    ),
    /** The form that the task shows instead of the record's own page. */
    form: Type.Optional(Key),
    /** Fields that the task shows (`r`), lets be written with the decision (`rw`) or hides. `*`: all others. */
    fields: Type.Optional(
      Type.Record(Type.String(), Type.Union([Type.Literal('r'), Type.Literal('rw'), Type.Literal('hidden')])),
    ),
  },
  closed,
)
