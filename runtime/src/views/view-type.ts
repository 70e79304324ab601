import type { TSchema } from 'typebox'
import type { DefinitionSet } from '../definition/definition-set.ts'
import type { Diagnostic } from '../definition/diagnostic.ts'
import type { ViewDefinition } from '../definition/view.ts'
import type { Text } from '../text.ts'

/** A way to show records. The list is `views/index.ts`; its face is `runtime/react/views/<Type>View.tsx`. */
export interface ViewType<S extends TSchema = TSchema> {
  readonly name: string
  readonly title: Text
  readonly icon: string
  /** JSON Schema of the settings beside the common ones of `view/1`. */
  readonly settings: S
  /** Fields, forms and rules it names exist and fit. */
  check(view: ViewDefinition, set: DefinitionSet): Diagnostic[]
}

export function defineViewType<S extends TSchema>(type: ViewType<S>): ViewType<S> {
  return type
}
