import { fieldTypeOf } from '../fields/index.ts'
import { isJsonObject, type JsonObject } from '../json.ts'
import type { Locale } from '../text.ts'
import type { FormOutcomes } from './apply-form.ts'
import type { FormProgram } from './outcomes.ts'

export interface EmittedStep {
  readonly id: string
  readonly title: string
  /** The slice of the schema with the step's fields. */
  readonly schema: JsonObject
  /** Per field the face's settings; `ui:order`; `ui:sections` with titles, help and rows of field keys. */
  readonly uiSchema: JsonObject
}

export interface EmittedForm {
  /** All fields that are shown, as one flat JSON Schema: no `if`, `then`, `allOf`. */
  readonly schema: JsonObject
  /** The steps that are shown. */
  readonly steps: readonly EmittedStep[]
}

/**
 * The form as rjsf renders it, for one state of its rules. Equal outcomes give the same object again, so that React
 * sees a change only when there is one.
 */
export function emitForm(program: FormProgram, locale: Locale, outcomes: FormOutcomes): EmittedForm {
  const mark = `${locale} ${outcomes.vector}`
  const kept = program.emitted.get(mark) as EmittedForm | undefined
  if (kept) return kept
  // A form of many rules has many states; those in use come back quickly after a sweep.
  if (program.emitted.size > 500) program.emitted.clear()
  const emitted = build(program, locale, outcomes)
  program.emitted.set(mark, emitted)
  return emitted
}

function build(program: FormProgram, locale: Locale, outcomes: FormOutcomes): EmittedForm {
  const steps = program.form.steps.flatMap((step, at): EmittedStep[] => {
    if (!outcomes.steps.has(step['x-id'])) return []
    const fields = program.fields.filter((field) => field.step === at && outcomes.visible.has(field.key))
    const properties: JsonObject = {}
    const uiSchema: JsonObject = {
      'ui:order': fields.map((field) => field.key),
      'ui:sections': step.sections.map((section) => ({
        id: section['x-id'],
        title: section.title?.[locale] ?? '',
        help: section.help?.[locale] ?? '',
        rows: section.rows
          .map((row) => row.filter((key) => outcomes.visible.has(key)))
          .filter((row) => row.length > 0),
      })),
    }
    for (const { key, definition } of fields) {
      const face = fieldTypeOf(definition).face(definition, locale)
      const words = program.form.fields?.[key]
      const raw = program.form.uiSchema?.[key]
      properties[key] = { ...face.schema, ...(words?.title ? { title: words.title[locale] } : {}) }
      uiSchema[key] = {
        ...face.uiSchema,
        ...(words?.help ? { 'ui:help': words.help[locale] } : {}),
        ...(words?.placeholder ? { 'ui:placeholder': words.placeholder[locale] } : {}),
        ...(outcomes.readonly.has(key) ? { 'ui:readonly': true } : {}),
        ...(isJsonObject(raw) ? raw : {}),
      }
    }
    return [
      { id: step['x-id'], title: step.title[locale], schema: objectSchema(properties, outcomes), uiSchema },
    ]
  })
  const all = Object.assign({}, ...steps.map((step) => step.schema.properties)) as JsonObject
  return { schema: objectSchema(all, outcomes), steps }
}

function objectSchema(properties: JsonObject, outcomes: FormOutcomes): JsonObject {
  const required = Object.keys(properties).filter((key) => outcomes.required.has(key))
  return { type: 'object', properties, ...(required.length > 0 ? { required } : {}) }
}
