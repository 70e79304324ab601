import type { RunReply } from '../../../src/api/flows.ts'

export type RunTask = RunReply['tasks'][number]

/** A task with those that were added to it. */
export interface TaskBranch {
  readonly task: RunTask
  readonly added: readonly TaskBranch[]
}

/** Tasks of a node's present entry; earlier rounds are told by the timeline. */
export function tasksAt(run: RunReply, node: string): readonly RunTask[] {
  const since = run.nodes.find((one) => one.id === node)?.entered_at
  return run.tasks.filter((task) => task.node === node && (!since || task.created_at >= since))
}

/** The tasks of a node as a tree: whoever was added stands below whoever added them. */
export function nestTasks(tasks: readonly RunTask[]): readonly TaskBranch[] {
  const known = new Set(tasks.map((task) => task.id))
  const below = (parent: string | null): TaskBranch[] =>
    tasks
      .filter((task) => (task.parent && known.has(task.parent) ? task.parent : null) === parent)
      .map((task) => ({ task, added: below(task.id) }))
  return below(null)
}

/** Until when the first of those who are waited for must act. */
export function nearestDue(tasks: readonly RunTask[]): string | null {
  const dues = tasks.filter(isWaitedFor).flatMap((task) => task.due_at ?? [])
  return dues.sort()[0] ?? null
}

export function isWaitedFor(task: RunTask): boolean {
  return task.state === 'pending'
}
