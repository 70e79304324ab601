import Type from 'typebox'
import { defineNodeType } from '../node-type.ts'
import { traits } from './traits.ts'

export const end = defineNodeType({
  name: 'end',
  ...traits,
  title: { en: 'End', zh: '结束' },
  icon: 'flag',
  settings: Type.Object(
    {
      /** What came of the case. `approved` and `rejected` are known everywhere; other words are the flow's own. */
      outcome: Type.String({
        pattern: '^[a-z][a-z0-9_]{0,39}$',
        title: 'Outcome',
        'x-title': { zh: '结果' },
      }),
    },
    { additionalProperties: false },
  ),
  exits: () => [],
  check: () => [],
  run: ({ node }) => ({ exit: null, outcome: node.outcome }),
  // The common sentence says it by the step's title: outcomes are words for flows, not for people.
  trace: () => null,
})
