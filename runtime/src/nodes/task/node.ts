import Type from 'typebox'
import { pathsOf, settledQuestions } from '../approval/approvers.ts'
import { checkPeople } from '../approval/check.ts'
import { peopleSettings } from '../approval/people-settings.ts'
import { peopleOfStep } from '../approval/policies.ts'
import { beginSeatsOf, goOnWithSeats, readState } from '../approval/seat-step.ts'
import { type Decision, defineNodeType, type NodeStep } from '../node-type.ts'
import { traits } from './traits.ts'

const closed = { additionalProperties: false } as const
const Needing = Type.Optional(Type.Array(Type.Enum(['done', 'return']), { uniqueItems: true }))

/** Something to be filled in or done; nobody judges. */
export const task = defineNodeType({
  name: 'task',
  ...traits,
  title: { en: 'Task', zh: '办理' },
  icon: 'checklist',
  settings: Type.Object(
    {
      ...peopleSettings,
      order: Type.Optional(Type.Enum(['parallel', 'sequential'])),
      /** It is done when one of them, or when everybody has done it. Default any. */
      pass: Type.Optional(Type.Enum(['any', 'all'])),
      require: Type.Optional(
        Type.Object({ comment: Needing, signature: Needing, attachments: Needing }, closed),
      ),
    },
    closed,
  ),
  exits: () => ['done'],
  check: checkPeople,
  people: (node) => settledQuestions(node.approvers),
  reads: (node) => pathsOf([...node.approvers, ...(node.exclude ?? [])]),
  decisions: (node): readonly Decision[] => {
    const { comment = [], signature = [], attachments = [] } = node.require ?? {}
    return [
      {
        key: 'done',
        title: { en: 'Done', zh: '完成办理' },
        done: { en: 'did it', zh: '完成办理' },
        state: 'done',
        commentRequired: comment.includes('done'),
        signatureRequired: signature.includes('done'),
        attachmentsRequired: attachments.includes('done'),
      },
    ]
  },
  barred: ({ activation }) => readState(activation.state).barred,
  run(context) {
    const { node, run, activation } = context
    const tasks = run.tasks.filter((one) => one.activation === activation.id)
    if (tasks.length > 0) return goOnWithSeats(context, tasks, leave)
    // Nobody judges here, so the applicant may well be the one who fills it in.
    const found = peopleOfStep(context, node, node.selfApproval ?? 'ask')
    const rule = { pass: node.pass ?? 'any', reject: 'all', wait: 'early' } as const
    return beginSeatsOf(context, found, rule, node.order === 'sequential', leave)
  },
  resume: (context, _event, tasks) => goOnWithSeats(context, tasks, leave),
  trace: () => null,
})

/** An overdue task that its flow gives up counts as done: there is no other way on. */
function leave(): NodeStep {
  return { exit: 'done' }
}
