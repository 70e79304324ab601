import Type, { type TObject } from 'typebox'
import { effectKey } from '../../flow/run.ts'
import { formatText, type Text } from '../../text.ts'
import { pathsOf, settledQuestions } from '../approval/approvers.ts'
import { defineNodeType, type NodeContext } from '../node-type.ts'
import { checkRecipients, findRecipients } from '../recipients.ts'
import { Recipients } from '../recipients-settings.ts'

/** Shows the case to people, who may read it from then on; goes on without waiting for anybody. */
export const cc = defineNodeType({
  name: 'cc',
  title: { en: 'Copy to', zh: '抄送' },
  icon: 'mail-forward',
  settings: Type.Object({ to: Recipients }, { additionalProperties: false }),
  exits: () => ['next'],
  check: (node, flow, set, pointer) => checkRecipients(node.to, { node, flow, set }, `${pointer}/to`),
  people: (node) => settledQuestions(node.to),
  reads: (node) => pathsOf(node.to),
  run(context) {
    const { run, activation, node } = context
    const payload = planCopy(context)
    if (payload.readers.length === 0) return { exit: 'next' }
    return {
      exit: 'next',
      effects: [
        {
          key: effectKey(run.id, activation.id, node['x-id'], 0),
          activation: activation.id,
          type: 'copy',
          payload,
        },
      ],
    }
  },
  planAnew: (context) => planCopy(context),
  trace(event, locale) {
    if (event.type !== 'effect_done') return null
    const { result } = event.data
    const count = typeof result === 'object' && result !== null && 'copied' in result ? result.copied : 0
    return formatText(copied, locale, { count })
  },
})

function planCopy(context: NodeContext<TObject<{ to: typeof Recipients }>>) {
  const { node, applicant } = context
  // Whoever submitted it sees it anyway.
  const readers = findRecipients(context, node.to).filter((person) => person !== applicant)
  return { readers: [...readers], node: node['x-id'] }
}

const copied: Text = { en: 'Copied to {count} people', zh: '已抄送 {count} 人' }
