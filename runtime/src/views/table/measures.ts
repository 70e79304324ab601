import Type, { type Static } from 'typebox'
import type { FieldDefinition, ObjectDefinition } from '../../definition/object.ts'
import { type Report, yesOrNo } from '../../definition/report.ts'
import { recordScope } from '../../definition/scopes.ts'
import { Key, RuleJson, TextSchema, XId } from '../../definition/shared.ts'
import * as errors from '../../errors/definitions.ts'
import { fieldTypeOf, fieldTypes } from '../../fields/index.ts'

// A table that tells sums first: lines by group fields, each with its measures, and the rows behind each line.

const closed = { additionalProperties: false } as const

export const GroupSchema = Type.Array(
  Type.Object(
    {
      'x-id': XId,
      field: Type.String({
        pattern: '^[a-z][a-z0-9_]{0,39}(\\.[a-z][a-z0-9_]{0,39})?$',
        description: 'A field of the object, or of the record that a reference names: partner.tier.',
      }),
      title: Type.Optional(TextSchema),
    },
    closed,
  ),
  { minItems: 1, maxItems: 3, description: 'What records are summed up by.' },
)

export const MeasuresSchema = Type.Array(
  Type.Object(
    {
      'x-id': XId,
      kind: Type.Enum(['count', 'sum', 'avg', 'min', 'max']),
      field: Type.Optional(Key),
      filter: Type.Optional(RuleJson),
      title: TextSchema,
    },
    closed,
  ),
  { maxItems: 12, description: 'What is told of each group; with a filter, of those records alone.' },
)
export type Measure = Static<typeof MeasuresSchema>[number]
export type Group = Static<typeof GroupSchema>[number]

/** Field types that a measure can be taken of; a count takes no field. */
function measurable(kind: Measure['kind']): readonly string[] {
  return kind === 'count'
    ? []
    : fieldTypes.filter((type) => type.measures?.includes(kind)).map(({ name }) => name)
}

/** Values that stand for a group: those that can be compared for being the same, and are one. */
function groupsBy(field: FieldDefinition): boolean {
  const type = fieldTypeOf(field)
  return type.filters.includes('==') && type.column(field) !== null
}

/** The group fields and measures of a view are there and can be what they are named for. */
export function checkGroups(
  view: { readonly group?: readonly Group[]; readonly measures?: readonly Measure[] },
  object: ObjectDefinition,
  report: Report,
): void {
  const { group, measures } = view
  if (measures && !group) report.add(errors.measuresWithoutGroup, '/measures')
  group?.forEach(({ field: path }, at) => {
    const place = `/group/${at}/field`
    const [key = '', inner] = path.split('.')
    const first = report.field(object, key, place, inner === undefined ? undefined : ['reference'])
    const target = first && inner !== undefined ? report.set.objects.get(String(first['x-object'])) : null
    const field = target && inner !== undefined ? report.field(target, inner, place) : first
    if (field && target !== undefined && !groupsBy(field))
      report.add(errors.fieldNotGroupable, place, { name: path, type: field['x-field'] })
  })
  measures?.forEach(({ kind, field: key, filter }, at) => {
    const place = `/measures/${at}`
    const types = measurable(kind)
    if (filter !== undefined)
      report.rule(filter, recordScope(report.set, object.key), `${place}/filter`, 'L', yesOrNo)
    if (key === undefined && types.length > 0) report.add(errors.measureField, place, { kind })
    if (key === undefined) return
    if (types.length === 0) report.add(errors.measureField, `${place}/field`, { kind })
    else report.field(object, key, `${place}/field`, types)
  })
}
