import type { ErrorDetail } from '../errors/create-error.ts'
import { fieldRequired } from '../errors/fields.ts'
import { formCheckFailed, formFieldForeign, formRuleFailed } from '../errors/forms.ts'
import { pointerToken } from '../fields/describe-validation.ts'
import { normalizeRecord } from '../fields/record-schema.ts'
import type { Json, JsonObject } from '../json.ts'
import { formatText } from '../text.ts'
import type { RuleContext } from './context.ts'
import { isEmpty } from './is-empty.ts'
import type { ComputedProgram, FormFieldProgram, FormProgram, FormRule } from './outcomes.ts'

export interface FormInput {
  /** What stands in the form's fields. */
  readonly values: JsonObject
  /** The record as stored, when there is one already. */
  readonly record: JsonObject | null
  readonly context: RuleContext
  /** Records that references of the form lead to, by field, for rules that read through them (`program.reads`). */
  readonly related?: Readonly<Record<string, JsonObject>>
  /** `open`: defaults are taken. `submit`: values of `submit.set` join, and keys that are no fields are refused. */
  readonly phase: 'open' | 'change' | 'submit'
}

export interface FormOutcomes {
  readonly visible: ReadonlySet<string>
  readonly required: ReadonlySet<string>
  readonly readonly: ReadonlySet<string>
  /** Steps that are shown, by x-id. */
  readonly steps: ReadonlySet<string>
}

export interface FormState {
  /** All values, rules applied; those of hidden fields are kept, so that they come back when the field does. */
  readonly values: JsonObject
  /** What the form sends: fields that are shown and may be changed. */
  readonly entered: JsonObject
  /** What is written: entered values, values of rules, and on submit `submit.set`; in the form in which they are kept. */
  readonly written: JsonObject
  /** Computed fields of the object as far as they are known. */
  readonly computed: JsonObject
  readonly outcomes: FormOutcomes
  /** What stands in the way of a submit, by path. Shapes of values are for the compiled schema to check. */
  readonly problems: readonly ErrorDetail[]
}

/**
 * Runs the rules of a form over what was entered. The browser calls it at every change, the server with what was
 * sent: the same values give the same outcome on both sides. Hidden fields are absent to every rule; read-only fields
 * and those with a `value` never come from input.
 */
export function applyForm(program: FormProgram, input: FormInput): FormState {
  return new Run(program, input).finish()
}

class Run {
  readonly values: JsonObject
  /** The record as rules see it. */
  readonly data: JsonObject
  readonly visible = new Set<string>()
  readonly readonly = new Set<string>()
  readonly computed: JsonObject = {}
  readonly problems: ErrorDetail[] = []

  constructor(
    readonly program: FormProgram,
    readonly input: FormInput,
  ) {
    this.values = { ...input.values }
    this.data = { ...(input.record ?? {}) }
    // Until its turn comes a field of the form is not there: what it holds is not known to count yet.
    for (const { key } of program.fields) delete this.data[key]
  }

  finish(): FormState {
    const { program } = this
    const steps = new Map<number, boolean>()
    for (const one of program.order) {
      if ('computed' in one) this.compute(one)
      else this.settle(one, steps)
    }
    const required = this.findRequired()
    const outcomes = this.describe(required, steps)
    const entered = this.pickEntered()
    const set = this.input.phase === 'submit' ? this.applySubmit() : {}
    for (const check of program.checks) this.check(check)
    return {
      values: this.values,
      entered,
      written: normalizeRecord(program.object, { ...this.pickVisible(), ...set }),
      computed: this.computed,
      outcomes,
      problems: this.problems,
    }
  }

  /** Visibility, read-only state and value of one field; all that it depends on has been settled before. */
  private settle(field: FormFieldProgram, steps: Map<number, boolean>): void {
    const { key } = field
    const step = this.program.steps[field.step]
    // Fields of one step need the same rule; every field that it reads is settled before the first of them.
    const inStep = steps.get(field.step) ?? this.holds(key, step?.visible, true)
    steps.set(field.step, inStep)
    if (!inStep || !this.holds(key, field.visible, true)) return
    this.visible.add(key)
    const own = Object.hasOwn(this.values, key) ? this.values[key]! : undefined
    this.put(key, own ?? null)
    const fixed = field.value !== undefined || field.definition.readOnly === true
    if (fixed || this.holds(key, field.readonly, false)) this.readonly.add(key)
    if (field.value) this.fill(key, this.evaluate(key, field.value) ?? null)
    else if (this.readonly.has(key))
      this.fill(key, this.input.record ? (this.input.record[key] ?? null) : this.defaultOf(field))
    else if (this.input.phase === 'open' && isEmpty(this.values[key]))
      this.fill(key, this.openingValue(field))
    const rows = field.lines && this.values[key]
    if (rows) this.fill(key, field.lines(rows, this.input.context))
  }

