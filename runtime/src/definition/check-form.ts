import * as errors from '../errors/definitions.ts'
import { findFieldType } from '../fields/index.ts'
import { withNullable } from '../logic/rule-type.ts'
import type { DefinitionSet } from './definition-set.ts'
import type { Diagnostic } from './diagnostic.ts'
import { findCycle } from './find-cycle.ts'
import type { FormDefinition } from './form.ts'
import type { FieldDefinition, ObjectDefinition } from './object.ts'
import { Report, yesOrNo } from './report.ts'
import { formScope } from './scopes.ts'

/** Keys of the fields that stand in the form's rows, with the place of each. */
export function fieldsOnForm(form: FormDefinition): { key: string; path: string; step: number }[] {
  return form.steps.flatMap((step, s) =>
    step.sections.flatMap((section, c) =>
      section.rows.flatMap((row, r) =>
        row.map((key, k) => ({ key, path: `/steps/${s}/sections/${c}/rows/${r}/${k}`, step: s })),
      ),
    ),
  )
}

/** Fields exist, stand once, and can be entered; rules fit; a create form can fill what the object requires. */
export function checkForm(form: FormDefinition, set: DefinitionSet): Diagnostic[] {
  const report = new Report(set)
  const object = report.find('object', form.object, '/object')
  if (!object) return report.diagnostics
  const shown = new Set<string>()
  for (const { key, path } of fieldsOnForm(form)) {
    if (shown.has(key)) report.add(errors.fieldTwiceOnForm, path, { name: key })
    shown.add(key)
    const field = report.field(object, key, path)
    if (field && form.purpose === 'create' && findFieldType(field['x-field'])?.generated) {
      report.add(errors.formFieldGenerated, path, { name: key }, 'warning')
    }
  }
  checkRules(form, object, shown, report)
  if (form.purpose === 'create' || form.purpose === 'public') checkFilled(form, object, shown, report)
  return report.diagnostics
}

function checkRules(
  form: FormDefinition,
  object: ObjectDefinition,
  shown: ReadonlySet<string>,
  report: Report,
): void {
  const scope = formScope(report.set, object.key, form.purpose)
  const typeOf = (key: string) => {
    const field = object.schema.properties[key] as FieldDefinition | undefined
    const type = field && findFieldType(field['x-field'])
    return field && type ? withNullable(type.ruleType(field), true) : undefined
  }
  // What must be known before a field can be shown and filled; kept by `forms/outcomes.ts` when the form runs.
  const needs = new Map<string, Set<string>>()
  const need = (key: string, reads: readonly string[], self = true) => {
    const known = needs.get(key) ?? new Set<string>()
    needs.set(key, known)
    for (const read of reads.map((each) => each.split('.')[0] ?? '')) {
      if (shown.has(read) && (self || read !== key)) known.add(read)
    }
  }
  form.steps.forEach((step, at) => {
    if (step.visible === undefined) return
    const reads = report.rule(step.visible, scope, `/steps/${at}/visible`, 'F', yesOrNo)
    for (const field of fieldsOnForm(form)) if (field.step === at) need(field.key, reads)
  })
  for (const [key, settings] of Object.entries(form.fields ?? {})) {
    const path = `/fields/${key}`
    if (!report.field(object, key, path)) continue
    if (!shown.has(key)) report.add(errors.fieldNotOnForm, path, { name: key }, 'warning')
    for (const name of ['visible', 'required', 'readonly'] as const) {
      if (settings[name] === undefined) continue
      const reads = report.rule(settings[name], scope, `${path}/${name}`, 'F', yesOrNo)
      if (name !== 'required') need(key, reads, name === 'visible')
    }
    for (const name of ['default', 'value'] as const) {
      if (settings[name] !== undefined) {
        need(key, report.rule(settings[name], scope, `${path}/${name}`, 'F', typeOf(key)))
      }
    }
  }
  const cycle = findCycle(new Map([...needs].map(([key, reads]) => [key, [...reads]])))
  if (cycle) report.add(errors.formRulesCycle, `/fields/${cycle[0]}`, { name: cycle.join(' → ') })
  form.checks?.forEach((check, at) => {
    report.rule(check.rule, scope, `/checks/${at}/rule`, 'F', yesOrNo)
    if (check.field !== undefined) report.field(object, check.field, `/checks/${at}/field`)
  })
  for (const [key, rule] of Object.entries(form.submit?.set ?? {})) {
    const path = `/submit/set/${key}`
    const field = report.field(object, key, path)
    if (!field) continue
    if (findFieldType(field['x-field'])?.generated) report.add(errors.formFieldGenerated, path, { name: key })
    else report.rule(rule, scope, path, 'F', typeOf(key))
  }
}

/** Where the value of every required field comes from. */
function checkFilled(
  form: FormDefinition,
  object: ObjectDefinition,
  shown: ReadonlySet<string>,
  report: Report,
): void {
  for (const key of object.schema.required ?? []) {
    const field = object.schema.properties[key] as FieldDefinition | undefined
    if (!field) continue
    const filled =
      shown.has(key) ||
      field.default !== undefined ||
      findFieldType(field['x-field'])?.generated === true ||
      object.lifecycle?.field === key ||
      [object.computed, form.submit?.set].some((holder) => holder !== undefined && Object.hasOwn(holder, key))
    if (!filled) report.add(errors.requiredNeverEntered, '/steps', { name: key })
  }
}
