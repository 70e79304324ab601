import type { ClientRelease, RecordJson } from '../../src/api/records.ts'
import type { RuleDefinitions } from '../../src/definition/definition-set.ts'
import type { FormDefinition } from '../../src/definition/form.ts'
import type { ObjectDefinition } from '../../src/definition/object.ts'
import type { ErrorDetail } from '../../src/errors/create-error.ts'
import { applyForm } from '../../src/forms/apply-form.ts'
import { type RuleContext, ruleContext } from '../../src/forms/context.ts'
import { isEmpty } from '../../src/forms/is-empty.ts'
import { compileForm, type FormProgram, formInputSchema } from '../../src/forms/outcomes.ts'
import type { Json, JsonObject } from '../../src/json.ts'
import { createInterpretingCheck } from './interpreting-validator.ts'
import type { CheckValue } from './validator-type.ts'

/** Who fills in the form, as its rules see them. */
export type FormActor = RuleContext['$user']

export interface FormOutcome {
  /** All values, those of hidden fields included: they come back when the field does. */
  readonly values: JsonObject
  /** What is sent: shown fields that may be changed; null where a stored value was emptied. */
  readonly submitted: JsonObject
  readonly problems: readonly ErrorDetail[]
  isVisible(field: string): boolean
  isRequired(field: string): boolean
  isReadonly(field: string): boolean
  isStepVisible(step: string): boolean
}

export interface FormInput {
  readonly program: FormProgram
  readonly actor: FormActor
  readonly timeZone: string
  readonly values: JsonObject
  readonly record: JsonObject | null
  /** Records that references lead to, by field. */
  readonly related: Readonly<Record<string, JsonObject>>
  /** Fields that this reader may write; null: all. */
  readonly writable: readonly string[] | null
  /** True when the form opens: defaults are taken. */
  readonly opening: boolean
  /** In the form of a task: the answer that is being given. */
  readonly decision?: string | null
}

/** A set that knows these objects, and what their rules call, and nothing else: enough for the rules of a form. */
export function objectsOnly(
  objects: Iterable<ObjectDefinition>,
  called: Partial<Pick<ClientRelease, 'rules' | 'calendars'>> = {},
): RuleDefinitions {
  return {
    objects: new Map([...objects].map((object) => [object.key, object])),
    rules: new Map(Object.entries(called.rules ?? {})),
    calendars: new Map(Object.entries(called.calendars ?? {})),
  }
}

/**
 * The form's rules, compiled for this reader. What is written with the submit is the server's alone, and a rule over
 * fields that this reader may not see cannot run here: it is left to the server too, rather than the form refused.
 */
export function compileForReader(set: RuleDefinitions, form: FormDefinition): FormProgram {
  const { submit, ...rest } = form
  const own: FormDefinition = { ...rest, ...(submit ? { submit: { title: submit.title } } : {}) }
  try {
    return compileForm(set, own)
  } catch {
    return compileForm(set, keepSound(set, own))
  }
}

function keepSound(set: RuleDefinitions, form: FormDefinition): FormDefinition {
  const bare: FormDefinition = {
    ...form,
    fields: {},
    checks: [],
    steps: form.steps.map(({ visible: _, ...step }) => step),
  }
  const works = (part: Partial<FormDefinition>) => {
    try {
      compileForm(set, { ...bare, ...part })
      return true
    } catch {
      return false
    }
  }
  const words = ['title', 'help', 'placeholder']
  const fields = Object.entries(form.fields ?? {}).map(([key, settings]) => [
    key,
    Object.fromEntries(
      Object.entries(settings).filter(
        ([name, rule]) => words.includes(name) || works({ fields: { [key]: { [name]: rule } } }),
      ),
    ),
  ])
  return {
    ...form,
    fields: Object.fromEntries(fields) as FormDefinition['fields'],
    checks: (form.checks ?? []).filter((check) => works({ checks: [check] })),
    steps: form.steps.map((step, at) => {
      const steps = bare.steps.map((one, i) => (i === at ? step : one))
      const { visible: _, ...without } = step
      return works({ steps }) ? step : without
    }),
  }
}

export function runForm(input: FormInput): FormOutcome {
  const { program, actor, timeZone, values, record, related, writable, opening } = input
  const decision = input.decision ?? null
  const context = { ...ruleContext(actor, new Date().toISOString(), timeZone), $decision: decision }
  const state = applyForm(program, {
    values: withoutHoles(values),
    record,
    context,
    related,
    phase: opening ? 'open' : 'change',
  })
  const { visible, required, readonly, steps } = state.outcomes
  const mayWrite = (field: string) => writable === null || writable.includes(field)
  return {
    values: state.values,
    submitted: pickSubmitted(program, state.entered, state.outcomes, record, mayWrite),
    problems: state.problems,
    isVisible: (field) => visible.has(field),
    isRequired: (field) => required.has(field),
    isReadonly: (field) => readonly.has(field) || !mayWrite(field),
    isStepVisible: (step) => steps.has(step),
  }
}

function pickSubmitted(
  program: FormProgram,
  entered: JsonObject,
  outcomes: { visible: ReadonlySet<string>; readonly: ReadonlySet<string> },
  record: JsonObject | null,
  mayWrite: (field: string) => boolean,
): JsonObject {
  const picked: JsonObject = {}
  for (const { key } of program.fields) {
    if (!outcomes.visible.has(key) || outcomes.readonly.has(key) || !mayWrite(key)) continue
    const value = entered[key]
    if (!isEmpty(value)) picked[key] = value as Json
    else if (record && !isEmpty(record[key])) picked[key] = null
  }
  return picked
}

/** rjsf leaves `undefined` where an input was emptied; JSON has no such thing. */
function withoutHoles(values: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
}

/** The values of a record that a form shows. */
export function valuesOf(program: FormProgram, record: JsonObject | null): JsonObject {
  if (!record) return {}
  return Object.fromEntries(
    program.fields.flatMap(({ key }) => (isEmpty(record[key]) ? [] : [[key, record[key] as Json]])),
  )
}

const interpreted = new WeakMap<FormProgram, CheckValue>()

/** The check of a form that no server has compiled: the same schema, interpreted. */
export function previewCheck(program: FormProgram): CheckValue {
  const known = interpreted.get(program)
  if (known) return known
  const check = createInterpretingCheck(formInputSchema(program.form, program.object))
  interpreted.set(program, check)
  return check
}

/** The fields of a record without what the platform keeps beside them. */
export function fieldsOnly(record: RecordJson): JsonObject {
  const { rev: _, release: __, ...fields } = record
  return fields as JsonObject
}
