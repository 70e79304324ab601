import type { FlowDefinition } from '@channelwright/runtime/definition/flow.ts'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { flowRecordLocked } from '@channelwright/runtime/errors/flows.ts'
import type { RecordChange, Unit } from '../db/unit.ts'
import { lookingUp } from '../records/rules.ts'
import { carryOn } from './carry-on.ts'
import { nobody } from './engine-actor.ts'
import { flowData, flowsOver, type ReadyFlow, readyFlow, recordRuleOf, underRelease } from './flow-data.ts'
import { flowTable, readRun } from './run-store.ts'

// Declared as functions, not constants: writing records, effects and flows import each other in a circle, and the
// list of followers must find these whichever of the files is loaded first.

/**
 * While a case with `lock: record` is open, people do not change its record: refuses with FLOW_RECORD_LOCKED. The
 * write that began the case has happened by then, so this stands before `startRuns` in the list of followers.
 */
export async function keepLocks(unit: Unit, change: RecordChange): Promise<void> {
  if (change.by !== 'actor' || change.before === null) return
  if (flowsOver(unit.served, change.object).length === 0) return
  for (const run of await openRuns(unit, change)) {
    const served = await unit.services.releases.at(unit.served.workspace.key, run.release)
    if (locksRecord(served.release.flows.get(run.flow))) throw new Refusal(flowRecordLocked)
  }
}

/** Whether open cases of the flow keep people from changing their records. */
export function locksRecord(flow: FlowDefinition | undefined): boolean {
  return flow?.settings?.lock === 'record'
}

/** Starts the flows whose trigger turned from false to true by this write; ends those whose record is gone. */
export async function startRuns(unit: Unit, change: RecordChange): Promise<void> {
  if (change.by === 'seed') return
  if (change.after === null) return terminateRuns(unit, change)
  for (const ready of flowsOver(unit.served, change.object)) {
    if (!(await holds(unit, ready, change.after))) continue
    if (change.before !== null && (await holds(unit, ready, change.before))) continue
    const open = await openRuns(unit, change)
    if (open.some((run) => run.flow === ready.flow.key)) continue
    const applicant = applicantOf(unit, change)
    const data = await flowData(unit, ready, change.after, applicant)
    const command = {
      type: 'start',
      run: unit.services.ids.next(),
      release: unit.served.number,
      object: change.object,
      record: change.id,
      applicant,
    } as const
    await carryOn(unit, ready, null, command, data, applicant)
  }
}

async function holds(
  unit: Unit,
  ready: ReadyFlow,
  record: Readonly<Record<string, unknown>>,
): Promise<boolean> {
  if (ready.flow.trigger.type !== 'record') return false
  const when = recordRuleOf(ready.flow)
  const data = await flowData(
    unit,
    ready,
    record,
    applicantOf(unit, { before: null, after: record }),
    ready.triggerReads,
  )
  const outcome = await lookingUp(unit, data, (known) => ready.evaluate(when, known))
  return outcome.ok && outcome.value === true
}

/** Who acts; where the engine acts for nobody in particular, who made the record. */
function applicantOf(unit: Unit, change: Pick<RecordChange, 'before' | 'after'>): string {
  if (/^[0-9a-f-]{36}$/.test(unit.actor.user) && unit.actor.user !== nobody) return unit.actor.user
  const maker = (change.after ?? change.before)?.created_by
  return typeof maker === 'string' ? maker : nobody
}

async function terminateRuns(unit: Unit, change: RecordChange): Promise<void> {
  for (const { id, release } of await openRuns(unit, change)) {
    const served = await unit.services.releases.at(unit.served.workspace.key, release)
    const pinned = underRelease(unit, served)
    const run = await unit.asEngine(() => readRun(pinned, id, 'lock', 'engine'))
    if (run === undefined) continue
    const by = applicantOf(unit, change)
    const command = { type: 'terminate', by, reason: 'record_deleted' } as const
    await carryOn(pinned, readyFlow(served, run.flow), run, command, {}, by)
  }
}

function openRuns(
  unit: Unit,
  change: RecordChange,
): Promise<{ id: string; flow: string; release: number }[]> {
  return unit.asEngine(() =>
    unit.query<{ id: string; flow: string; release: number }>(
      `SELECT id, flow, release FROM ${flowTable(unit, 'run')}
       WHERE record = $1 AND status IN ('running', 'returned', 'suspended', 'incident')`,
      [change.id],
    ),
  )
}
