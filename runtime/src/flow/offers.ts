import type { FlowDefinition } from '../definition/flow.ts'
import * as errors from '../errors/flows.ts'
import { findNodeType } from '../nodes/index.ts'
import { graphOf } from './graph.ts'
import type { Denial } from './refuse.ts'
import type { FlowRun, Task } from './run.ts'
import type { TaskAction } from './task-actions.ts'

/** How many people may have a task of one step at a time. */
export const mostPeople = 100

/** How deep people who were added may add others. */
const deepest = 5

/** Whether the node of a task keeps its people from an action. */
export function refuseAction(flow: FlowDefinition, task: Task | null, action: TaskAction): Denial | null {
  const node = task && graphOf(flow).nodes.get(task.node)
  // Back at its start the case is the applicant's to submit, and nobody else's.
  const isStart = findNodeType(node?.type ?? '')?.place === 'start'
  const offered = isStart ? [] : node?.actions
  if (!Array.isArray(offered) || offered.includes(action)) return null
  return { error: errors.flowActionOff, values: { action } }
}

export function refuseDepth(run: FlowRun, task: Task | null): Denial | null {
  let depth = 0
  for (let at: Task | undefined = task ?? undefined; at?.parent; depth++) {
    const { parent }: Task = at
    at = run.tasks.find(({ id }) => id === parent)
  }
  return depth >= deepest ? { error: errors.flowTooDeep, values: { most: deepest } } : null
}
