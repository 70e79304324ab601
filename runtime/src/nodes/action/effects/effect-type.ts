import type { Static, TSchema } from 'typebox'
import type { DefinitionSet } from '../../../definition/definition-set.ts'
import type { Diagnostic } from '../../../definition/diagnostic.ts'
import type { FlowDefinition } from '../../../definition/flow.ts'
import { isJsonObject, type Json, type JsonObject } from '../../../json.ts'
import type { Locale, Text } from '../../../text.ts'
import type { Recipient } from '../../recipients-settings.ts'

/** What an effect may know when the node is entered. */
export interface PlanContext {
  /** Whom `tells` stands for, each person once. */
  readonly people: readonly string[]
  /** Id of the flow's record. */
  readonly record: string
  /** The record's values and what its references lead to. */
  readonly data: JsonObject
}

/** Something that a flow can have done. Made real in `server/src/flows/effects/<name>.ts`. */
export interface EffectType<S extends TSchema = TSchema> {
  readonly name: string
  readonly title: Text
  readonly icon: string
  /** JSON Schema of the node's `with`. */
  readonly settings: S
  check(settings: Static<S>, flow: FlowDefinition, set: DefinitionSet, pointer: string): Diagnostic[]
  /** Whom it concerns, found when the step is entered. `at`: pointer to the list, from the settings. */
  tells?(settings: Static<S>): { readonly to: readonly Recipient[]; readonly at: string }
  /** Fields of the flow's own record that it writes. Default the one that `into` names. */
  writes?(settings: Static<S>): readonly string[]
  /** The flow that it starts. `at`: pointer to its key, from the settings. */
  starts?(settings: Static<S>): { readonly flow: string; readonly at: string }
  /** What the server is handed: the settings with every rule replaced by its value at this moment. */
  plan(settings: Static<S>, evaluate: (rule: Json) => Json, context: PlanContext): JsonObject
  /** Its values are reckoned again right before they are written: by then the record may say something else. */
  readonly reckonedLate?: boolean
  /** The fields that it writes, each with the rule that gives its value and the path by which that reads the field itself. */
  reckons?(settings: Static<S>): readonly ReckonedField[]
  /** Amounts that are owed hang on it, whatever flow it stands in. */
  readonly money?: boolean
  /** It tells people something and changes nothing. */
  readonly tellsOnly?: boolean
  /** It goes out into the world, or into other cases, where nothing takes it back. */
  readonly irreversible?: boolean
  /**
   * What takes it back, from what the server was handed, the values of the record before, and what came of it. Without
   * it nothing has to be taken back.
   */
  undo?(
    payload: JsonObject,
    before: JsonObject,
    result: JsonObject,
  ): readonly { readonly type: string; readonly payload: JsonObject }[]
  /** One sentence of the timeline, once it is done. */
  trace(data: JsonObject, locale: Locale): string
}

export interface ReckonedField {
  readonly field: string
  readonly rule: Json
  /** Null: no rule leads to the record that is written, so none reads it. */
  readonly self: string | null
}

export function defineEffectType<S extends TSchema>(type: EffectType<S>): EffectType<S> {
  return type
}

/** The value of each rule. */
export function planValues(
  rules: Readonly<Record<string, unknown>>,
  evaluate: (rule: Json) => Json,
): JsonObject {
  return Object.fromEntries(Object.entries(rules).map(([field, rule]) => [field, evaluate(rule as Json)]))
}

/** What takes back values that were written into the flow's record: those that it found. */
export function writeBack(
  { values }: JsonObject,
  seen: JsonObject,
  result: JsonObject,
): readonly { readonly type: string; readonly payload: JsonObject }[] {
  if (!isJsonObject(values ?? null)) return []
  const before = isJsonObject(result.before ?? null) ? (result.before as JsonObject) : seen
  return [putBack(Object.keys(values as JsonObject), before, result)]
}

/**
 * Has fields put back to what they said, as far as they still say what was written. `result`: of the effect, with
 * `after` and `rev` where it told them. `of`: the object and record, where it is not the flow's own.
 */
export function putBack(
  fields: readonly string[],
  before: JsonObject,
  { after = null, rev = null }: JsonObject,
  of: JsonObject = {},
): { readonly type: 'put_back'; readonly payload: JsonObject } {
  const wrote = isJsonObject(after) ? after : {}
  const each = fields.map((field) => {
    const back = { before: before[field] ?? null, ...(field in wrote ? { after: wrote[field] ?? null } : {}) }
    return [field, back] as const
  })
  return { type: 'put_back', payload: { ...of, fields: Object.fromEntries(each), rev } }
}
