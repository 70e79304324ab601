import type { FlowDefinition } from '../definition/flow.ts'
import type { Json, JsonObject } from '../json.ts'
import type { Engine } from './engine.ts'
import { effectKey } from './run.ts'
import { queueAfterUndoing } from './undo.ts'

/** What a case writes into its record as a whole and not by a step, by the word of the effect's key. */
const said = {
  withdraw: ({ settings }: FlowDefinition) => settings?.onWithdraw,
  expire: ({ settings }: FlowDefinition) => settings?.expire?.values,
}
export type CaseMoment = keyof typeof said

export function isCaseMoment(word: string | undefined): word is CaseMoment {
  return word !== undefined && Object.hasOwn(said, word)
}

/**
 * What is written when a case is taken back, or has expired, as the record stands; null where the flow says nothing. A
 * rule that fails must not keep the case open for ever: its field stays as it is, and is named with the reason.
 */
export function planCaseValues({ flow, ports }: Engine, moment: CaseMoment): JsonObject | null {
  const rules = said[moment](flow)
  if (rules === undefined) return null
  const values: JsonObject = {}
  const unreckoned: JsonObject = {}
  for (const [field, rule] of Object.entries(rules)) {
    const outcome = ports.evaluate(rule as Json, ports.data)
    if (outcome.ok) values[field] = outcome.value
    else unreckoned[field] = outcome.reason
  }
  return Object.keys(unreckoned).length === 0 ? { values } : { values, unreckoned }
}

/** Has it written: the state that the record may be submitted from again, or what its end comes to. */
export function writeCaseValues(engine: Engine, moment: CaseMoment): void {
  const { draft } = engine
  const [first] = draft.activations
  const payload = planCaseValues(engine, moment)
  if (payload === null || first === undefined) return
  const key = effectKey(draft.id, first.id, moment, draft.activations.length)
  queueAfterUndoing(engine, { key, activation: first.id, type: 'set_fields', payload })
}
