import * as errors from '../errors/flows.ts'
import { isActive } from './context.ts'
import type { Engine } from './engine.ts'
import { refuseAction } from './offers.ts'
import type { Task } from './run.ts'

/**
 * Whoever decides lets others read the case from now on, where the step offers it; once each, for whoever keeps who
 * reads it (`copied` of the events). Whoever is only heard shows it to nobody.
 */
export function copyCase(engine: Engine, task: Task, by: string, people: readonly string[] = []): void {
  if (people.length === 0) return
  const { draft, flow } = engine
  const denied = refuseAction(flow, task, 'copy')
  if (denied !== null) throw engine.refuse(denied.error, denied.values)
  if (task.opinionOnly) throw engine.refuse(errors.flowOpinionOnly)
  for (const person of people) if (!isActive(engine, person)) throw engine.refuse(errors.flowPersonInactive)
  // They see it anyway.
  const readers = people.filter((person) => person !== by && person !== draft.applicant)
  if (readers.length === 0) return
  draft.say('copied', { by, node: task.node, task: task.id, data: { people: readers } })
}
