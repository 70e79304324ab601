import { fieldsOnForm } from '../definition/check-form.ts'
import type { RuleDefinitions } from '../definition/definition-set.ts'
import { findCycle } from '../definition/find-cycle.ts'
import type { FormDefinition } from '../definition/form.ts'
import type { FieldDefinition, ObjectDefinition } from '../definition/object.ts'
import { yesOrNo } from '../definition/report.ts'
import { formScope, recordScope } from '../definition/scopes.ts'
import { fieldTypeOf } from '../fields/index.ts'
import { recordSchema } from '../fields/record-schema.ts'
import type { Json, JsonObject } from '../json.ts'
import { checkRule } from '../logic/check.ts'
import { type CompiledRule, compileRule } from '../logic/evaluate.ts'
import { withNullable } from '../logic/rule-type.ts'
import type { RuleType } from '../logic/types.ts'
import type { Text } from '../text.ts'
import { type ComputeLines, compileLines } from './compute-lines.ts'

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
  /** Works out the computed columns of a lines field. */
  readonly lines?: ComputeLines
}

/** A computed field of the object that the form does not show; its rules may read it. */
export interface ComputedProgram {
  readonly key: string
  readonly computed: FormRule
}

/** A form with its rules compiled, in the order in which they must run. Made once per release by `compileForm`. */
export interface FormProgram {
  readonly form: FormDefinition
  readonly object: ObjectDefinition
  /** In the order of the form. */
  readonly fields: readonly FormFieldProgram[]
  /** The same, and computed fields that are not on the form, in the order in which they depend on each other. */
  readonly order: readonly (FormFieldProgram | ComputedProgram)[]
  readonly steps: readonly { readonly id: string; readonly visible?: FormRule }[]
  readonly checks: readonly {
    readonly rule: FormRule
    readonly message: Text
    readonly field: string | null
  }[]
  readonly set: readonly { readonly key: string; readonly rule: FormRule }[]
  /** Paths that go through a reference (`partner.tier`): the records that must be handed in as `related`. */
  readonly reads: readonly string[]
  /** The form of a task asks different things of different answers: a rule reads `$decision`. */
  readonly readsDecision: boolean
}

const programs = new WeakMap<RuleDefinitions, Map<string, FormProgram>>()

/**
 * Compiles a form of a checked set; the same program comes back as long as the set is the same. Throws for a form
 * whose definition has errors: check first.
 */
export function compileForm(set: RuleDefinitions, form: FormDefinition): FormProgram {
  const known = programs.get(set) ?? new Map<string, FormProgram>()
  programs.set(set, known)
  const kept = known.get(form.key)
  if (kept && kept.form === form) return kept
  const program = build(set, form)
  known.set(form.key, program)
  return program
}

function build(set: RuleDefinitions, form: FormDefinition): FormProgram {
  const object = set.objects.get(form.object)
  if (!object) throw new Error(`form "${form.key}": no object "${form.object}"`)
  const scope = formScope(set, object.key, form.purpose)
  const through = new Set<string>()
  let readsDecision = false
  const compile = (rule: unknown, path: string, expect: RuleType): FormRule => {
    const checked = checkRule(rule as Json, scope, { level: 'F', path, expect })
    if (!checked.rule)
      throw new Error(`form "${form.key}"${path}: ${checked.diagnostics[0]?.message.en ?? 'unsound rule'}`)
    for (const read of checked.reads) if (!read.startsWith('$') && read.includes('.')) through.add(read)
    if (checked.reads.includes('$decision')) readsDecision = true
    return { run: compileRule(checked.rule), reads: checked.reads }
  }
  const typeOf = (key: string) => {
    const field = object.schema.properties[key] as FieldDefinition
    return withNullable(fieldTypeOf(field).ruleType(field), true)
  }
  const required = new Set(object.schema.required)
  const computed = new Map(
    Object.entries(object.computed ?? {}).flatMap(([key, rule]): [string, FormRule][] => {
      // Over a form in the making a computed field may lack what it needs; then it is simply not known yet.
      const draft = checkRule(rule as Json, scope, { level: 'F' })
      const sound = draft.rule ?? checkRule(rule as Json, recordScope(set, object.key), { level: 'F' }).rule
      return sound ? [[key, { run: compileRule(sound), reads: sound.reads }]] : []
    }),
  )
  const fields = fieldsOnForm(form).map(({ key, step }): FormFieldProgram => {
    const settings = form.fields?.[key]
    const path = `/fields/${key}`
    const lines = compileLines(set, object.schema.properties[key] as FieldDefinition)
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
      ...(computed.has(key) ? { value: computed.get(key)! } : value('value')),
      ...(lines ? { lines } : {}),
    }
  })
  const onForm = new Set(fields.map((field) => field.key))
  const steps = form.steps.map((step, at) => ({
    id: step['x-id'],
    ...(step.visible === undefined
      ? {}
      : { visible: compile(step.visible, `/steps/${at}/visible`, yesOrNo) }),
  }))
  return {
    form,
    object,
    fields,
    order: inOrder(
      fields,
      [...computed].flatMap(([key, rule]) => (onForm.has(key) ? [] : [{ key, computed: rule }])),
      steps,
    ),
    steps,
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
    readsDecision,
  }
}

/** Every field after those it needs. Fields that need each other (a definition with errors) keep the form's order. */
function inOrder(
  fields: readonly FormFieldProgram[],
  computed: readonly ComputedProgram[],
  steps: FormProgram['steps'],
): FormProgram['order'] {
  const all = [...fields, ...computed]
  const keys = new Set(all.map((one) => one.key))
  const needs = new Map(
    all.map((one) => {
      const rules =
        'computed' in one ? [one.computed] : [one.visible, one.value, one.default, steps[one.step]?.visible]
      const reads = rules.flatMap((rule) => rule?.reads ?? [])
      // Whether a field may be changed can depend on what it holds; whether it is there cannot.
      const locks =
        'computed' in one ? [] : (one.readonly?.reads ?? []).filter((read) => root(read) !== one.key)
      return [one.key, [...new Set([...reads, ...locks].map(root))].filter((key) => keys.has(key))]
    }),
  )
  return findCycle(needs) ? all : sortByNeeds(all, needs)
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
