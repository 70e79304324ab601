import Type from 'typebox'
import { checkShape } from '../../definition/shape.ts'
import { diagnose } from '../../errors/diagnose.ts'
import * as errors from '../../errors/flow-checks.ts'
import { effectKey } from '../../flow/run.ts'
import { defineNodeType } from '../node-type.ts'
import { effectTypes, findEffectType } from './effects/index.ts'

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
    },
    { additionalProperties: false },
  ),
  exits: () => ['done'],
  check(node, flow, set, pointer) {
    const effect = findEffectType(node.effect)
    if (effect === undefined) {
      const known = effectTypes.map((type) => type.name).join(', ')
      return [diagnose(errors.flowEffectUnknown, `${pointer}/effect`, { effect: node.effect, known })]
    }
    const misfits = checkShape(effect.settings, node.with, `${pointer}/with`)
    return misfits.length > 0 ? misfits : effect.check(node.with, flow, set, `${pointer}/with`)
  },
  run({ run, activation, node, evaluate }) {
    const effect = findEffectType(node.effect)
    if (effect === undefined) throw new Error(`There is no effect ${node.effect}`)
    const key = effectKey(run.id, activation.id, node['x-id'], 0)
    const payload = effect.plan(node.with, evaluate)
    return {
      exit: null,
      effects: [{ key, activation: activation.id, type: node.effect, payload }],
      state: { waits: key },
    }
  },
  resume({ activation }, event) {
    if (event.type !== 'effect_done' || event.key !== activation.state.waits) return { exit: null }
    return { exit: 'done', state: { result: event.result } }
  },
  trace(event, locale) {
    if (event.type !== 'effect_done') return null
    const effect = typeof event.data.effect === 'string' ? findEffectType(event.data.effect) : undefined
    return effect?.trace(event.data, locale) ?? null
  },
})