  /** An old record keeps its gaps: its fields were left empty. What a task asks for has not been asked before. */
  private openingValue(field: FormFieldProgram): Json {
    if (!this.input.record) return this.defaultOf(field)
    const asked = this.program.form.purpose === 'task' && field.default
    return (asked && this.evaluate(field.key, field.default)) || null
  }

  private defaultOf(field: FormFieldProgram): Json {
    const given = field.default ? this.evaluate(field.key, field.default) : undefined
    return given ?? (field.definition.default as Json | undefined) ?? null
  }

  private fill(key: string, value: Json): void {
    // A field that had no value and gets none stays absent: nothing changed.
    if (value === null && !Object.hasOwn(this.values, key)) return
    this.values[key] = value
    this.put(key, value)
  }

  /** A reference is seen with the record it leads to, so that rules can read through it. */
  private put(key: string, value: Json): void {
    const related = this.input.related?.[key]
    this.data[key] = related && typeof value === 'string' && related.id === value ? related : value
  }

  private compute({ key, computed }: ComputedProgram): void {
    const result = computed.run(this.data, this.input.context)
    this.computed[key] = result.ok ? result.value : null
    this.data[key] = this.computed[key]!
  }

  private findRequired(): Set<string> {
    const required = new Set<string>()
    for (const field of this.program.fields) {
      if (!this.visible.has(field.key)) continue
      if (!field.always && !this.holds(field.key, field.required, false)) continue
      required.add(field.key)
      if (isEmpty(this.values[field.key])) this.report(field.key, fieldRequired)
    }
    return required
  }

  private describe(required: ReadonlySet<string>, steps: ReadonlyMap<number, boolean>): FormOutcomes {
    const { program } = this
    const shown = new Set(
      program.steps
        .filter((step, at) => steps.get(at) ?? this.holds(step.id, step.visible, true))
        .map((step) => step.id),
    )
    return { visible: this.visible, required, readonly: this.readonly, steps: shown }
  }

  private pickEntered(): JsonObject {
    return pickKeys(this.values, (key) => this.visible.has(key) && !this.readonly.has(key))
  }

  /** Read-only fields of a stored record stay as they are and need no writing. */
  private pickVisible(): JsonObject {
    const byRule = new Set(this.program.fields.filter((field) => field.value).map((field) => field.key))
    return pickKeys(
      this.values,
      (key) => this.visible.has(key) && (!this.readonly.has(key) || byRule.has(key) || !this.input.record),
    )
  }

  private applySubmit(): JsonObject {
    const known = new Set(this.program.fields.map((field) => field.key))
    for (const key of Object.keys(this.input.values)) {
      if (!known.has(key)) this.report(key, formFieldForeign, { name: key })
    }
    const set: JsonObject = {}
    for (const { key, rule } of this.program.set) {
      const result = rule.run(this.data, this.input.context)
      if (result.ok) set[key] = result.value
      else this.report(key, formRuleFailed)
    }
    return set
  }

  private check({ rule, message, field }: FormProgram['checks'][number]): void {
    const result = rule.run(this.data, this.input.context)
    if (result.ok && result.value === true) return
    const path = field === null ? '' : `/${field}`
    // What a rule cannot work out because something is missing or malformed is told at that field already.
    if (!result.ok && this.input.phase !== 'submit') return
    const told = result.ok ? message : formRuleFailed.message
    this.problems.push({ path, code: (result.ok ? formCheckFailed : formRuleFailed).code, message: told })
  }

  private holds(key: string, rule: FormRule | undefined, otherwise: boolean): boolean {
    const value = rule ? this.evaluate(key, rule) : undefined
    return typeof value === 'boolean' ? value : otherwise
  }

  /** Undefined when the rule cannot be worked out: while typing that passes, on submit nothing may rest on it. */
  private evaluate(key: string, rule: FormRule): Json | undefined {
    const result = rule.run(this.data, this.input.context)
    if (result.ok) return result.value
    if (this.input.phase === 'submit') this.report(key, formRuleFailed)
    return undefined
  }

  private report(
    key: string,
    error: typeof fieldRequired | typeof formFieldForeign | typeof formRuleFailed,
    values: Record<string, unknown> = {},
  ): void {
    this.problems.push({
      path: `/${pointerToken(key)}`,
      code: error.code,
      message: { en: formatText(error.message, 'en', values), zh: formatText(error.message, 'zh', values) },
    })
  }
}

function pickKeys(values: JsonObject, wanted: (key: string) => boolean): JsonObject {
  return Object.fromEntries(Object.entries(values).filter(([key]) => wanted(key)))
}
