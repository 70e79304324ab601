import type { FormDefinition } from '@channelwright/runtime/definition/form.ts'
import type { ErrorDetail } from '@channelwright/runtime/errors/create-error.ts'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { fieldUnknown } from '@channelwright/runtime/errors/fields.ts'
import { formFieldForeign } from '@channelwright/runtime/errors/forms.ts'
import {
  fieldByForm,
  fieldForbidden,
  formUnknown,
  recordInvalid,
  recordRefused,
} from '@channelwright/runtime/errors/records.ts'
import { applyForm } from '@channelwright/runtime/forms/apply-form.ts'
import type { RuleContext } from '@channelwright/runtime/forms/context.ts'
import { compileForm, type FormProgram } from '@channelwright/runtime/forms/outcomes.ts'
import { isJsonObject, type JsonObject } from '@channelwright/runtime/json.ts'
import type { Unit } from '../db/unit.ts'
import { findForm } from './client-release.ts'
import type { RecordTable } from './record-table.ts'
import { loadReferences, withLookups } from './rules.ts'
import { readInput } from './validate-record.ts'

/**
 * Runs a form's rules over what was sent, by the function that the browser runs: hidden and read-only fields never
 * come from input, and `submit.set` is worked out here. Returns every value of the record as it will be written.
 * Throws FORM_UNKNOWN, RECORD_INVALID for fields that the form does not have, RECORD_REFUSED for rules not met.
 */
export async function submitForm(
  unit: Unit,
  table: RecordTable,
  key: string,
  before: JsonObject | null,
  given: JsonObject,
  defaults: JsonObject,
): Promise<JsonObject> {
  const form = findForm(unit.served, unit.actor, key)
  // The form of a task travels with its decision and nowhere else.
  const fits =
    form.object === table.key && form.purpose !== 'task' && (form.purpose === 'edit' || before === null)
  if (!fits) throw new Refusal(formUnknown, { form: key.slice(0, 60) })
  const kept = before ?? defaults
  const written = await runForm(unit, table, form, before, { kept, given })
  return { ...kept, ...written }
}

/**
 * What the form of a task writes with the answer that is given: the fields that the task opens, as far as the form
 * shows them for this answer, and `submit.set`. A refusal asks nothing of a form that knows no answers: what it
 * would fill in is needed to go on only. Throws RECORD_INVALID and RECORD_REFUSED as `submitForm` does.
 */
export async function submitTaskForm(
  unit: Unit,
  table: RecordTable,
  form: FormDefinition,
  before: JsonObject,
  values: JsonObject,
  { decision, open }: { readonly decision: string; readonly open: readonly string[] },
): Promise<JsonObject> {
  const given = readInput(unit.served, table, values)
  if (decision === 'reject' && !compileForm(unit.served.release, form).readsDecision) return given
  const written = await runForm(unit, table, form, before, { kept: before, given, decision })
  const own = new Set([...open, ...Object.keys(form.submit?.set ?? {})])
  return Object.fromEntries(Object.entries(written).filter(([key]) => own.has(key)))
}

async function runForm(
  unit: Unit,
  table: RecordTable,
  form: FormDefinition,
  before: JsonObject | null,
  { kept, given, decision }: { kept: JsonObject; given: JsonObject; decision?: string },
): Promise<JsonObject> {
  const program = compileForm(unit.served.release, form)
  const values: JsonObject = { ...pickFields(program, kept), ...given }
  const related = await loadRelated(unit, table, program, { ...kept, ...values })
  const state = await withLookups(unit, (now) => {
    const context = decision === undefined ? now : { ...now, $decision: decision }
    return applyForm(program, {
      values,
      record: before,
      context: context as unknown as RuleContext,
      related,
      phase: 'submit',
    })
  })
  refuseProblems(state.problems)
  return state.written
}

function pickFields(program: FormProgram, record: JsonObject): JsonObject {
  const values: JsonObject = {}
  for (const { key } of program.fields) {
    const value = record[key]
    if (value !== undefined && value !== null) values[key] = value
  }
  return values
}

async function loadRelated(
  unit: Unit,
  table: RecordTable,
  program: FormProgram,
  values: JsonObject,
): Promise<Record<string, JsonObject>> {
  const loaded = await loadReferences(unit, table, values, program.reads, true)
  const related: Record<string, JsonObject> = {}
  for (const [key, value] of Object.entries(loaded))
    if (table.fields.get(key)?.type.name === 'reference' && isJsonObject(value)) related[key] = value
  return related
}

function refuseProblems(problems: readonly ErrorDetail[]): void {
  if (!problems.length) return
  const isShape = problems.some(({ code }) => code === formFieldForeign.code || code === fieldUnknown.code)
  throw new Refusal(isShape ? recordInvalid : recordRefused, {}, problems)
}

/**
 * Fields that a form fills when it is submitted (the state it moves to, who handed it in, how long it is protected)
 * are not taken from outside people by themselves: for them the form is the only door.
 */
export function formFieldsOnly(unit: Unit, table: RecordTable, given: JsonObject): void {
  if (unit.actor.partner === null) return
  const address = `records/set-by-forms/${table.key}`
  let set = unit.served.cache.get(address) as ReadonlySet<string> | undefined
  if (!set) {
    const forms = [...unit.served.release.forms.values()].filter((form) => form.object === table.key)
    set = new Set(forms.flatMap((form) => Object.keys(form.submit?.set ?? {})))
    unit.served.cache.set(address, set)
  }
  const details = Object.keys(given)
    .filter((key) => set.has(key))
    .map((key) => ({ path: `/${key}`, code: fieldByForm.code, message: fieldByForm.message }))
  if (details.length) throw new Refusal(fieldForbidden, {}, details)
}
