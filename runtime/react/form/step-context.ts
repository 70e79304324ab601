import { createContext, useContext } from 'react'
import type { FormDefinition } from '../../src/definition/form.ts'
import type { ObjectDefinition } from '../../src/definition/object.ts'
import type { FieldProblem } from '../../src/fields/face.tsx'
import type { JsonObject } from '../../src/json.ts'
import type { FormStep } from './layout.ts'

/** What the inputs of a step need beside their own value. Outside rjsf's props, which it compares deeply. */
export interface StepState {
  readonly form: FormDefinition
  readonly object: ObjectDefinition
  readonly step: FormStep
  readonly idPrefix: string
  /** The record as stored; null for a new one. */
  readonly stored: JsonObject | null
  isRequired(field: string): boolean
  isReadonly(field: string): boolean
  /** What is wrong with a field or with a part of its value; an empty message marks it without words. */
  problems(field: string): readonly FieldProblem[]
  readonly titles: Readonly<Record<string, string>>
  onLeave(field: string): void
}

export const StepContext = createContext<StepState | null>(null)

export function useStep(): StepState {
  const state = useContext(StepContext)
  if (!state) throw new Error('A form field stands outside its step')
  return state
}
