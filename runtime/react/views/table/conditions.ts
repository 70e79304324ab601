import type { FieldDefinition } from '../../../src/definition/object.ts'
import { addDays, localToInstant } from '../../../src/fields/date-entry.ts'
import type { FilterOperator } from '../../../src/fields/field-type.ts'
import { findFieldType } from '../../../src/fields/index.ts'
import { isJsonObject, type Json } from '../../../src/json.ts'

/** One condition of a list: a field, a comparison, and what it is compared with. */
export interface Condition {
  readonly field: string
  readonly op: FilterOperator
  /** `in`: a list. `between`: a pair. `exists` and `empty`: nothing. */
  readonly value?: Json
}

const needsNothing = (op: FilterOperator) => op === 'exists' || op === 'empty'

/** Whether there is enough to filter by. */
export function isComplete({ op, value }: Condition): boolean {
  if (needsNothing(op)) return true
  if (op === 'in') return Array.isArray(value) && value.length > 0
  if (op === 'between') return Array.isArray(value) && value.some(given)
  return given(value)
}

const given = (value: Json | undefined) => value !== undefined && value !== null && value !== ''

/** The comparison that a fresh condition on a field starts with: the one people mean most often. */
export function firstOperator(field: FieldDefinition): FilterOperator {
  const offered = findFieldType(field['x-field'])?.filters ?? []
  const liked: readonly FilterOperator[] =
    field['x-field'] === 'boolean'
      ? ['==']
      : ['choice', 'multi_choice'].includes(field['x-field'])
        ? ['in', 'contains', '==']
        : ['between', 'contains', '==']
  return liked.find((op) => offered.includes(op)) ?? offered[0] ?? 'exists'
}

/** The conditions as one rule of PL-1, all of them to hold; undefined when none is complete. */
export function toRule(
  conditions: readonly Condition[],
  fieldOf: (key: string) => FieldDefinition | undefined,
  timeZone: string,
  isRequired: (key: string) => boolean,
): Json | undefined {
  const rules = conditions.flatMap((condition): Json[] => {
    const field = fieldOf(condition.field)
    if (!field || !isComplete(condition)) return []
    return [ruleOf(condition, field, timeZone, isRequired(condition.field))]
  })
  return rules.length < 2 ? rules[0] : { and: rules }
}

function ruleOf(
  { field: key, op, value }: Condition,
  field: FieldDefinition,
  timeZone: string,
  always: boolean,
): Json {
  const variable: Json = { var: key }
  const held = (...rules: Json[]) => whereHeld(variable, rules, always)
  const ordered = (by: Ordering, edge: Json) => order(by, variable, edge, field, timeZone)
  if (needsNothing(op)) return { [op]: [variable] }
  if (op === 'in') {
    return { in: [variable, Array.isArray(value) ? value.map((one) => literal(one, field)) : []] }
  }
  if (op === 'between') {
    const [low, high] = Array.isArray(value) ? value : []
    const rules: Json[] = []
    if (given(low)) rules.push(ordered('>=', low!))
    if (given(high)) rules.push(ordered('<=', high!))
    return held(...rules)
  }
  if (op === '<' || op === '<=' || op === '>' || op === '>=') return held(ordered(op, value!))
  const compared = { [op]: [variable, literal(value ?? null, field)] }
  return op === 'contains' || op === 'startsWith' ? held(compared) : compared
}

type Ordering = '<' | '<=' | '>' | '>='

/** A day compared with an instant means that whole day on the workspace's calendar. */
function order(op: Ordering, variable: Json, value: Json, field: FieldDefinition, timeZone: string): Json {
  if (field['x-field'] !== 'datetime' || typeof value !== 'string' || value.length > 10) {
    return { [op]: [variable, literal(value, field)] }
  }
  const after = op === '<=' || op === '>'
  const edge = localToInstant(after ? addDays(value, 1) : value, timeZone) ?? value
  return { [after ? (op === '<=' ? '<' : '>=') : op]: [variable, edge] }
}

/** Rules compare only what is there: a record without a value meets none of the rules that ask for it. */
export function whereHeld(variable: Json, rules: readonly Json[], always: boolean): Json {
  const all = always ? rules : [{ exists: [variable] }, ...rules]
  return all.length === 1 ? all[0]! : { and: [...all] }
}

/** Exact decimals stay exact: as numbers of JSON they might not. */
function literal(value: Json, field: FieldDefinition): Json {
  const exact = ['money', 'decimal', 'percent'].includes(field['x-field'])
  return exact && typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? { dec: value } : value
}

/** Conditions as text for an address, and back; what is no condition is left out. */
export function readConditions(text: string | undefined): Condition[] {
  if (!text) return []
  try {
    const parsed: unknown = JSON.parse(text)
    return Array.isArray(parsed)
      ? parsed.filter(
          (one): one is Condition =>
            isJsonObject(one) && typeof one.field === 'string' && typeof one.op === 'string',
        )
      : []
  } catch {
    return []
  }
}
