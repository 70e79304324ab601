import * as errors from '../errors/definitions.ts'
import { diagnose } from '../errors/diagnose.ts'
import { fieldTypeOf, fieldTypes, findFieldType, linesOf } from '../fields/index.ts'
import { choicesOf } from '../fields/shared.ts'
import { suggest } from '../fields/suggest.ts'
import { isJsonObject, type Json } from '../json.ts'
import { withNullable } from '../logic/rule-type.ts'
import { checkField } from './check-field.ts'
import type { DefinitionSet } from './definition-set.ts'
import { type Diagnostic, hasErrors } from './diagnostic.ts'
import { findCycle } from './find-cycle.ts'
import type { FieldDefinition, ObjectDefinition } from './object.ts'
import { Report, systemFields, yesOrNo } from './report.ts'
import { constraintScope, linesScope, recordScope } from './scopes.ts'

export const fieldLimit = 500
/** Names that columns of the platform or words of the interface have taken. */
const reserved = new Set<string>([
  ...systemFields,
  'rev',
  'release',
  'updated_by',
  'deleted_at',
  '_id',
  'position',
  'm',
])
/** Types whose values a constraint can compare. */
const comparable = new Set(
  fieldTypes
    .filter((t) => !['file', 'image', 'lines', 'long_text', 'multi_choice', 'period'].includes(t.name))
    .map((t) => t.name),
)

/** Everything about one object beyond its meta-schema: settings of fields, names, constraints, rules, lifecycle. */
export function checkObject(object: ObjectDefinition, set: DefinitionSet): Diagnostic[] {
  const report = new Report(set)
  report.diagnostics.push(...checkFields(object, set))
  // Names, constraints and rules lean on what the fields are.
  if (hasErrors(report.diagnostics)) return report.diagnostics
  checkNames(object, report)
  checkConstraints(object, report)
  checkComputed(object, report)
  checkLifecycle(object, report)
  return report.diagnostics
}

/** The fields for themselves. An object with errors here is not fit to be leaned on by other definitions. */
export function checkFields(object: ObjectDefinition, set: DefinitionSet): Diagnostic[] {
  const report = new Report(set)
  const fields = Object.entries(object.schema.properties) as [string, FieldDefinition][]
  const count = fields.reduce((sum, [, field]) => sum + 1 + columnsOf(field), 0)
  if (count > fieldLimit) {
    // Ten thousand fields get one sentence, not ten thousand.
    report.add(errors.tooManyFields, '/schema/properties', { count, limit: fieldLimit })
    return report.diagnostics
  }
  if (object.key.startsWith('cw_')) report.add(errors.keyReserved, '/key', { name: object.key })
  for (const [key, field] of fields) {
    const path = `/schema/properties/${key}`
    if (reserved.has(key)) report.add(errors.keyReserved, path, { name: key })
    report.diagnostics.push(...checkField(field, path, set))
  }
  return report.diagnostics
}

/** Columns of a lines field, whose settings have not been checked yet. */
function columnsOf(field: FieldDefinition): number {
  const lines = field['x-lines']
  return isJsonObject(lines) && isJsonObject(lines.properties) ? Object.keys(lines.properties).length : 0
}

function checkNames(object: ObjectDefinition, report: Report): void {
  const keys = Object.keys(object.schema.properties)
  ;(object.schema.required ?? []).forEach((key, at) => {
    report.oneOf(errors.requiredUnknown, `/schema/required/${at}`, key, keys, { object: object.key })
  })
  report.field(object, object.display, '/display')
  if (object.owner !== undefined) report.field(object, object.owner, '/owner', ['reference'])
  const parent = object.party?.parent
  const field =
    parent === undefined ? undefined : report.field(object, parent, '/party/parent', ['reference'])
  if (field && field['x-object'] !== object.key) {
    report.add(errors.wrongObject, '/party/parent', {
      name: parent,
      object: field['x-object'],
      expected: object.key,
    })
  }
}

function checkConstraints(object: ObjectDefinition, report: Report): void {
  const scope = constraintScope(report.set, object.key)
  const columns = (fields: readonly string[], path: string) => {
    fields.forEach((key, at) => {
      report.field(object, key, `${path}/fields/${at}`, [...comparable])
    })
  }
  object.unique?.forEach((unique, at) => {
    columns(unique.fields, `/unique/${at}`)
    if (unique.when !== undefined) report.rule(unique.when, scope, `/unique/${at}/when`, 'V', yesOrNo)
  })
  object.exclusive?.forEach((exclusive, at) => {
    columns(exclusive.fields, `/exclusive/${at}`)
    const field = object.schema.properties[exclusive.period]
    if (field?.['x-field'] !== 'period') {
      const periods = Object.entries(object.schema.properties)
        .filter(([, f]) => f['x-field'] === 'period')
        .map(([key]) => key)
      report.add(errors.exclusiveWithoutPeriod, `/exclusive/${at}/period`, {
        name: exclusive.period,
        object: object.key,
        ...suggest(exclusive.period, periods),
      })
    }
    if (exclusive.when !== undefined)
      report.rule(exclusive.when, scope, `/exclusive/${at}/when`, 'V', yesOrNo)
  })
  object.indexes?.forEach((index, at) => {
    columns(index.fields, `/indexes/${at}`)
  })
}

