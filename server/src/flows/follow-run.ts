import type { Advance, FlowCommand } from '@channelwright/runtime/flow/command.ts'
import { graphOf } from '@channelwright/runtime/flow/graph.ts'
import { type FlowRun, isClosed } from '@channelwright/runtime/flow/run.ts'
import { findNodeType } from '@channelwright/runtime/nodes/index.ts'
import type { Unit } from '../db/unit.ts'
import { endChildrenJob } from '../jobs/end-children.ts'
import { enqueueJob } from '../jobs/enqueue.ts'
import { hearEventsJob } from '../jobs/hear-events.ts'
import { queueChildEnd } from './children.ts'
import type { ReadyFlow } from './flow-data.ts'

/** Events of a run by which what was done is taken back, not only left behind. */
const goingBack: ReadonlySet<string> = new Set(['withdrawn', 'returned', 'taken_back'])

/**
 * What a command on one run means for others, as jobs of the same transaction: its parent hears that it has ended; what
 * steps that were left had started ends; steps that begin to wait hear of what has just been.
 */
export function followRun(
  unit: Unit,
  ready: ReadyFlow,
  before: FlowRun | null,
  { run, events }: Extract<Advance, { kind: 'advanced' }>,
  command: FlowCommand['type'],
): void {
  if (before === null || !isClosed(before)) queueChildEnd(unit, run)
  const was = new Map(before?.activations.map((one) => [one.id, one]))
  const left: string[] = []
  for (const step of run.activations) {
    const known = was.get(step.id)
    if (known === step) continue
    if (step.status === 'active') {
      if (isWaiting(step.state) && !(known?.status === 'active' && isWaiting(known.state)))
        enqueueJob(unit, hearEventsJob, { run: run.id, activation: step.id }, { key: step.id })
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

/** For an event by its name; changes of records are told in another way. */
function isWaiting({ wait }: FlowRun['activations'][number]['state']): boolean {
  return typeof wait === 'object' && wait !== null && 'event' in wait && wait.event !== 'changed'
}

function mayHaveChildren({ flow }: ReadyFlow, node: string): boolean {
  const found = graphOf(flow).nodes.get(node)
  return found !== undefined && findNodeType(found.type)?.starts !== undefined
}
