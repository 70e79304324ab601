import Type, { type Static } from 'typebox'
import { header, Key, RuleJson, TextSchema, XId } from './shared.ts'

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
    trigger: Type.Object(
      {
        type: Type.Literal('record'),
        /** Starts when this turns from false (or no record) to true. */
        when: RuleJson,
      },
      { additionalProperties: false },
    ),
    /** Flows that move money get the stricter defaults. */
    money: Type.Optional(Type.Boolean()),
    settings: Type.Optional(
      Type.Object(
        {
          selfApproval: Type.Optional(Type.Union([Type.Literal('ask'), Type.Literal('skip'), Type.Literal('forbid')])),
          onEmpty: Type.Optional(
            Type.Union([Type.Literal('admin'), Type.Literal('reject'), Type.Literal('incident')]),
          ),
          /** `record`: nobody but the flow changes the record while the run is open. */
          lock: Type.Optional(Type.Union([Type.Literal('record'), Type.Literal('none')])),
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
