import { fieldsOnForm } from '../definition/check-form.ts'
import type { DefinitionSet } from '../definition/definition-set.ts'
import { findCycle } from '../definition/find-cycle.ts'
import type { FormDefinition } from '../definition/form.ts'
import type { FieldDefinition, ObjectDefinition } from '../definition/object.ts'
import { yesOrNo } from '../definition/report.ts'
import { formScope, recordScope } from '../definition/scopes.ts'
import { fieldTypeOf } from '../fields/index.ts'
import { recordSchema } from '../fields/record-schema.ts'
import { withNull } from '../fields/rule-type.ts'
import type { Json, JsonObject } from '../json.ts'
import { checkRule } from '../logic/check.ts'
import { type CompiledRule, compileRule } from '../logic/evaluate.ts'
import type { RuleType } from '../logic/types.ts'
import type { Text } from '../text.ts'

/** A rule of a form, compiled, with what it reads. */
export interface FormRule {
  readonly run: CompiledRule
  readonly reads: readonly string[]
}

export interface FormFieldProgram {
  readonly key: string
  readonly definition: FieldDefinition
  /** Index of the step it stands in. */
  readonly step: number
  /** The object itself requires it. */
  readonly always: boolean
  readonly visible?: FormRule
  readonly required?: FormRule
  readonly readonly?: FormRule
  readonly default?: FormRule
  readonly value?: FormRule
}

/** A form with its rules compiled, in the order in which they must run. Made once per release by `compileForm`. */
export interface FormProgram {
  readonly form: FormDefinition
  readonly object: ObjectDefinition
  /** In the order of the form. */
  readonly fields: readonly FormFieldProgram[]
  /** The same in the order in which visibility and values depend on each other. */
  readonly order: readonly FormFieldProgram[]
  readonly steps: readonly { readonly id: string; readonly visible?: FormRule }[]
  readonly computed: readonly { readonly key: string; readonly rule: FormRule }[]
  readonly checks: readonly {
    readonly rule: FormRule
    readonly message: Text
    readonly field: string | null
  }[]
  readonly set: readonly { readonly key: string; readonly rule: FormRule }[]
  /** Paths that go through a reference (`partner.tier`): the records that must be handed in as `related`. */
  readonly reads: readonly string[]
  /** Emitted schemas by locale and outcome vector; `emit-form.ts` keeps them here. */
  readonly emitted: Map<string, unknown>
}

const programs = new WeakMap<DefinitionSet, Map<string, FormProgram>>()

/**
 * Compiles a form of a checked set; the same program comes back as long as the set is the same. Throws for a form
 * whose definition has errors: check first.
 */
export function compileForm(set: DefinitionSet, form: FormDefinition): FormProgram {
  const known = programs.get(set) ?? new Map<string, FormProgram>()
  programs.set(set, known)
  const kept = known.get(form.key)
  if (kept && kept.form === form) return kept
  const program = build(set, form)
  known.set(form.key, program)
  return program
}

