import type { FormDefinition } from '../../src/definition/form.ts'
import type { ObjectDefinition } from '../../src/definition/object.ts'
import type { ErrorDetail } from '../../src/errors/create-error.ts'
import { recordSchema } from '../../src/fields/record-schema.ts'
import type { JsonObject } from '../../src/json.ts'
import { createInterpretingCheck } from './interpreting-validator.ts'
import type { CheckValue } from './validator-type.ts'

/** Who fills in the form, as its rules see them. */
export interface FormActor {
  readonly id: string
  readonly partner: string | null
  readonly partners: readonly string[]
  readonly roles: readonly string[]
}

export interface FormOutcome {
  /** All values, those of hidden fields included: they come back when the field does. */
  readonly values: JsonObject
  /** What is sent: without hidden fields. */
  readonly submitted: JsonObject
  readonly problems: readonly ErrorDetail[]
  isVisible(field: string): boolean
  isRequired(field: string): boolean
  isReadonly(field: string): boolean
  isStepVisible(step: string): boolean
}

export interface FormInput {
  readonly form: FormDefinition
  readonly object: ObjectDefinition
  readonly actor: FormActor
  readonly timeZone: string
  readonly values: JsonObject
  readonly record: JsonObject | null
  /** True when the form opens: defaults are taken. */
  readonly opening: boolean
}

export function runForm(input: FormInput): FormOutcome {
  const required = new Set(input.object.schema.required ?? [])
  return {
    values: input.values,
    submitted: input.values,
    problems: [],
    isVisible: () => true,
    isRequired: (field) => required.has(field),
    isReadonly: () => false,
    isStepVisible: () => true,
  }
}

const interpreted = new WeakMap<ObjectDefinition, CheckValue>()

/** The check of a form that no server has compiled: the object's schema, interpreted. */
export function previewCheck(_form: FormDefinition, object: ObjectDefinition): CheckValue {
  const known = interpreted.get(object)
  if (known) return known
  const check = createInterpretingCheck(recordSchema(object, 'input'))
  interpreted.set(object, check)
  return check
}