function checkComputed(object: ObjectDefinition, report: Report): void {
  const scope = recordScope(report.set, object.key)
  const needs = new Map<string, readonly string[]>()
  for (const [key, rule] of Object.entries(object.computed ?? {})) {
    const path = `/computed/${key}`
    const field = report.field(object, key, path)
    const type = field && findFieldType(field['x-field'])
    if (!field || !type) continue
    if (type.generated) {
      report.add(errors.computedGenerated, path, { name: key })
      continue
    }
    const required = object.schema.required?.includes(key) ?? false
    const reads = report.rule(rule, scope, path, 'F', withNullable(type.ruleType(field), !required))
    needs.set(
      key,
      reads
        .map((read) => read.split('.')[0] ?? '')
        .filter((read) => Object.hasOwn(object.computed ?? {}, read)),
    )
  }
  const cycle = findCycle(needs)
  if (cycle) report.add(errors.computedCycle, `/computed/${cycle[0]}`, { name: cycle.join(' → ') })
  for (const [key, field] of Object.entries(object.schema.properties) as [string, FieldDefinition][])
    checkComputedColumns(field, `/schema/properties/${key}/x-lines`, report)
}

function checkComputedColumns(field: FieldDefinition, path: string, report: Report): void {
  const lines = linesOf(field)
  if (!lines?.computed) return
  const scope = linesScope(report.set, field)
  const needs = new Map<string, readonly string[]>()
  for (const [key, rule] of Object.entries(lines.computed)) {
    const below = `${path}/computed/${key}`
    const column = Object.hasOwn(lines.properties, key) ? lines.properties[key] : undefined
    if (!column) {
      report.oneOf(errors.danglingField, below, key, Object.keys(lines.properties), {
        object: path.split('/').at(-2),
      })
      continue
    }
    const required = lines.required?.includes(key) ?? false
    const type = withNullable(fieldTypeOf(column).ruleType(column), !required)
    const reads = report.rule(rule, scope, below, 'F', type)
    needs.set(
      key,
      reads.filter((read) => Object.hasOwn(lines.computed!, read)),
    )
  }
  const cycle = findCycle(needs)
  if (cycle) report.add(errors.computedCycle, `${path}/computed/${cycle[0]}`, { name: cycle.join(' → ') })
}

function checkLifecycle(object: ObjectDefinition, report: Report): void {
  const { lifecycle } = object
  if (!lifecycle) return
  const field = report.field(object, lifecycle.field, '/lifecycle/field', ['choice'])
  if (!field) return
  const states = choicesOf(field).map((choice) => choice.const)
  const known = (state: string, path: string) =>
    report.oneOf(errors.lifecycleStateUnknown, path, state, states)
  known(lifecycle.initial, '/lifecycle/initial')
  const scope = recordScope(report.set, object.key)
  lifecycle.moves.forEach((move, at) => {
    const path = `/lifecycle/moves/${at}`
    move.from.forEach((state, i) => {
      known(state, `${path}/from/${i}`)
    })
    known(move.to, `${path}/to`)
    if (move.when !== undefined) report.rule(move.when, scope, `${path}/when`, 'F', yesOrNo)
  })
  const given: Json | undefined = field.default as Json | undefined
  if (given !== undefined && given !== lifecycle.initial) {
    report.diagnostics.push(
      diagnose(errors.fieldDefault, `/schema/properties/${lifecycle.field}/default`, {
        problem: {
          en: `The first state is "${lifecycle.initial}".`,
          zh: `初始状态为"${lifecycle.initial}"。`,
        },
      }),
    )
  }
  const reached = new Set([lifecycle.initial])
  for (let size = 0; size !== reached.size; ) {
    size = reached.size
    for (const move of lifecycle.moves)
      if (move.from.some((state) => reached.has(state))) reached.add(move.to)
  }
  states.forEach((state, at) => {
    if (!reached.has(state))
      report.add(errors.lifecycleStateUnreachable, `/schema/properties/${lifecycle.field}/oneOf/${at}`, {
        name: state,
      })
  })
}
