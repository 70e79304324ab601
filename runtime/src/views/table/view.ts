import Type, { type Static } from 'typebox'
import type { DefinitionSet } from '../../definition/definition-set.ts'
import type { Diagnostic } from '../../definition/diagnostic.ts'
import { Report, systemFields, yesOrNo } from '../../definition/report.ts'
import { recordScope } from '../../definition/scopes.ts'
import { Key, OrderKey, RuleJson, TextSchema, XId } from '../../definition/shared.ts'
import type { ViewDefinition } from '../../definition/view.ts'
import * as errors from '../../errors/definitions.ts'
import { fieldTypeOf } from '../../fields/index.ts'
import { findObject } from '../find-object.ts'
import { defineViewType } from '../view-type.ts'
import { checkGroups, GroupSchema, MeasuresSchema } from './measures.ts'

export const TableSettings = Type.Object({
  columns: Type.Array(
    Type.Object(
      {
        'x-id': XId,
        'x-order': Type.Optional(OrderKey),
        field: Type.String({
          pattern: '^[a-z][a-z0-9_]{0,39}$',
          description: 'A field of the object, or created_at, updated_at.',
        }),
        title: Type.Optional(TextSchema),
      },
      { additionalProperties: false },
    ),
    { minItems: 1, maxItems: 50 },
  ),
  filter: Type.Optional(RuleJson),
  sort: Type.Optional(
    Type.Array(
      Type.Object({ field: Key, direction: Type.Enum(['asc', 'desc']) }, { additionalProperties: false }),
      { maxItems: 3, description: 'How the list is sorted until the reader sorts it.' },
    ),
  ),
  search: Type.Optional(Type.Array(Key, { description: 'Text fields that the search box looks in.' })),
  filters: Type.Optional(Type.Array(Key, { description: 'Fields offered as filters.' })),
  group: Type.Optional(GroupSchema),
  measures: Type.Optional(MeasuresSchema),
  detail: Type.Optional(Key),
  create: Type.Optional(Type.Array(Key, { description: 'Forms that make a new record.' })),
})
export type TableView = ViewDefinition & Static<typeof TableSettings> & { readonly object: string }

/** Field types that a search box looks in. */
const searchable = ['text', 'long_text', 'email', 'phone', 'sequence', 'url']

export const table = defineViewType({
  name: 'table',
  title: { en: 'Table', zh: '列表' },
  icon: 'table',
  settings: TableSettings,
  check(definition: ViewDefinition, set: DefinitionSet): Diagnostic[] {
    const view = definition as TableView
    const report = new Report(set)
    const object = findObject(view, report)
    if (!object) return report.diagnostics
    const system = new Set<string>(systemFields)
    view.columns.forEach((column, at) => {
      if (!system.has(column.field)) report.field(object, column.field, `/columns/${at}/field`)
    })
    if (view.filter !== undefined)
      report.rule(view.filter, recordScope(set, object.key), '/filter', 'L', yesOrNo)
    view.sort?.forEach((sort, at) => {
      if (system.has(sort.field)) return
      const field = report.field(object, sort.field, `/sort/${at}/field`)
      if (field && !fieldTypeOf(field).sortable) {
        report.add(errors.columnNotSortable, `/sort/${at}/field`, {
          name: sort.field,
          type: field['x-field'],
        })
      }
    })
    view.search?.forEach((key, at) => {
      const field = report.field(object, key, `/search/${at}`)
      if (field && !searchable.includes(field['x-field'])) {
        report.add(errors.columnNotFilterable, `/search/${at}`, { name: key, type: field['x-field'] })
      }
    })
    view.filters?.forEach((key, at) => {
      if (system.has(key)) return
      const field = report.field(object, key, `/filters/${at}`)
      if (field && fieldTypeOf(field).filters.length === 0) {
        report.add(errors.columnNotFilterable, `/filters/${at}`, { name: key, type: field['x-field'] })
      }
    })
    checkGroups(view, object, report)
    if (view.detail !== undefined) {
      const detail = report.find('view', view.detail, '/detail')
      if (detail && (detail.type !== 'detail' || detail.object !== object.key)) {
        report.add(errors.wrongObject, '/detail', {
          name: view.detail,
          object: detail.object ?? detail.type,
          expected: `${object.key} (detail)`,
        })
      }
    }
    view.create?.forEach((key, at) => {
      const form = report.find('form', key, `/create/${at}`)
      if (form && form.object !== object.key) {
        report.add(errors.wrongObject, `/create/${at}`, {
          name: key,
          object: form.object,
          expected: object.key,
        })
      }
    })
    return report.diagnostics
  },
})
