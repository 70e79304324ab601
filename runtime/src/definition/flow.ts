import Type, { type Static } from 'typebox'
import { durationUnits } from '../flow/due-time.ts'
import { TriggerSchema } from '../flow/triggers/schemas.ts'
import { checkFlowDefinition } from './check-flow.ts'
import { PolicySettings } from './flow-policies.ts'
import { defineKind } from './kind.ts'
import { byKey, header, Key, RuleJson, TextSchema, XId } from './shared.ts'

export const FlowNodeSchema = Type.Object(
  { 'x-id': XId, type: Type.String(), title: TextSchema },
  /** Settings belong to the node type: `nodes/<type>/node.ts`. */
  { additionalProperties: true },
)
export type FlowNode = Static<typeof FlowNodeSchema> & Record<string, unknown>

export const FlowEdgeSchema = Type.Object(
  {
    'x-id': XId,
    from: XId,
    /** The exit of the node it leaves by, one of those its node type names. Default: the only or first exit. */
    exit: Type.Optional(Type.String()),
    to: XId,
    /** Condition nodes: edges are tried in `x-order`; the first that holds is taken, else the `default`. */
    when: Type.Optional(RuleJson),
    default: Type.Optional(Type.Boolean()),
    'x-order': Type.Optional(Type.String()),
    title: Type.Optional(TextSchema),
  },
  { additionalProperties: false },
)
export type FlowEdge = Static<typeof FlowEdgeSchema>

export const FlowSchema = Type.Object(
  {
    ...header('flow/1'),
    object: Key,
    /** How cases begin: `flow/triggers/`. */
    trigger: TriggerSchema,
    /** Flows that move money get the stricter defaults. */
    money: Type.Optional(Type.Boolean()),
    settings: Type.Optional(
      Type.Object(
        {
          ...PolicySettings,
          /**
           * Somebody who has approved before is not asked again: `adjacent`, right before; `any`, at any earlier step.
           * Never where there is something to fill in or to sign, or the record has changed. Default `adjacent`.
           */
          dedupe: Type.Optional(Type.Enum(['none', 'adjacent', 'any'])),
          /** Field of the record that says how much a case is about: people stand in for others up to an amount. */
          amount: Type.Optional(Key),
          /** Fields of the record that lists tell with its cases. Default the amount. */
          summary: Type.Optional(Type.Array(Key, { maxItems: 4, uniqueItems: true })),
          /** Work calendar by which due times are reckoned. */
          calendar: Type.Optional(Key),
          /** What a change of that calendar does to what is open: moves it, or nothing. Default `follow`. */
          deadlines: Type.Optional(Type.Enum(['follow', 'frozen'])),
          /** A case that is still open so long after it began ends as expired. */
          expire: Type.Optional(
            Type.Object(
              {
                after: Type.Integer({ minimum: 1, maximum: 5_000_000 }),
                unit: Type.Enum([...durationUnits]),
                /** The end whose outcome it has then. Default none. */
                end: Type.Optional(XId),
                /** Fields written then, as rules. */
                values: Type.Optional(Type.Record(Key, RuleJson, byKey)),
              },
              { additionalProperties: false },
            ),
          ),
          /**
           * What nobody but the flow changes while a case is open: the whole `record`, or the `fields` that the flow
           * reads, writes or opens at a step. Default `none`.
           */
          lock: Type.Optional(Type.Enum(['record', 'fields', 'none'])),
          /** Until when the applicant may take the case back. Default `before_first_action`. */
          withdraw: Type.Optional(Type.Enum(['before_first_action', 'until_end', 'never'])),
          /** Taken back, the case ends, or waits for the applicant to submit it again. Default `end`. */
          afterWithdraw: Type.Optional(Type.Enum(['end', 'draft'])),
          /** How often a case is sent back at most. Default 20. */
          returnCap: Type.Optional(Type.Integer({ minimum: 0, maximum: 1000 })),
          /**
           * Who is told that a case has ended: its applicant, nobody, or these: people whom fields of the record name
           * (`partner.channel_manager`), with the applicant where they stand among them. Default `applicant`.
           */
          tellEnd: Type.Optional(
            Type.Union([
              Type.Enum(['applicant', 'nobody']),
              Type.Array(
                Type.Union([
                  Type.Object({ kind: Type.Literal('applicant') }, { additionalProperties: false }),
                  Type.Object(
                    { kind: Type.Literal('field'), path: Type.String() },
                    { additionalProperties: false },
                  ),
                ]),
                { minItems: 1, maxItems: 10 },
              ),
            ]),
          ),
          /** Fields written when the case is taken back, as rules: the state that it may be submitted from again. */
          onWithdraw: Type.Optional(Type.Record(Key, RuleJson, byKey)),
        },
        { additionalProperties: false },
      ),
    ),
    nodes: Type.Array(FlowNodeSchema, { minItems: 2, maxItems: 200 }),
    edges: Type.Array(FlowEdgeSchema),
  },
  { additionalProperties: false },
)
export type FlowDefinition = Static<typeof FlowSchema>

declare module './definition-set.ts' {
  interface DefinitionSet {
    readonly flows: ReadonlyMap<string, FlowDefinition>
  }
}

export const flowKind = defineKind({
  name: 'flow',
  format: 1,
  title: { en: 'Flow', zh: '流程' },
  folder: 'flows',
  schema: FlowSchema,
  begin: ({ makeId }) => ({
    object: '',
    trigger: { type: 'record', when: false },
    nodes: [
      { 'x-id': makeId('n'), type: 'start', title: { en: 'Start', zh: '开始' } },
      { 'x-id': makeId('n'), type: 'end', title: { en: 'Done', zh: '结束' }, outcome: 'approved' },
    ],
    edges: [],
  }),
  migrations: [],
  check: checkFlowDefinition,
})
