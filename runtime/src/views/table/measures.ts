import Type, { type Static } from 'typebox'
import type { FieldDefinition, ObjectDefinition } from '../../definition/object.ts'
import { type Report, yesOrNo } from '../../definition/report.ts'
import { recordScope } from '../../definition/scopes.ts'
import { choice, TextSchema, words, XId } from '../../definition/shared.ts'
import * as errors from '../../errors/definitions.ts'
import { fieldTypeOf, fieldTypes } from '../../fields/index.ts'

// A table that tells sums first: lines by group fields, each with its measures, and the rows behind each line.

const closed = { additionalProperties: false } as const
const keyPattern = '^[a-z][a-z0-9_]{0,39}$'

const dateParts = {
  day: { en: 'Day', zh: '日' },
  week: { en: 'Week', zh: '周' },
  month: { en: 'Month', zh: '月' },
  quarter: { en: 'Quarter', zh: '季度' },
  year: { en: 'Year', zh: '年' },
} as const
export type DatePart = keyof typeof dateParts

const titleWords = words({ en: 'Title', zh: '标题' })

export const GroupSchema = Type.Array(
  Type.Object(
    {
      'x-id': XId,
      field: Type.String({
        pattern: '^[a-z][a-z0-9_]{0,39}(\\.[a-z][a-z0-9_]{0,39})?$',
        ...words(
          { en: 'Field', zh: '字段' },
          {
            en: 'A field of the object, or of the record that a reference names: partner.tier.',
            zh: '本对象的字段,或关联记录的字段,如 partner.tier。',
          },
        ),
      }),
      /** Of a date: the part of the calendar. Default single days; a moment needs one. */
      by: Type.Optional(choice(dateParts, words({ en: 'Dates by', zh: '日期按' }))),
      title: Type.Optional(Type.Object(TextSchema.properties, { ...closed, ...titleWords })),
    },
    closed,
  ),
  {
    minItems: 1,
    maxItems: 3,
    ...words(
      { en: 'Grouped by', zh: '分组' },
      { en: 'What records are summed up by.', zh: '按哪些字段汇总记录。' },
    ),
  },
)

export const MeasuresSchema = Type.Array(
  Type.Object(
    {
      'x-id': XId,
      kind: choice(
        {
          count: { en: 'Number of records', zh: '记录数' },
          sum: { en: 'Sum', zh: '合计' },
          avg: { en: 'Average', zh: '平均' },
          min: { en: 'Least', zh: '最小' },
          max: { en: 'Most', zh: '最大' },
        },
        words({ en: 'Measure', zh: '汇总方式' }),
      ),
      field: Type.Optional(Type.String({ pattern: keyPattern, ...words({ en: 'Field', zh: '字段' }) })),
      filter: Type.Optional(
        Type.Unknown({
          $comment: 'rule',
          ...words(
            { en: 'Only where', zh: '仅统计' },
            { en: 'A condition: other records do not count.', zh: '条件;不满足的记录不计入。' },
          ),
        }),
      ),
      title: Type.Object(TextSchema.properties, { ...closed, ...titleWords }),
    },
    closed,
  ),
  {
    maxItems: 12,
    ...words(
      { en: 'Measures', zh: '汇总指标' },
      {
        en: 'What is told of each group; with a condition, of those records alone.',
        zh: '每组显示的指标;有条件时只统计满足条件的记录。',
      },
    ),
  },
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
export function groupsBy(field: FieldDefinition): boolean {
  const type = fieldTypeOf(field)
  return type.filters.includes('==') && type.column(field) !== null
}

/** Days and moments lie in parts of the calendar. */
export const hasDateParts = (field: FieldDefinition): boolean =>
  field['x-field'] === 'date' || field['x-field'] === 'datetime'

/** The group fields and measures of a view are there and can be what they are named for. */
export function checkGroups(
  view: { readonly group?: readonly Group[]; readonly measures?: readonly Measure[] },
  object: ObjectDefinition,
  report: Report,
): void {
  const { group, measures } = view
  if (measures && !group) report.add(errors.measuresWithoutGroup, '/measures')
  group?.forEach(({ field: path, by }, at) => {
    const place = `/group/${at}/field`
    const [key = '', inner] = path.split('.')
    const first = report.field(object, key, place, inner === undefined ? undefined : ['reference'])
    const target = first && inner !== undefined ? report.set.objects.get(String(first['x-object'])) : null
    const field = target && inner !== undefined ? report.field(target, inner, place) : first
    if (!field || target === undefined) return
    const values = { name: path, type: field['x-field'] }
    if (by !== undefined && !hasDateParts(field)) report.add(errors.groupDatePart, `/group/${at}/by`, values)
    else if (by === undefined && field['x-field'] === 'datetime')
      report.add(errors.groupMoment, `/group/${at}`, { name: path })
    else if (by === undefined && !groupsBy(field)) report.add(errors.fieldNotGroupable, place, values)
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
