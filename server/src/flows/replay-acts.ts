import type { FlowCommand } from '@channelwright/runtime/flow/command.ts'
import { type FlowEvent, type FlowRun, isOpen, type Task } from '@channelwright/runtime/flow/run.ts'
import type { Happening } from '@channelwright/runtime/flow/simulate.ts'

export type Act = NonNullable<Happening['act']>

/**
 * What a person did to the case besides deciding, to be done to the walk: to the task or the step that is that one
 * there. Null: nothing that is repeated.
 */
export function actOf(run: FlowRun, event: FlowEvent): Act | null {
  const { type, by, node, data } = event
  const reason = String(data.reason ?? '–')
  const to = String(data.assignee ?? '')
  const onTask = onTaskOf(run, event)
  switch (type) {
    case 'transferred':
    case 'delegated': {
      const name = type === 'transferred' ? 'transfer' : 'delegate'
      return onTask((task) => ({ type: name, ...about(task), by: task.assignee, to, comment: '–' }))
    }
    case 'signers_added':
      return addedBy(run, event)
    case 'signer_removed':
      return (walked) => {
        const theirs = (task: Task) => task.node === node && task.assignee === to && isOpen(task)
        const task = walked.tasks.find((one) => theirs(one) && isSigner(one))
        if (task === undefined || task.addedBy === null) return null
        return { type: 'remove_signer', ...about(task), by: task.addedBy }
      }
    case 'taken_back':
      return by === null
        ? null
        : (walked) => {
            const task = walked.tasks.findLast((one) => one.node === node && one.decidedBy === by)
            return task === undefined ? null : { type: 'take_back', ...about(task), by }
          }
    case 'reassigned':
      return by === null ? null : onTask((task) => ({ type: 'reassign', ...about(task), by, to, reason }))
    case 'skipped':
      if (by === null) return null
      return (walked) => {
        const step = walked.activations.find((one) => one.node === node && one.status === 'active')
        return step === undefined ? null : { type: 'skip', by, activation: step.id, reason }
      }
    case 'jumped':
      return by === null || node === null ? null : () => ({ type: 'jump', by, node, reason })
    case 'reopened':
      return by === null || node === null ? null : () => ({ type: 'reopen', by, node, reason })
    case 'retried':
      return by === null ? null : () => ({ type: 'retry', by, reason })
    case 'suspended':
      return by === null ? null : () => ({ type: 'suspend', by, reason })
    case 'resumed':
      return by === null ? null : () => ({ type: 'resume', by, reason })
    case 'withdrawn':
      return by === null ? null : () => ({ type: 'withdraw', by })
    case 'terminated':
      return () => ({ type: 'terminate', by: by ?? run.applicant, reason })
    default:
      return null
  }
}

const about = (task: Task) => ({ task: task.id, taskRev: task.rev })
const isSigner = ({ link }: Task) => link !== null && link !== 'delegate'

/** Acts on the task of whoever had it; where the draft asks others, on that of somebody who is asked like them. */
function onTaskOf(run: FlowRun, { node, task: id }: FlowEvent): (give: (task: Task) => FlowCommand) => Act {
  const real = run.tasks.find((task) => task.id === id)
  return (give) => (walked) => {
    const open = walked.tasks.filter((task) => task.node === node && task.state === 'pending')
    const task =
      open.find(({ assignee }) => assignee === real?.assignee) ??
      open.find((one) => real !== undefined && isSigner(one) === isSigner(real)) ??
      open[0]
    return task === undefined ? null : give(task)
  }
}

/** The same people at the same place; how they answer is known from what they were handed. */
function addedBy(run: FlowRun, event: FlowEvent): Act | null {
  const { at, by, node, data } = event
  const { place } = data
  const people = Array.isArray(data.people) ? data.people.map(String) : []
  if (place !== 'before' && place !== 'after' && place !== 'parallel') return null
  // Somebody else may have taken their place since, who was asked later.
  const one = run.tasks.find(
    (task) =>
      task.node === node &&
      task.link === place &&
      task.addedBy === by &&
      task.createdAt === at &&
      people.includes(task.onBehalfOf ?? task.assignee),
  )
  const { order = null, opinionOnly = false, weight = 1 } = one ?? {}
  return onTaskOf(
    run,
    event,
  )((task) => ({
    type: 'add_signers',
    ...about(task),
    by: task.assignee,
    people,
    place,
    comment: '–',
    opinionOnly,
    ...(order === null ? {} : { order }),
    ...(place === 'parallel' && !opinionOnly ? { weight } : {}),
  }))
}
