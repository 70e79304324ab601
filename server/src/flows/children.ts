import { type FlowRun, isClosed } from '@channelwright/runtime/flow/run.ts'
import type { Unit } from '../db/unit.ts'
import { enqueueJob } from '../jobs/enqueue.ts'
import { tellParentJob } from '../jobs/tell-parent.ts'
import type { Services } from '../services.ts'
import { tellRun } from './system-command.ts'

/** When a run that another started has come to its end, that one is told: a transaction of its own. */
export async function queueChildEnd(unit: Unit, run: FlowRun): Promise<void> {
  if (run.parent === null || !isClosed(run)) return
  const { parent, status, outcome } = run
  await enqueueJob(
    unit,
    tellParentJob,
    { parent: parent.run, activation: parent.activation, run: run.id, status, outcome, item: parent.item },
    { key: run.id },
  )
}

export interface ChildEnd {
  readonly parent: string
  readonly activation: string
  readonly run: string
  readonly status: string
  readonly outcome: string | null
  readonly item: string | null
}

/** Delivered twice, told once: a step that has been told, or is left, hears nothing more. */
export async function tellParent(services: Services, workspace: string, end: ChildEnd): Promise<void> {
  const { parent, activation, run, status, outcome, item } = end
  await tellRun(
    services,
    workspace,
    { run: parent },
    (found) => {
      const step = found.activations.find((one) => one.id === activation)
      if (isClosed(found) || step?.status !== 'active') return null
      return { type: 'child_ended', activation, run, status, outcome, item }
    },
    { once: `child ${run} ${status}` },
  )
}
