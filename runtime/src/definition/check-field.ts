import Type, { type TObject, type TProperties, type TSchema } from 'typebox'
import * as errors from '../errors/definitions.ts'
import type { FieldType } from '../fields/field-type.ts'
import { formats } from '../fields/formats.ts'
import { fieldTypes, findFieldType, linesOf } from '../fields/index.ts'
import { checkPattern, compilePattern } from '../fields/pattern.ts'
import { isJsonObject } from '../json.ts'
import type { DefinitionSet } from './definition-set.ts'
import type { Diagnostic } from './diagnostic.ts'
import { type FieldDefinition, FieldSchema } from './field-schema.ts'
import { Report } from './report.ts'
import { checkShape } from './shape.ts'

const shapes = new Map<string, TObject>()

/** JSON Schema of one property of an object: what every field carries and the settings of its type. */
export function fieldSchemaOf(type: FieldType): TObject {
  const known = shapes.get(type.name)
  if (known) return known
  const settings = type.settings as TObject<TProperties>
  const shape = Type.Object(
    { ...FieldSchema.properties, ...settings.properties, 'x-field': Type.Literal(type.name) },
    { additionalProperties: false, title: type.title.en },
  )
  shapes.set(type.name, shape)
  return shape
}

/** Types that stand in records and not in the rows of a table inside one. */
const recordsOnly = new Set(['lines', 'file', 'image'])

/** One field: its type exists, its settings are those of the type, what it refers to is there, its default is valid. */
export function checkField(
  field: FieldDefinition,
  path: string,
  set: DefinitionSet,
  inLines = false,
): Diagnostic[] {
  const report = new Report(set)
  const allowed = fieldTypes.filter((t) => !inLines || (!recordsOnly.has(t.name) && !t.generated))
  if (
    !report.oneOf(
      errors.fieldTypeUnknown,
      `${path}/x-field`,
      String(field['x-field']),
      allowed.map((t) => t.name),
    )
  ) {
    return report.diagnostics
  }
  const type = findFieldType(field['x-field'])!
  const wrong = checkShape(fieldSchemaOf(type), field, path)
  if (wrong.length > 0) return wrong
  // Patterns are looked at here and not by the field type: browsers that only fill in forms need no engine for them.
  for (const found of [...checkPattern(field), ...(type.check?.(field) ?? [])])
    report.diagnostics.push({ ...found, path: path + found.path })
  if (typeof field['x-object'] === 'string') report.find('object', field['x-object'], `${path}/x-object`)
  if (typeof field['x-role'] === 'string') checkRole(field['x-role'], `${path}/x-role`, report)
  const lines = linesOf(field)
  for (const [key, column] of Object.entries(lines?.properties ?? {})) {
    const below = `${path}/x-lines/properties/${key}`
    if (key.startsWith('_')) report.add(errors.keyReserved, below, { name: key })
    if (!isJsonObject(column)) report.add(errors.definitionNotObject, below)
    else report.diagnostics.push(...checkField(column as FieldDefinition, below, set, true))
  }
  lines?.required?.forEach((key, at) => {
    report.oneOf(
      errors.requiredUnknown,
      `${path}/x-lines/required/${at}`,
      key,
      Object.keys(lines.properties),
      { object: path.split('/').pop() },
    )
  })
  if (report.diagnostics.length === 0 && field.default !== undefined) checkDefault(field, type, path, report)
  return report.diagnostics
}

export function checkRole(role: string, path: string, report: Report): void {
  const roles = new Set([...report.set.grants.values()].map((grant) => grant.role))
  if (!report.set.incomplete?.size || roles.has(role)) report.oneOf(errors.danglingRole, path, role, roles)
}

function checkDefault(field: FieldDefinition, type: FieldType, path: string, report: Report): void {
  const { pattern, ...schema } = type.validation(field)
  const at = `${path}/default`
  const found = checkShape(schema as TSchema, field.default, at)
  for (const each of found) report.add(errors.fieldDefault, each.path, { problem: each.message })
  if (found.length > 0 || typeof field.default !== 'string') return
  // What plain shapes do not know: patterns in linear time, limits that compare by the format.
  const compare = formats[String(schema.format)]?.compare
  const order = (limit: unknown) =>
    (typeof limit === 'string' ? compare?.(String(field.default), limit) : undefined) ?? 0
  const fits =
    (typeof pattern !== 'string' || compilePattern(pattern).test(field.default)) &&
    order(schema.formatMinimum) >= 0 &&
    (schema.formatMaximum === undefined || order(schema.formatMaximum) <= 0)
  if (!fits) report.add(errors.fieldDefault, at, { problem: '' })
}
