import type { Static, TObject } from 'typebox'
import type { DefinitionSet } from '../../definition/definition-set.ts'
import type { Diagnostic } from '../../definition/diagnostic.ts'
import type { FlowDefinition } from '../../definition/flow.ts'
import type { Text } from '../../text.ts'

/** Everything the platform knows of one way in which cases begin. The list is `triggers/index.ts`. */
export interface TriggerType<S extends TObject = TObject> {
  readonly name: string
  readonly title: Text
  readonly icon: string
  /** Said of a case that no person begins, with `{whom}` for whom: empty, or with the words around it. */
  readonly began?: Text
  /** Of `trigger` in the definition, `type` included. */
  readonly schema: S
  check(trigger: Static<S>, flow: FlowDefinition, set: DefinitionSet, pointer: string): Diagnostic[]
}

export function defineTrigger<S extends TObject>(type: TriggerType<S>): TriggerType<S> {
  return type
}
