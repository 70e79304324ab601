import Type, { type Static } from 'typebox'
import { PolicySettings } from '../../definition/flow-policies.ts'
import { Key, RuleJson } from '../../definition/shared.ts'
import { durationUnits } from '../../flow/due-time.ts'
import { taskActions } from '../../flow/task-actions.ts'
import { screenSettings } from '../task-screen.ts'

const closed = { additionalProperties: false } as const

/** What the voice of these people weighs, where votes are weighed. Default 1. */
const Weight = { weight: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })) }

/** From whom one climbs: the applicant, whoever decided the step before, or a field of type user. */
const Of = Type.Union([
  Type.Literal('applicant'),
  Type.Literal('previous'),
  Type.Object({ path: Type.String() }, closed),
])

/** People that somebody chooses from. */
const Range = Type.Array(
  Type.Union([
    Type.Object({ kind: Type.Literal('role'), role: Key }, closed),
    Type.Object({ kind: Type.Literal('group'), group: Type.String() }, closed),
    Type.Object({ kind: Type.Literal('user'), user: Type.String({ format: 'uuid' }) }, closed),
  ]),
  { maxItems: 20 },
)
const pick = {
  /** Default everybody. */
  range: Type.Optional(Range),
  min: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
  max: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
}

/** The ways to say who somebody is; `more`: what each entry may say besides. */
export const personKinds = <P extends Record<string, Type.TSchema>>(more: P) =>
  [
    /** `scope`: fields of the person's own entry, as rules over the record: `{"region": {"var": "region"}}`. */
    Type.Object(
      {
        kind: Type.Literal('role'),
        role: Key,
        scope: Type.Optional(Type.Record(Type.String(), RuleJson)),
        ...more,
      },
      closed,
    ),
    Type.Object({ kind: Type.Literal('user'), user: Type.String({ format: 'uuid' }), ...more }, closed),
    /** A path from the record through references to a field of type user. */
    Type.Object({ kind: Type.Literal('field'), path: Type.String(), ...more }, closed),
    Type.Object({ kind: Type.Literal('applicant'), ...more }, closed),
    /** The superior, so many levels up; default 1. */
    Type.Object(
      {
        kind: Type.Literal('supervisor'),
        of: Type.Optional(Of),
        level: Type.Optional(Type.Integer({ minimum: 1, maximum: 20 })),
        ...more,
      },
      closed,
    ),
    /** All superiors, up to a level or to the first who has a role. */
    Type.Object(
      {
        kind: Type.Literal('supervisor_chain'),
        of: Type.Optional(Of),
        untilLevel: Type.Optional(Type.Integer({ minimum: 1, maximum: 20 })),
        untilRole: Type.Optional(Key),
        ...more,
      },
      closed,
    ),
    /** The head of the department, or of the one so many levels above; default 0. */
    Type.Object(
      {
        kind: Type.Literal('dept_head'),
        of: Type.Optional(Of),
        up: Type.Optional(Type.Integer({ minimum: 0, maximum: 20 })),
        ...more,
      },
      closed,
    ),
    /** Whoever decided at an earlier node. */
    Type.Object({ kind: Type.Literal('node_actor'), node: Type.String(), ...more }, closed),
    Type.Object({ kind: Type.Literal('group'), group: Type.String(), ...more }, closed),
    /** Contacts of a partner organisation: a path to it; default the record's own. */
    Type.Object(
      {
        kind: Type.Literal('partner_contact'),
        partner: Type.String(),
        role: Type.Optional(Type.String()),
        ...more,
      },
      closed,
    ),
    /** People whose own entry fulfils a rule. */
    Type.Object({ kind: Type.Literal('query'), rule: RuleJson, ...more }, closed),
  ] as const

/** Who decides. Each entry may stand for several people; together they are asked once each, in this order. */
export const ApproverSchema = Type.Union([
  ...personKinds(Weight),
  Type.Object({ kind: Type.Literal('picked_by_applicant'), ...pick, ...Weight }, closed),
  Type.Object({ kind: Type.Literal('picked_by_previous'), ...pick, ...Weight }, closed),
])
export type Approver = Static<typeof ApproverSchema>

/** The settings of every node that gives people something to do. */
export const peopleSettings = {
  approvers: Type.Array(ApproverSchema, { maxItems: 20 }),
  /** People who are not asked, whoever names them. */
  exclude: Type.Optional(Type.Array(ApproverSchema, { maxItems: 20 })),
  ...PolicySettings,
  /** What a task offers beside its answers. Default everything. */
  actions: Type.Optional(Type.Array(Type.Enum([...taskActions]), { uniqueItems: true })),
  /** Where the step may send the case back to, by the ids of nodes (default: every one it can), and how it comes back. */
  returnTo: Type.Optional(
    Type.Object(
      {
        targets: Type.Optional(Type.Array(Type.String(), { maxItems: 200 })),
        resume: Type.Optional(Type.Enum(['replay', 'direct', 'ask'])),
      },
      closed,
    ),
  ),
  /** What happens when a task waits too long, in order of time; the clock starts when the task is the person's turn. */
  timeouts: Type.Optional(
    Type.Array(
      Type.Object(
        {
          after: Type.Integer({ minimum: 1, maximum: 100_000 }),
          unit: Type.Enum([...durationUnits]),
          do: Type.Enum(['remind', 'escalate', 'transfer', 'approve', 'reject', 'return']),
          /** A person's id or a role that takes over; the node to go back to. */
          to: Type.Optional(
            Type.Union([Type.String(), Type.Object({ kind: Type.Literal('role'), role: Key }, closed)]),
          ),
          max: Type.Optional(Type.Integer({ minimum: 1, maximum: 20 })),
        },
        closed,
      ),
      { maxItems: 5 },
    ),
  ),
  ...screenSettings,
}
