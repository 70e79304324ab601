import type { Static, TSchema } from 'typebox'
import type { DefinitionSet } from '../../../definition/definition-set.ts'
import type { Diagnostic } from '../../../definition/diagnostic.ts'
import type { FlowDefinition } from '../../../definition/flow.ts'
import type { Json, JsonObject } from '../../../json.ts'
import type { Locale, Text } from '../../../text.ts'

/** Something that a flow can have done. Made real in `server/src/flows/effects/<name>.ts`. */
export interface EffectType<S extends TSchema = TSchema> {
  readonly name: string
  readonly title: Text
  readonly icon: string
  /** JSON Schema of the node's `with`. */
  readonly settings: S
  check(settings: Static<S>, flow: FlowDefinition, set: DefinitionSet, pointer: string): Diagnostic[]
  /** What the server is handed: the settings with every rule replaced by its value at this moment. */
  plan(settings: Static<S>, evaluate: (rule: Json) => Json): JsonObject
  /** One sentence of the timeline, once it is done. */
  trace(data: JsonObject, locale: Locale): string
}

export function defineEffectType<S extends TSchema>(type: EffectType<S>): EffectType<S> {
  return type
}
