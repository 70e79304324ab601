import Type from 'typebox'
import * as errors from '../../errors/flows.ts'
import { newTask } from '../../flow/run.ts'
import { defineNodeType, type NodeContext, type NodeStep } from '../node-type.ts'
import { checkScreen, screenSettings } from '../task-screen.ts'
import { traits } from './traits.ts'

/** Where a run sets out; when it comes back here, whoever applied submits it again. */
export const start = defineNodeType({
  name: 'start',
  ...traits,
  title: { en: 'Start', zh: '开始' },
  icon: 'player-play',
  /** What whoever submits again is shown and may change. */
  settings: Type.Object(screenSettings, { additionalProperties: false }),
  exits: () => ['next'],
  check: checkScreen,
  decisions: () => [
    {
      key: 'submit',
      title: { en: 'Submit again', zh: '重新提交' },
      done: { en: 'submitted it again', zh: '重新提交' },
      state: 'done',
      commentRequired: false,
    },
  ],
  run: (context) => (context.activation.cause === 'forward' ? { exit: 'next' } : askAgain(context)),
  resume(_context, _event, tasks) {
    return { exit: tasks.some(({ state }) => state === 'done') ? 'next' : null }
  },
  trace: () => null,
})

/** The applicant; once they have left, whoever is above them or an administrator, never nobody. */
function askAgain(context: NodeContext): NodeStep {
  const { run, activation, node, applicant, now } = context
  if (run.tasks.some((task) => task.activation === activation.id)) return { exit: null }
  const [here = []] = context.ask({ ask: 'user', user: applicant })
  const above = here.length > 0 ? [] : (context.ask({ ask: 'superiors', of: applicant })[0] ?? [])
  const admins = here.length > 0 || above.length > 0 ? [] : (context.ask({ ask: 'admin' })[0] ?? [])
  const asked = here.length > 0 ? here : above.length > 0 ? above.slice(0, 1) : admins
  const events =
    here.length > 0
      ? []
      : [{ type: 'person_left', data: { user: applicant, assignee: asked[0] ?? null } } as const]
  if (asked.length === 0)
    return { exit: null, events, incident: { code: errors.flowNobodyToDecide.code, data: { approvers: [] } } }
  return {
    exit: null,
    events,
    newTasks: asked.map((assignee) =>
      newTask({
        id: context.newId(),
        activation: activation.id,
        node: node['x-id'],
        assignee,
        createdAt: now,
      }),
    ),
  }
}
