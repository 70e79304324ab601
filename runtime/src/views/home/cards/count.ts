import Type from 'typebox'
import { yesOrNo } from '../../../definition/report.ts'
import { recordScope } from '../../../definition/scopes.ts'
import { Key, RuleJson } from '../../../definition/shared.ts'
import { wrongObject } from '../../../errors/definitions.ts'
import { defineCardType } from '../card-type.ts'

/** How many records meet a rule; opens the list of them. */
export const count = defineCardType({
  name: 'count',
  title: { en: 'Number of records', zh: '记录数量' },
  icon: 'hash',
  settings: Type.Object({ object: Key, filter: Type.Optional(RuleJson), view: Type.Optional(Key) }),
  check(card, report, path) {
    const object = report.find('object', String(card.object), `${path}/object`)
    if (!object) return
    if (card.filter !== undefined) {
      report.rule(card.filter, recordScope(report.set, object.key), `${path}/filter`, 'L', yesOrNo)
    }
    if (card.view === undefined) return
    const view = report.find('view', String(card.view), `${path}/view`)
    if (view && view.object !== object.key) {
      report.add(wrongObject, `${path}/view`, {
        name: view.key,
        object: view.object ?? view.type,
        expected: object.key,
      })
    }
  },
})
