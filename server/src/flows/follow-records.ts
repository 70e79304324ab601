import type { FlowDefinition } from '@channelwright/runtime/definition/flow.ts'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { flowPickMissing } from '@channelwright/runtime/errors/flow-picks.ts'
import { flowFieldLocked, flowRecordLocked } from '@channelwright/runtime/errors/flows.ts'
import { lockedFields } from '@channelwright/runtime/flow/locked-fields.ts'
import { formatText, type Locale, type Text } from '@channelwright/runtime/text.ts'
import type { RecordChange, Unit } from '../db/unit.ts'
import { lookingUp } from '../records/rules.ts'
import type { ServedRelease } from '../services.ts'
import { carryOn } from './carry-on.ts'
import { depthOfWrite, writeDepth } from './depth.ts'
import { nobody } from './engine-actor.ts'
import { flowData, flowsOver, type ReadyFlow, readyFlow, recordRuleOf, underRelease } from './flow-data.ts'
import { flowTable, readRun } from './run-store.ts'

// Declared as functions, not constants: writing records, effects and flows import each other in a circle, and the
// list of followers must find these whichever of the files is loaded first.

/**
 * While a case with a lock is open, people change neither the record nor, with `lock: fields`, what the flow goes by:
 * refuses with FLOW_RECORD_LOCKED or FLOW_FIELD_LOCKED. The write that began the case has happened by then, so this
 * stands before `startRuns` in the list of followers.
 */
export async function keepLocks(unit: Unit, change: RecordChange): Promise<void> {
  if (change.by === 'actor') await refuseHeld(unit, change)
}

/** The same for what a person fills in at a step of one case (`except`): the locks of other cases hold. */
export async function refuseHeld(
  unit: Unit,
  change: Pick<RecordChange, 'object' | 'id' | 'before' | 'after'>,
  except?: string,
): Promise<void> {
  const { before, after } = change
  if (before === null || flowsOver(unit.served, change.object).length === 0) return
  for (const run of await openRuns(unit, change)) {
    if (run.id === except) continue
    const served = await unit.services.releases.at(unit.served.workspace.key, run.release)
    const held = heldFields(served, run.flow)
    if (held === null) continue
    if (held === 'all' || after === null) throw new Refusal(flowRecordLocked)
    const touched = [...held].filter((key) => !isSame(before[key], after[key]))
    if (touched.length === 0) continue
    const { properties = {} } = served.release.objects.get(change.object)?.schema ?? {}
    const titleOf = (key: string): Text => {
      const { title, 'x-title': others } = (properties[key] ?? {}) as {
        title?: string
        'x-title'?: { zh?: string }
      }
      return { en: title ?? key, zh: others?.zh ?? title ?? key }
    }
    const { code, message } = flowFieldLocked
    const say = (locale: Locale, keys: readonly string[]) =>
      formatText(message, locale, { fields: keys.map((key) => titleOf(key)[locale]).join(', ') })
    throw new Refusal(
      flowFieldLocked,
      { fields: touched.join(', ') },
      touched.map((key) => ({
        path: `/${key}`,
        code,
        message: { en: say('en', [key]), zh: say('zh', [key]) },
      })),
    )
  }
}

function isSame(before: unknown, after: unknown): boolean {
  return before === after || JSON.stringify(before ?? null) === JSON.stringify(after ?? null)
}

/** What an open case of the flow keeps people from changing; null: nothing. */
export function heldFields(served: ServedRelease, key: string): 'all' | ReadonlySet<string> | null {
  const flow = served.release.flows.get(key)
  if (flow?.settings?.lock === 'fields') return lockedFields(flow, served.release)
  return locksRecord(flow) ? 'all' : null
}

/** Whether open cases of the flow keep people from changing their records as a whole. */
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
    const depth = change.by === 'flow' ? await depthOfWrite(unit, ready.flow.key) : 0
    const command = {
      type: 'start',
      run: unit.services.ids.next(),
      release: unit.served.number,
      object: change.object,
      record: change.id,
      applicant,
      // A person chooses as they submit; where a flow wrote the record nobody was there to choose.
      ...(change.by === 'actor' ? { picks: change.picks?.[ready.flow.key] ?? {} } : {}),
    } as const
    await startNaming(ready, () => carryOn(unit, ready, null, command, data, applicant))
    await writeDepth(unit, command.run, depth)
  }
}

/** Whoever is to choose people hears for which flow: the screen asks for them and submits again. */
async function startNaming(ready: ReadyFlow, start: () => Promise<unknown>): Promise<void> {
  try {
    await start()
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== flowPickMissing.code) throw error
    const { code, message } = flowPickMissing
    throw new Refusal(flowPickMissing, error.values, [{ path: `/picks/${ready.flow.key}`, code, message }])
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
    const run = await unit.asEngine(() => readRun(pinned, id, 'lock'))
    if (run === undefined) continue
    const by = applicantOf(unit, change)
    const command = { type: 'terminate', by, reason: 'record_deleted' } as const
    await carryOn(pinned, readyFlow(served, run.flow), run, command, {}, by)
  }
}

function openRuns(
  unit: Unit,
  change: Pick<RecordChange, 'id'>,
): Promise<{ id: string; flow: string; release: number }[]> {
  return unit.asEngine(() =>
    unit.query<{ id: string; flow: string; release: number }>(
      `SELECT id, flow, release FROM ${flowTable(unit, 'run')}
       WHERE record = $1 AND status IN ('running', 'returned', 'suspended', 'incident')`,
      [change.id],
    ),
  )
}