function build(set: DefinitionSet, form: FormDefinition): FormProgram {
  const object = set.objects.get(form.object)
  if (!object) throw new Error(`form "${form.key}": no object "${form.object}"`)
  const scope = formScope(set, object.key)
  const through = new Set<string>()
  const compile = (rule: unknown, path: string, expect: RuleType): FormRule => {
    const checked = checkRule(rule as Json, scope, { level: 'F', path, expect })
    if (!checked.rule)
      throw new Error(`form "${form.key}"${path}: ${checked.diagnostics[0]?.message.en ?? 'unsound rule'}`)
    for (const read of checked.reads) if (!read.startsWith('$') && read.includes('.')) through.add(read)
    return { run: compileRule(checked.rule), reads: checked.reads }
  }
  const typeOf = (key: string) => {
    const field = object.schema.properties[key] as FieldDefinition
    return withNull(fieldTypeOf(field).ruleType(field), true)
  }
  const required = new Set(object.schema.required)
  const fields = fieldsOnForm(form).map(({ key, step }): FormFieldProgram => {
    const settings = form.fields?.[key]
    const path = `/fields/${key}`
    const truth = (name: 'visible' | 'required' | 'readonly') =>
      settings?.[name] === undefined ? {} : { [name]: compile(settings[name], `${path}/${name}`, yesOrNo) }
    const value = (name: 'default' | 'value') =>
      settings?.[name] === undefined
        ? {}
        : { [name]: compile(settings[name], `${path}/${name}`, typeOf(key)) }
    return {
      key,
      definition: object.schema.properties[key] as FieldDefinition,
      step,
      always: required.has(key),
      ...truth('visible'),
      ...truth('required'),
      ...truth('readonly'),
      ...value('default'),
      ...value('value'),
    }
  })
  const steps = form.steps.map((step, at) => ({
    id: step['x-id'],
    ...(step.visible === undefined
      ? {}
      : { visible: compile(step.visible, `/steps/${at}/visible`, yesOrNo) }),
  }))
  const computed = Object.entries(object.computed ?? {}).flatMap(([key, rule]) => {
    // Over a form in the making a computed field may lack what it needs; then it is simply not known yet.
    const checked = checkRule(rule as Json, scope, { level: 'F' })
    const sound = checked.rule ?? checkRule(rule as Json, recordScope(set, object.key), { level: 'F' }).rule
    return sound ? [{ key, rule: { run: compileRule(sound), reads: checked.reads } }] : []
  })
  return {
    form,
    object,
    fields,
    order: inOrder(fields, steps),
    steps,
    computed: byNeed(computed),
    checks: (form.checks ?? []).map((check, at) => ({
      rule: compile(check.rule, `/checks/${at}/rule`, yesOrNo),
      message: check.message,
      field: check.field ?? null,
    })),
    set: Object.entries(form.submit?.set ?? {}).map(([key, rule]) => ({
      key,
      rule: compile(rule, `/submit/set/${key}`, typeOf(key)),
    })),
    reads: [...through],
    emitted: new Map(),
  }
}

/** What must be known before a field's visibility and value are: names of other fields of the form. */
export function fieldNeeds(
  fields: readonly FormFieldProgram[],
  steps: FormProgram['steps'],
): ReadonlyMap<string, readonly string[]> {
  const keys = new Set(fields.map((field) => field.key))
  return new Map(
    fields.map((field) => {
      const reads = [field.visible, field.value, field.default, steps[field.step]?.visible].flatMap(
        (rule) => rule?.reads ?? [],
      )
      // Whether a field may be changed can depend on what it holds; whether it is there cannot.
      const locks = (field.readonly?.reads ?? []).filter((read) => root(read) !== field.key)
      return [field.key, [...new Set([...reads, ...locks].map(root))].filter((key) => keys.has(key))]
    }),
  )
}

/** Every field after those it needs. Fields that need each other (a definition with errors) keep the form's order. */
function inOrder(fields: readonly FormFieldProgram[], steps: FormProgram['steps']): FormFieldProgram[] {
  const needs = fieldNeeds(fields, steps)
  return findCycle(needs) ? [...fields] : sortByNeeds(fields, needs)
}

function byNeed<T extends { readonly key: string; readonly rule: FormRule }>(computed: readonly T[]): T[] {
  const keys = new Set(computed.map((one) => one.key))
  const needs = new Map(
    computed.map((one) => [one.key, one.rule.reads.map(root).filter((key) => keys.has(key))]),
  )
  return findCycle(needs) ? [...computed] : sortByNeeds(computed, needs)
}

function sortByNeeds<T extends { readonly key: string }>(
  all: readonly T[],
  needs: ReadonlyMap<string, readonly string[]>,
): T[] {
  const byKey = new Map(all.map((one) => [one.key, one]))
  const sorted = new Set<T>()
  const visit = (one: T) => {
    if (sorted.has(one)) return
    for (const key of needs.get(one.key) ?? []) {
      const before = byKey.get(key)
      if (before && before !== one) visit(before)
    }
    sorted.add(one)
  }
  for (const one of all) visit(one)
  return [...sorted]
}

const root = (read: string) => read.split('.')[0] ?? read

/** The JSON Schema of what may be entered on the form: its fields alone, none of them required yet. */
export function formInputSchema(form: FormDefinition, object: ObjectDefinition): JsonObject {
  const { properties, ...schema } = recordSchema(object, 'input')
  const all = properties as JsonObject
  const own = fieldsOnForm(form).flatMap(({ key }) =>
    Object.hasOwn(all, key) ? [[key, all[key] as Json] as const] : [],
  )
  return { ...schema, properties: Object.fromEntries(own) }
}
