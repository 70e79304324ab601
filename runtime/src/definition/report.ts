import type { ErrorCode } from '../errors/create-error.ts'
import * as errors from '../errors/definitions.ts'
import { diagnose } from '../errors/diagnose.ts'
import { suggest } from '../fields/suggest.ts'
import type { Json } from '../json.ts'
import { analyseRule } from '../logic/analysis/analyse-rule.ts'
import { checkRule } from '../logic/check.ts'
import type { RuleLevel, RuleScope, RuleType } from '../logic/types.ts'
import type { DefinitionSet } from './definition-set.ts'
import type { Diagnostic } from './diagnostic.ts'
import type { FieldDefinition, ObjectDefinition } from './object.ts'

/** Fields that every record carries and no definition declares. */
export const systemFields = ['id', 'created_at', 'created_by', 'updated_at'] as const

const families = {
  object: errors.danglingObject,
  form: errors.danglingForm,
  view: errors.danglingView,
  rule: errors.danglingRule,
  flow: errors.danglingFlow,
  plan: errors.danglingPlan,
  calendar: errors.danglingCalendar,
} as const
type Family = keyof typeof families

/** Collects what the checks of one definition find; each lookup reports what it does not find, with the nearest name. */
export class Report {
  readonly diagnostics: Diagnostic[] = []
  constructor(readonly set: DefinitionSet) {}

  add(
    error: ErrorCode,
    path: string,
    values: Readonly<Record<string, unknown>> = {},
    severity: 'error' | 'warning' = 'error',
  ): void {
    this.diagnostics.push(diagnose(error, path, values, { severity }))
  }

  /** A name that must be one of `names`. True when it is. */
  oneOf(
    error: ErrorCode,
    path: string,
    name: string,
    names: Iterable<string>,
    values: Readonly<Record<string, unknown>> = {},
  ): boolean {
    const all = [...names]
    if (all.includes(name)) return true
    const { near, known } = suggest(name, all)
    this.diagnostics.push(
      diagnose(
        error,
        path,
        { name, known, ...values },
        near === undefined ? {} : { fix: replaceBy(path, near) },
      ),
    )
    return false
  }

  /** The definition of that key; reported when there is none, unless it is there and broken itself. */
  find<F extends Family>(family: F, key: string, path: string) {
    const map = this.set[`${family}s`] as DefinitionSet[`${F}s`]
    const found = map.get(key)
    if (found === undefined && !this.set.incomplete?.has(`${family}:${key}`)) {
      this.oneOf(families[family], path, key, map.keys())
    }
    return found as NonNullable<ReturnType<DefinitionSet[`${F}s`]['get']>> | undefined
  }

  /** The field of that key, of one of `types` when these are named; reported otherwise. */
  field(
    object: ObjectDefinition,
    key: string,
    path: string,
    types?: readonly string[],
  ): FieldDefinition | undefined {
    const properties = object.schema.properties
    if (!this.oneOf(errors.danglingField, path, key, Object.keys(properties), { object: object.key }))
      return undefined
    const field = properties[key] as FieldDefinition
    if (types && !types.includes(field['x-field'])) {
      this.add(errors.wrongFieldType, path, { name: key, type: field['x-field'], expected: types.join(', ') })
      return undefined
    }
    return field
  }

  /** Types the rule against the scope. Returns what it reads. */
  rule(
    rule: unknown,
    scope: RuleScope,
    path: string,
    level: RuleLevel,
    expect?: RuleType,
  ): readonly string[] {
    const checked = checkRule(rule as Json, scope, { level, path, ...(expect ? { expect } : {}) })
    this.diagnostics.push(...checked.diagnostics)
    if (checked.rule) this.diagnostics.push(...analyseRule(checked.rule))
    return checked.reads
  }
}

function replaceBy(path: string, value: string) {
  return { title: { en: `Use "${value}"`, zh: `改为"${value}"` }, path, value }
}

export const yesOrNo: RuleType = { t: 'bool', nullable: false }
