import Type from 'typebox'
import { systemFields, yesOrNo } from '../../../definition/report.ts'
import { recordScope } from '../../../definition/scopes.ts'
import { Key, RuleJson } from '../../../definition/shared.ts'
import { danglingField, wrongObject } from '../../../errors/definitions.ts'
import { defineCardType } from '../card-type.ts'

/** Records whose day is near: a date field, or the beginning or end of a period (`protection.to`). */
export const deadlines = defineCardType({
  name: 'deadlines',
  title: { en: 'Days that come near', zh: '临近期限' },
  icon: 'calendar-due',
  settings: Type.Object({
    object: Key,
    date: Type.String({
      pattern: '^[a-z][a-z0-9_]{0,39}(\\.(from|to))?$',
      description: 'A date field, or the beginning or end of a period field: protection.to.',
    }),
    within: Type.Integer({ minimum: 0, maximum: 3660, description: 'Days from today.' }),
    filter: Type.Optional(RuleJson),
    fields: Type.Optional(Type.Array(Key, { maxItems: 8, description: 'Fields shown for each record.' })),
    detail: Type.Optional(Key),
  }),
  check(card, report, path) {
    const object = report.find('object', String(card.object), `${path}/object`)
    if (!object) return
    const [key = '', part] = String(card.date).split('.')
    report.field(object, key, `${path}/date`, part ? ['period'] : ['date', 'datetime'])
    if (card.filter !== undefined) {
      report.rule(card.filter, recordScope(report.set, object.key), `${path}/filter`, 'L', yesOrNo)
    }
    const names = [...Object.keys(object.schema.properties), ...systemFields]
    const fields = Array.isArray(card.fields) ? card.fields.map(String) : []
    fields.forEach((field, at) => {
      report.oneOf(danglingField, `${path}/fields/${at}`, field, names, { object: object.key })
    })
    if (card.detail === undefined) return
    const detail = report.find('view', String(card.detail), `${path}/detail`)
    if (detail && (detail.type !== 'detail' || detail.object !== object.key)) {
      report.add(wrongObject, `${path}/detail`, {
        name: detail.key,
        object: detail.object ?? detail.type,
        expected: object.key,
      })
    }
  },
})
