import Type from 'typebox'
import { diagnose } from '../../errors/diagnose.ts'
import * as errors from '../../errors/flow-checks.ts'
import { asJsonObject, isJsonObject, type JsonObject } from '../../json.ts'
import { pathsOf, settledQuestions } from '../approval/approvers.ts'
import { defineNodeType } from '../node-type.ts'
import { findEffectType } from './effects/index.ts'
import { failureSettings } from './failure-settings.ts'
import { checkWanted, planWanted, toldBy } from './wanted-effect.ts'

export const action = defineNodeType({
  name: 'action',
  title: { en: 'Action', zh: '动作' },
  icon: 'bolt',
  settings: Type.Object(
    {
      /** One of `effects/index.ts`. */
      effect: Type.String(),
      /** The settings of the effect. Values in it are rules. */
      with: Type.Record(Type.String(), Type.Unknown()),
      /** Whether it is taken back when the case goes back behind it or is withdrawn. Default no. */
      undo: Type.Optional(Type.Boolean()),
      ...failureSettings,
    },
    { additionalProperties: false },
  ),
  exits: () => ['done'],
  starts(node) {
    const started = findEffectType(node.effect)?.starts?.(node.with)
    return started === undefined ? [] : [{ flow: started.flow, at: `/with${started.at}` }]
  },
  check(node, flow, set, pointer) {
    const found = checkWanted(node, node, flow, set, pointer)
    const effect = findEffectType(node.effect)
    if (effect === undefined) return found
    if (node.undo !== true || effect.undo !== undefined) return found
    return [...found, diagnose(errors.flowEffectFinal, `${pointer}/undo`, { effect: node.effect })]
  },
  people: (node) => settledQuestions(toldBy(node)),
  reads: (node) => pathsOf(toldBy(node)),
  run(context) {
    const { node, data } = context
    const effect = planWanted(context, node, 0)
    const { key, payload } = effect
    return {
      exit: null,
      effects: [effect],
      state: { waits: key, ...(node.undo === true ? { payload, before: valuesBefore(payload, data) } : {}) },
    }
  },
  resume({ activation }, event) {
    const { waits } = activation.state
    if (event.type === 'effect_left' && event.key === waits) return { exit: 'done' }
    if (event.type !== 'effect_done' || event.key !== waits) return { exit: null }
    return { exit: 'done', state: { ...activation.state, result: event.result } }
  },
  planAnew: (context, key) =>
    context.activation.state.waits === key ? planWanted(context, context.node, 0).payload : null,
  reckons: (node) => findEffectType(node.effect)?.reckons?.(node.with) ?? [],
  wanted: ({ node, activation }, key) => (activation.state.waits === key ? node : null),
  undo({ node, activation }) {
    const effect = findEffectType(node.effect)
    const { payload, before, result } = activation.state
    if (effect === undefined) return null
    if (effect.irreversible === true) return { kind: 'irreversible' }
    // What was skipped, or failed and was left, has done nothing.
    if (node.undo !== true || effect.undo === undefined) return null
    if (!isJsonObject(payload) || !isJsonObject(result)) return null
    const effects = effect.undo(payload, asJsonObject(before), result)
    return { kind: 'effects', effects: [...effects] }
  },
  trace(event, locale) {
    if (event.type !== 'effect_done') return null
    const effect = typeof event.data.effect === 'string' ? findEffectType(event.data.effect) : undefined
    return effect?.trace(event.data, locale) ?? null
  },
})

/** What the record said in the fields that are about to be written. */
function valuesBefore(payload: JsonObject, data: JsonObject): JsonObject {
  const fields = isJsonObject(payload.values) ? Object.keys(payload.values) : []
  return Object.fromEntries(fields.map((field) => [field, idOf(data[field] ?? null)]))
}

/** A reference that was loaded is written as its id. */
function idOf(value: JsonObject[string]): JsonObject[string] {
  return isJsonObject(value) && typeof value.id === 'string' ? value.id : value
}
