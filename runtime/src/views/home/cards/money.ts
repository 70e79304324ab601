import Type from 'typebox'
import { Key } from '../../../definition/shared.ts'
import { defineCardType } from '../card-type.ts'

/** What was earned in the current window, of the plans one may see. */
export const money = defineCardType({
  name: 'money',
  title: { en: 'Money', zh: '金额' },
  icon: 'coins',
  settings: Type.Object({
    plans: Type.Optional(
      Type.Array(Key, {
        uniqueItems: true,
        description: 'Only these plans; all that one may see when not said.',
      }),
    ),
  }),
  check(card, report, path) {
    const plans = Array.isArray(card.plans) ? card.plans.map(String) : []
    plans.forEach((key, at) => {
      report.find('plan', key, `${path}/plans/${at}`)
    })
  },
})
