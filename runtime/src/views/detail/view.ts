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
          equals: Type.Optional(
            Type.String({
              pattern: '^[a-z][a-z0-9_]{0,39}$',
              description:
                'A field of this record: those are shown whose field says the same, this record left out.',
            }),
          ),
          create: Type.Optional(
            Type.String({
              pattern: '^[a-z][a-z0-9_]{0,39}$',
              description: 'The form that makes another one here, with the reference filled in.',
            }),
          ),
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
      const form =
        related.create === undefined ? undefined : report.find('form', related.create, `${path}/create`)
      if (form && form.object !== list.object) {
        report.add(errors.wrongObject, `${path}/create`, {
          name: form.key,
          object: form.object,
          expected: list.object,
        })
      }
      const own =
        related.equals === undefined ? undefined : report.field(object, related.equals, `${path}/equals`)
      const types = own ? [own['x-field']] : ['reference']
      const field = other && report.field(other, related.field, `${path}/field`, types)
      if (
        field &&
        field['x-field'] === 'reference' &&
        field['x-object'] !== (own ?? { 'x-object': object.key })['x-object']
      ) {
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
