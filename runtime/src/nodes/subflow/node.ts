import Type from 'typebox'
import { byKey, Key, RuleJson } from '../../definition/shared.ts'
import { diagnose } from '../../errors/diagnose.ts'
import * as errors from '../../errors/flow-checks.ts'
import { sayChildEnd } from '../../flow/child-end.ts'
import { scopeOfFlow } from '../../flow/field-rules.ts'
import { checkHanded, planInput } from '../../flow/given.ts'
import { effectKey } from '../../flow/run.ts'
import type { Json, JsonObject } from '../../json.ts'
import { checkRule } from '../../logic/check.ts'
import type { Text } from '../../text.ts'
import { defineNodeType, type NodeContext, type NodeStep } from '../node-type.ts'

const settings = Type.Object(
  {
    flow: Key,
    /** Id of the record that the other flow is about. Default: this flow's own. */
    record: Type.Optional(RuleJson),
    /** What it is handed, by the names that its trigger declares, as rules. */
    input: Type.Optional(Type.Record(Key, RuleJson, byKey)),
    /** Whether this flow waits until the other one has ended. Default yes. */
    wait: Type.Optional(Type.Boolean()),
    /** Outcomes of the other flow that have an exit of their own; all others leave by `ended`. */
    outcomes: Type.Optional(
      Type.Array(Type.String({ pattern: '^[a-z][a-z0-9_]{0,39}$' }), { uniqueItems: true, maxItems: 10 }),
    ),
  },
  { additionalProperties: false },
)

/** Starts another flow, in a transaction of its own, and leaves by what came of it. */
export const subflow = defineNodeType({
  name: 'subflow',
  title: { en: 'Subflow', zh: '子流程' },
  icon: 'arrow-iteration',
  settings,
  exits: (node) => (node.wait === false ? ['ended'] : [...(node.outcomes ?? []), 'ended']),
  exitTitles: {
    approved: { en: 'Approved', zh: '同意' },
    rejected: { en: 'Rejected', zh: '驳回' },
    ended: { en: 'Otherwise', zh: '其他' },
  },
  starts: (node) => [{ flow: node.flow, at: '/flow' }],
  check(node, flow, set, pointer) {
    const other = set.flows.get(node.flow)
    if (other === undefined) return []
    const scope = scopeOfFlow(flow, set)
    const found = checkHanded(other, node.input ?? {}, scope, pointer, null)
    const path = `${pointer}/record`
    if (node.record === undefined) {
      if (other.object === flow.object) return found
      const values = { flow: node.flow, object: other.object, own: flow.object }
      return [...found, diagnose(errors.flowOtherObject, path, values)]
    }
    return [
      ...found,
      ...checkRule(node.record as Json, scope, {
        expect: { t: 'ref', nullable: false, object: other.object },
        path,
      }).diagnostics,
    ]
  },
  run(context) {
    const { run, activation, node } = context
    return {
      exit: null,
      effects: [
        {
          key: effectKey(run.id, activation.id, node['x-id'], 0),
          activation: activation.id,
          type: 'start_flow',
          payload: planStart(context),
        },
      ],
      state: {},
    }
  },
  planAnew: (context) => planStart(context),
  resume({ node }, event): NodeStep {
    if (event.type === 'effect_done' && node.wait === false)
      return { exit: 'ended', state: { child: event.result } }
    if (event.type !== 'child_ended') return { exit: null }
    const outcome = event.outcome ?? event.status
    const exit = node.outcomes?.includes(outcome) === true ? outcome : 'ended'
    return { exit, state: { child: event.run, outcome } }
  },
  // A case that nobody waits for goes its own way.
  undo: ({ node }) => (node.wait === false ? null : { kind: 'children' }),
  trace: (event, locale) => sayChildEnd(event, ended, locale),
})

function planStart({ run, node, evaluate }: NodeContext<typeof settings>): JsonObject {
  return {
    flow: node.flow,
    record: node.record === undefined ? run.record : evaluate(node.record as Json),
    item: null,
    ...planInput(node.input, evaluate),
    waits: node.wait !== false,
  }
}

const ended: Text = { en: 'The subflow ended: {outcome}', zh: '子流程结束:{outcome}' }
