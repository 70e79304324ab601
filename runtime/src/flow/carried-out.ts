import type { JsonObject } from '../json.ts'
import type { NodeStep } from '../nodes/node-type.ts'
import type { Activation, Task } from './run.ts'

/**
 * What a step keeps of its decisions once it has asked for something to be done: those that were made until then can't
 * be taken back. Nothing is asked for twice, so a second verdict could not be carried out.
 */
export function keepCarriedOut(
  { state }: Activation,
  { effects = [] }: NodeStep,
  tasks: readonly Task[],
): JsonObject {
  const before = Array.isArray(state.carriedOut) ? state.carriedOut : []
  const decided = effects.length === 0 ? [] : tasks.filter(({ decidedBy }) => decidedBy !== null)
  const all = [...new Set([...before, ...decided.map(({ id }) => id)])]
  return all.length === 0 ? {} : { carriedOut: all }
}

/** The step has had something done since the task was decided. */
export function isCarriedOut({ state }: Activation, task: Task): boolean {
  return Array.isArray(state.carriedOut) && state.carriedOut.includes(task.id)
}
