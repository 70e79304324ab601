import type { Advance, FlowCommand } from '@channelwright/runtime/flow/command.ts'
import { graphOf } from '@channelwright/runtime/flow/graph.ts'
import { type FlowRun, isClosed } from '@channelwright/runtime/flow/run.ts'
import { isJsonObject, type Json, type JsonObject } from '@channelwright/runtime/json.ts'
import { findNodeType } from '@channelwright/runtime/nodes/index.ts'
import type { Unit } from '../db/unit.ts'
import { endChildrenJob } from '../jobs/end-children.ts'
import { enqueueJob } from '../jobs/enqueue.ts'
import { hearEventsJob } from '../jobs/hear-events.ts'
import { signalRunJob } from '../jobs/signal-run.ts'
import { queueChildEnd, queueMended } from './children.ts'
import type { ReadyFlow } from './flow-data.ts'

/** Events of a run by which what was done is taken back, not only left behind. */
const goingBack: ReadonlySet<string> = new Set(['withdrawn', 'returned', 'taken_back'])

/**
 * What a command on one run means for others, as jobs of the same transaction: its parent hears that it has ended; what
 * steps that were left had started ends; steps that begin to wait hear of what has just been, or of what is written at
 * this moment.
 */
export function followRun(
  unit: Unit,
  ready: ReadyFlow,
  before: FlowRun | null,
  { run, events }: Extract<Advance, { kind: 'advanced' }>,
  command: FlowCommand['type'],
): void {
  if (before === null || !isClosed(before)) queueChildEnd(unit, ready, run)
  queueMended(unit, before, run)
  const was = new Map(before?.activations.map((one) => [one.id, one]))
  const left: string[] = []
  for (const step of run.activations) {
    const known = was.get(step.id)
    if (known === step) continue
    if (step.status === 'active') {
      const wait = waitOf(step.state)
      const before = known?.status === 'active' ? waitOf(known.state) : null
      if (wait === null || (before?.event === wait.event && before.record === wait.record)) continue
      const about = { run: run.id, activation: step.id }
      if (wait.event === 'changed')
        enqueueJob(unit, signalRunJob, { ...about, name: 'changed' }, { key: step.id })
      else enqueueJob(unit, hearEventsJob, about, { key: step.id })
    } else if (known?.status === 'active' && mayHaveChildren(ready, step.node)) {
      // A step that goes on because its children have ended has none left.
      if (step.status === 'cancelled' || command !== 'child_ended') left.push(step.id)
    }
  }
  if (left.length > 0) {
    const back = events.some(({ type }) => goingBack.has(type))
    const payload = { run: run.id, activations: left, back }
    enqueueJob(unit, endChildrenJob, payload, { key: `${run.id} ${run.rev}` })
  }
}

/** For what a step waits: an event by its name, or that a record has `changed`. */
function waitOf({ wait = null }: JsonObject): { readonly event: Json; readonly record: Json } | null {
  return isJsonObject(wait) ? { event: wait.event ?? null, record: wait.record ?? null } : null
}

function mayHaveChildren({ flow }: ReadyFlow, node: string): boolean {
  const found = graphOf(flow).nodes.get(node)
  return found !== undefined && findNodeType(found.type)?.starts !== undefined
}
