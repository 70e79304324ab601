import type { FormDefinition } from '../../src/definition/form.ts'
import type { ObjectDefinition } from '../../src/definition/object.ts'

export interface FormSection {
  readonly id: string
  readonly title: FormDefinition['title'] | undefined
  readonly help: FormDefinition['title'] | undefined
  readonly rows: readonly (readonly string[])[]
}

export interface FormStep {
  readonly id: string
  readonly title: FormDefinition['title']
  readonly sections: readonly FormSection[]
}

/** The steps that have something to show: fields that exist, that the reader knows and that the rules leave visible. */
export function layOutSteps(
  form: FormDefinition,
  object: ObjectDefinition,
  isVisible: (field: string) => boolean,
  isStepVisible: (step: string) => boolean,
): FormStep[] {
  return [...form.steps]
    .sort((a, b) => compareOrder(a['x-order'], b['x-order']))
    .filter((step) => isStepVisible(step['x-id']))
    .map((step) => ({
      id: step['x-id'],
      title: step.title,
      sections: step.sections
        .map((section) => ({
          id: section['x-id'],
          title: section.title,
          help: section.help,
          rows: section.rows
            .map((row) => row.filter((key) => Object.hasOwn(object.schema.properties, key) && isVisible(key)))
            .filter((row) => row.length > 0),
        }))
        .filter((section) => section.rows.length > 0),
    }))
    .filter((step) => step.sections.length > 0)
}

function compareOrder(a: string | undefined, b: string | undefined): number {
  if (a === b || a === undefined || b === undefined) return 0
  return a < b ? -1 : 1
}

export function fieldsOf(step: FormStep): string[] {
  return step.sections.flatMap((section) => section.rows.flat())
}
