import type { Task } from './run.ts'

/** A task that a person has decided. */
export type Decided = Task & { readonly decidedBy: string; readonly decidedAt: string }

/**
 * What people decided and what still stands: no mere opinion, no sending back, nothing that was taken back since. In
 * the order in which they were asked.
 */
export function standingDecisions(tasks: readonly Task[]): readonly Decided[] {
  // A task that passed by itself tells of the approval at another step that made it pass: that one stands.
  const replaced = new Set(tasks.map(({ from, activation }) => `${activation} ${from}`))
  return tasks.filter(
    (task): task is Decided =>
      ['approved', 'rejected', 'done'].includes(task.state) &&
      task.decidedBy !== null &&
      task.decidedAt !== null &&
      !task.opinionOnly &&
      !replaced.has(`${task.activation} ${task.id}`),
  )
}
