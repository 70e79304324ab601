import Type, { type Static } from 'typebox'
import { Report } from '../../definition/report.ts'
import { Key } from '../../definition/shared.ts'
import type { ViewDefinition } from '../../definition/view.ts'
import { defineViewType } from '../view-type.ts'

export const EarningsSettings = Type.Object({
  plans: Type.Array(Key, {
    minItems: 1,
    uniqueItems: true,
    description: 'Plans whose amounts are shown and explained.',
  }),
})
export type EarningsView = ViewDefinition & Static<typeof EarningsSettings>

export const earnings = defineViewType({
  name: 'earnings',
  title: { en: 'Earnings', zh: '收益' },
  icon: 'coins',
  settings: EarningsSettings,
  check(definition, set) {
    const view = definition as EarningsView
    const report = new Report(set)
    view.plans.forEach((key, at) => {
      report.find('plan', key, `/plans/${at}`)
    })
    return report.diagnostics
  },
})
