import Type from 'typebox'
import { formatText, type Text } from '../../text.ts'
import { defineNodeType } from '../node-type.ts'

const ended: Text = { en: 'The case ended: {outcome}', zh: '流程结束:{outcome}' }

export const end = defineNodeType({
  name: 'end',
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
  place: 'end',
  exits: () => [],
  check: () => [],
  run: ({ node }) => ({ exit: null, outcome: node.outcome }),
  trace: (event, locale) => (event.type === 'ended' ? formatText(ended, locale, event.data) : null),
})
