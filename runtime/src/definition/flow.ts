import Type, { type Static } from 'typebox'
import { TriggerSchema } from '../flow/triggers/schemas.ts'
import { checkFlowDefinition } from './check-flow.ts'
import { FlowSettingsSchema } from './flow-settings.ts'
import { defineKind } from './kind.ts'
import { header, Key, RuleJson, TextSchema, words, XId } from './shared.ts'

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
    money: Type.Optional(
      Type.Boolean(
        words(
          { en: 'Moves money', zh: '涉及资金' },
          {
            en: 'Nobody passes a case of their own, and nothing passes by itself.',
            zh: '本人不得审批自己的申请,也不会自动通过。',
          },
        ),
      ),
    ),
    settings: Type.Optional(FlowSettingsSchema),
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
