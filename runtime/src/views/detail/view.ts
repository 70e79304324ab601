import Type, { type Static } from 'typebox'
import { Report, systemFields } from '../../definition/report.ts'
import { Key, OrderKey, TextSchema, XId } from '../../definition/shared.ts'
import type { ViewDefinition } from '../../definition/view.ts'
import * as errors from '../../errors/definitions.ts'
import { findObject } from '../find-object.ts'
import { SectionsSchema } from '../settings.ts'
import { defineViewType } from '../view-type.ts'

export const DetailSettings = Type.Object({
  sections: SectionsSchema,
  related: Type.Optional(
    Type.Array(
      Type.Object(
        {
          'x-id': XId,
          'x-order': Type.Optional(OrderKey),
          title: Type.Optional(TextSchema),
          view: Key,
          field: Key,
        },
        { additionalProperties: false },
      ),
      { description: 'Tables of other records whose reference field names this one.' },
    ),
  ),
  edit: Type.Optional(Key),
  history: Type.Optional(Type.Boolean({ description: 'Shows who changed what, and when.' })),
  flow: Type.Optional(Type.Boolean({ description: 'Shows runs and tasks of flows over the record.' })),
  earnings: Type.Optional(Type.Boolean({ description: 'Shows what plans paid for the record.' })),
})
export type DetailView = ViewDefinition & Static<typeof DetailSettings> & { readonly object: string }

export const detail = defineViewType({
  name: 'detail',
  title: { en: 'Record page', zh: '详情页' },
  icon: 'file-description',
  settings: DetailSettings,
  check(definition, set) {
    const view = definition as DetailView
    const report = new Report(set)
    const object = findObject(view, report)
    if (!object) return report.diagnostics
    const system = new Set<string>(systemFields)
    view.sections.forEach((section, s) => {
      section.rows.forEach((row, r) => {
        row.forEach((key, k) => {
          if (!system.has(key)) report.field(object, key, `/sections/${s}/rows/${r}/${k}`)
        })
      })
    })
    view.related?.forEach((related, at) => {
      const path = `/related/${at}`
      const list = report.find('view', related.view, `${path}/view`)
      if (!list) return
      if (list.type !== 'table' || list.object === undefined) {
        report.add(errors.wrongObject, `${path}/view`, {
          name: related.view,
          object: list.type,
          expected: 'table',
        })
        return
      }
      const other = set.objects.get(list.object)
      const field = other && report.field(other, related.field, `${path}/field`, ['reference'])
      if (field && field['x-object'] !== object.key) {
        report.add(errors.wrongObject, `${path}/field`, {
          name: related.field,
          object: field['x-object'],
          expected: object.key,
        })
      }
    })
    if (view.edit !== undefined) {
      const form = report.find('form', view.edit, '/edit')
      if (form && form.object !== object.key) {
        report.add(errors.wrongObject, '/edit', {
          name: view.edit,
          object: form.object,
          expected: object.key,
        })
      }
    }
    return report.diagnostics
  },
})
