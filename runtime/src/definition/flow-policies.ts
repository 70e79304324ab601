import Type, { type Static } from 'typebox'

/** What a flow says for all of its steps and a step may say otherwise. */
export const PolicySettings = {
  /**
   * The applicant among those who decide: `ask` them like the others; `skip` them (alone, the step passes by itself,
   * never where money moves); ask their `superior` or the head of their department (`dept_head`) instead, climbing
   * until it is somebody else; `forbid`: leave them out, and alone it is as if nobody was found. Default `superior`.
   */
  selfApproval: Type.Optional(Type.Enum(['ask', 'skip', 'superior', 'dept_head', 'forbid'])),
  /**
   * Nobody found: ask those who administer flows, or the people named; pass (never where money moves) or refuse; stop
   * with an incident. Default `admin`.
   */
  onEmpty: Type.Optional(
    Type.Union([
      Type.Literal('admin'),
      Type.Literal('approve'),
      Type.Literal('reject'),
      Type.Literal('incident'),
      Type.Object(
        { users: Type.Array(Type.String({ format: 'uuid' }), { minItems: 1, maxItems: 20 }) },
        { additionalProperties: false },
      ),
    ]),
  ),
}

const Policies = Type.Object(PolicySettings)
type Policies = Static<typeof Policies>
export type SelfApproval = NonNullable<Policies['selfApproval']>
export type OnEmpty = NonNullable<Policies['onEmpty']>
