import type { DefinitionSet } from '../../definition/definition-set.ts'
import type { Diagnostic } from '../../definition/diagnostic.ts'
import type { FlowDefinition, FlowNode } from '../../definition/flow.ts'
import { checkShape } from '../../definition/shape.ts'
import { diagnose } from '../../errors/diagnose.ts'
import * as errors from '../../errors/flow-checks.ts'
import { type Effect, effectKey } from '../../flow/run.ts'
import type { NodeContext } from '../node-type.ts'
import { checkRecipients, findRecipients } from '../recipients.ts'
import type { Recipient } from '../recipients-settings.ts'
import { effectTypes, findEffectType } from './effects/index.ts'
import type { FailureSettings } from './failure-settings.ts'

/** An effect as a definition names it. */
export interface WantedEffect extends FailureSettings {
  /** One of `effects/index.ts`. */
  readonly effect: string
  /** Its settings; values in them are rules. */
  readonly with: Readonly<Record<string, unknown>>
}

/** The effect is known, its settings and rules are sound, whom it tells is there. `pointer` leads to the entry. */
export function checkWanted(
  wanted: WantedEffect,
  node: FlowNode,
  flow: FlowDefinition,
  set: DefinitionSet,
  pointer: string,
): Diagnostic[] {
  const effect = findEffectType(wanted.effect)
  if (effect === undefined) {
    const known = effectTypes.map((type) => type.name).join(', ')
    return [diagnose(errors.flowEffectUnknown, `${pointer}/effect`, { effect: wanted.effect, known })]
  }
  const misfits = checkShape(effect.settings, wanted.with, `${pointer}/with`)
  if (misfits.length > 0) return misfits
  const told = effect.tells?.(wanted.with)
  const movesMoney = effect.money === true || (flow.money === true && effect.tellsOnly !== true)
  return [
    ...(wanted.onFail === 'continue' && movesMoney
      ? [diagnose(errors.flowMoneyFailure, `${pointer}/onFail`, { effect: wanted.effect })]
      : []),
    ...effect.check(wanted.with, flow, set, `${pointer}/with`),
    ...(told === undefined ? [] : checkRecipients(told.to, { node, flow, set }, `${pointer}/with${told.at}`)),
  ]
}

/** The effect with every rule read as the record stands. `seq` tells apart those of one step. */
export function planWanted(context: NodeContext, wanted: WantedEffect, seq: number | string): Effect {
  const { run, activation, node, evaluate, data } = context
  const effect = findEffectType(wanted.effect)
  if (effect === undefined) throw new Error(`There is no effect ${wanted.effect}`)
  const told = effect.tells?.(wanted.with)
  const people = told === undefined ? [] : findRecipients(context, told.to)
  return {
    key: effectKey(run.id, activation.id, node['x-id'], seq),
    activation: activation.id,
    type: wanted.effect,
    payload: effect.plan(wanted.with, evaluate, { people, record: run.record, data }),
  }
}

/** Whom the effect tells. */
export function toldBy({ effect, with: settings }: WantedEffect): readonly Recipient[] {
  return findEffectType(effect)?.tells?.(settings).to ?? []
}
