import Type from 'typebox'
import * as errors from '../../errors/flows.ts'
import { isJsonObject, type JsonObject } from '../../json.ts'
import type { Text } from '../../text.ts'
import { defineCommand } from '../command-kind.ts'
import type { RunDraft } from '../draft.ts'
import type { Engine } from '../engine.ts'
import { withoutEffect } from '../incident.ts'
import { type Activation, closedStatuses, openStatuses } from '../run.ts'
import { hearUndone } from '../undo.ts'
import { wantedOf } from '../wanted-of.ts'
import { closed, Json } from './shapes.ts'

// An effect of a closed run (what a withdrawal writes) is heard of as well; nobody is left who waits for it.
const during = [...openStatuses, ...closedStatuses]

export const effectDone = defineCommand({
  name: 'effect_done',
  title: { en: 'Effect done', zh: '动作完成' },
  done: { en: 'an effect was done', zh: '动作已完成' },
  on: 'run',
  by: 'system',
  payload: Type.Object({ key: Type.String(), result: Json }, closed),
  during,
  apply(engine, { key, result }) {
    const { draft } = engine
    const activation = activationOf(draft, key)
    const said = activation && engine.graph.nodes.get(activation.node)
    const effect = typeof said?.effect === 'string' ? said.effect : null
    draft.say('effect_done', { node: activation?.node ?? null, data: { key, effect, result } })
    sayUnreckoned(draft, result)
    sayKept(draft, activation, result)
    const told = activation && draft.activation(activation.id)
    if (told === undefined) return
    if (told.incident !== null)
      draft.changeActivation({ ...told, incident: withoutEffect(told.incident, key) })
    hearUndone(engine, told.id, key)
    if (told.status !== 'active' || draft.closed) return
    if (engine.locate(told.id).type.resume !== undefined)
      engine.resume(told.id, { type: 'effect_done', key, result })
  },
})

export const effectFailed = defineCommand({
  name: 'effect_failed',
  title: { en: 'Effect failed', zh: '动作失败' },
  done: { en: 'an effect failed', zh: '动作失败' },
  on: 'run',
  by: 'system',
  payload: Type.Object({ key: Type.String(), reason: Type.Unsafe<Text>(Type.Object({})) }, closed),
  during,
  apply(engine, { key, reason }) {
    const activation = activationOf(engine.draft, key)
    if (activation === undefined) return
    const wanted = wantedOf(engine.flow, activation, key)
    if (wanted?.onFail === 'continue') {
      goOnWithout(engine, activation, key, { effect: wanted.effect, reason: { ...reason } })
      return
    }
    const { code } = errors.flowEffectFailed
    engine.stop(activation, { code, data: { key, reason: { ...reason } } }, { effect: key })
  },
})

/** Its settings let the case go on: whoever waits for the effect goes on without it. */
function goOnWithout(engine: Engine, { id, node, status }: Activation, key: string, said: JsonObject): void {
  const { draft } = engine
  draft.giveUp(key)
  draft.say('effect_left', { node, data: { key, ...said } })
  if (status !== 'active' || draft.closed) return
  if (engine.locate(id).type.resume !== undefined) engine.resume(id, { type: 'effect_left', key })
}

/** A step was taken back, but for fields that somebody has written since. */
function sayKept(draft: RunDraft, activation: Activation | undefined, result: JsonObject): void {
  const kept = Array.isArray(result.kept) ? result.kept.filter(isJsonObject) : []
  if (activation === undefined || kept.length === 0) return
  const { object = null, record = null } = result
  for (const { field = null, wrote = null, now = null } of kept)
    draft.say('left_as_is', { node: activation.node, data: { object, record, field, wrote, now } })
  const fields = kept.map(({ field = null }) => field)
  draft.changeActivation({ ...activation, state: { ...activation.state, kept: fields } })
}

/** Fields that stay as they are, for the rule that the case has for them fails. */
function sayUnreckoned(draft: RunDraft, { unreckoned }: JsonObject): void {
  if (!isJsonObject(unreckoned ?? null)) return
  const { object, record } = draft.view()
  for (const [field, reason] of Object.entries(unreckoned as JsonObject))
    draft.say('not_reckoned', { data: { object, record, field, reason } })
}

function activationOf(draft: RunDraft, key: string): Activation | undefined {
  return draft.activations.find((candidate) => key.startsWith(`${draft.id}:${candidate.id}:`))
}
