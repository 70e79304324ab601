import type { FlowDefinition } from '@channelwright/runtime/definition/flow.ts'
import { flowScope } from '@channelwright/runtime/definition/scopes.ts'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { flowMigrateOld } from '@channelwright/runtime/errors/flow-service.ts'
import { flowReleaseUnknown } from '@channelwright/runtime/errors/flows.ts'
import type { RuleOutcome } from '@channelwright/runtime/flow/command.ts'
import { createFlowEvaluator, readsOfFlow } from '@channelwright/runtime/flow/evaluate.ts'
import type { Json, JsonObject } from '@channelwright/runtime/json.ts'
import { checkRule } from '@channelwright/runtime/logic/check.ts'
import type { Unit } from '../db/unit.ts'
import { loadWhole } from '../records/load-whole.ts'
import { tableOf } from '../records/record-table.ts'
import { contextOf, loadReferences } from '../records/rules.ts'
import type { ServedRelease } from '../services.ts'

/** A flow of a release with its rules compiled and the paths that it reads. Made once per release. */
export interface ReadyFlow {
  readonly flow: FlowDefinition
  readonly reads: readonly string[]
  /** Those of them that decide whether a case begins: looked at with every write of a record. */
  readonly triggerReads: readonly string[]
  evaluate(rule: Json, data: JsonObject): RuleOutcome
}

export function readyFlow(served: ServedRelease, key: string): ReadyFlow {
  const kept = served.cache.get(`flows/ready/${key}`) as ReadyFlow | undefined
  if (kept !== undefined) return kept
  const flow = served.release.flows.get(key)
  if (flow === undefined) throw new Error(`Release ${served.number} has no flow ${key}`)
  const ready: ReadyFlow = {
    flow,
    reads: readsOfFlow(flow, served.release),
    triggerReads: checkRule(recordRuleOf(flow), flowScope(served.release, flow.object)).reads,
    evaluate: createFlowEvaluator(flow, served.release),
  }
  served.cache.set(`flows/ready/${key}`, ready)
  return ready
}

/** What a record must come to for a case to begin by itself; false where something else begins it. */
export function recordRuleOf({ trigger }: FlowDefinition): Json {
  return trigger.type === 'record' ? (trigger.when as Json) : false
}

/** The flows over an object, in the order of their keys. */
export function flowsOver(served: ServedRelease, object: string): readonly ReadyFlow[] {
  const kept = served.cache.get(`flows/over/${object}`) as readonly ReadyFlow[] | undefined
  if (kept !== undefined) return kept
  const keys = [...served.release.flows.values()]
    .filter((flow) => flow.object === object)
    .map((flow) => flow.key)
  const flows = keys.sort().map((key) => readyFlow(served, key))
  served.cache.set(`flows/over/${object}`, flows)
  return flows
}

/** What the rules of a flow read by path: a record already at hand, what its references lead to, and `$`. As the engine. */
export async function flowData(
  unit: Unit,
  ready: ReadyFlow,
  record: Readonly<Record<string, unknown>>,
  applicant: string,
  reads: readonly string[] = ready.reads,
): Promise<JsonObject> {
  const table = tableOf(unit.served, ready.flow.object)
  // Most writes read through no reference; they are spared the change of role.
  const through = reads.filter((path) => {
    const [first = '', ...rest] = path.split('.')
    return rest.length > 0 && table.fields.get(first)?.type.name === 'reference'
  })
  const values = record as JsonObject
  const loaded =
    through.length === 0 ? values : await unit.asEngine(() => loadReferences(unit, table, values, through))
  return { ...loaded, ...contextOf(unit), $run: { applicant } }
}

/** The same for a record by its id. Refuses with RECORD_NOT_FOUND when it is gone. */
export async function loadFlowData(
  unit: Unit,
  ready: ReadyFlow,
  record: string,
  applicant: string,
): Promise<JsonObject> {
  const whole = await loadWhole(unit, tableOf(unit.served, ready.flow.object), record, 'flow')
  return flowData(unit, ready, whole, applicant)
}

/** The unit under another release: same transaction, same actor. Runs read and write under the one they began on. */
export function underRelease(unit: Unit, served: ServedRelease): Unit {
  return { ...unit, served }
}

/**
 * The release in force, to which cases are moved: only there is looked after what steps may wait for. Throws
 * FLOW_MIGRATE_OLD when it is not the one that was meant, FLOW_RELEASE_UNKNOWN when it does not have the flow.
 */
export async function servedToMoveTo(unit: Unit, flow: string, release: number): Promise<ServedRelease> {
  const { services, served } = unit
  const current = await services.releases.current(served.workspace.key)
  if (current?.number !== release)
    throw new Refusal(flowMigrateOld, { release, current: current?.number ?? '' })
  if (!current.release.flows.has(flow)) throw new Refusal(flowReleaseUnknown, { release })
  return current
}
