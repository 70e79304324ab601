import type { ReactNode } from 'react'
import type { RuleDefinitions } from '../../src/definition/definition-set.ts'
import type { FormDefinition } from '../../src/definition/form.ts'
import type { ObjectDefinition } from '../../src/definition/object.ts'
import type { JsonObject } from '../../src/json.ts'
import type { DraftPlace } from './drafts.ts'
import type { FormActor } from './engine.ts'
import type { CheckValue } from './validator-type.ts'

/** What the buttons of a form can do that is sent in more than one way. */
export interface FormActions {
  /** Whether the form asks different things of different answers. */
  readonly readsDecision: boolean
  /** Chooses an answer and shows the fields it asks for; true when some of them are new and still to be filled in. */
  ask(decision: string): boolean
  /** The answer that goes off once the files that are on their way have arrived; null: none. */
  readonly waiting: string | null
  /**
   * Sends what was entered to `send`, once its files have arrived and the form is sound for the answer; tells what is
   * wrong otherwise.
   */
  submit(send: FormSend, decision: string): void
}
export type FormSend = (values: JsonObject, send: { idempotencyKey: string }) => Promise<void>

export interface FormViewProps {
  readonly form: FormDefinition
  readonly object: ObjectDefinition
  readonly actor: FormActor
  /** The definitions around it, for rules that read through references. Default: the object alone. */
  readonly definitions?: RuleDefinitions
  /** Reads a record that a rule reads through; without it such rules find nothing. */
  readonly readRecord?: (object: string, id: string) => Promise<JsonObject>
  /** The record as it is; without it the form makes a new one. */
  readonly record?: JsonObject
  /** What a new record begins with. */
  readonly given?: JsonObject
  readonly titles?: Readonly<Record<string, string>>
  /** The fields that the reader may write here; the others show read-only. Default: all. */
  readonly writable?: readonly string[] | null
  /** The compiled check that the server serves; without it the schema is interpreted. */
  readonly check?: CheckValue | null
  /** Where unsent entries are kept on this device; null: nowhere. */
  readonly draft?: DraftPlace | null
  readonly rev?: number | null
  /** Sends the values; throws an `ApiProblem` when refused. Without it the form is a preview. */
  readonly onSubmit?: FormSend
  /** On the button that sends, where something else than the form itself names what is done. */
  readonly sendTitle?: string
  /** The buttons of the last step, where a form is sent in more than one way: in place of its own. */
  readonly actions?: (form: FormActions) => ReactNode
  readonly onCancel?: () => void
  /** Opens the form anew on the newest record; entries are kept as a draft. */
  readonly onReload?: () => void
  readonly onChange?: (values: JsonObject, before: JsonObject) => void
  /** What is asked beside the form and sent with it: a refusal goes when any of it changes. Of the same length always. */
  readonly beside?: readonly unknown[]
  /** Shown above the buttons: the facts a decision needs, for example. */
  readonly children?: ReactNode
}
