import type { FormDefinition } from '@channelwright/runtime/definition/form.ts'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { flowFieldsNotOpen } from '@channelwright/runtime/errors/flows.ts'
import { graphOf } from '@channelwright/runtime/flow/graph.ts'
import { type FlowRun, isClosed } from '@channelwright/runtime/flow/run.ts'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import { fieldRightAt } from '@channelwright/runtime/nodes/task-screen.ts'
import type { Unit } from '../db/unit.ts'
import { checkReferences } from '../records/check-references.ts'
import { loadWhole } from '../records/load-whole.ts'
import { type RecordTable, tableOf } from '../records/record-table.ts'
import { submitTaskForm } from '../records/submit-form.ts'
import { readInput } from '../records/validate-record.ts'
import { updateRecord } from '../records/write-record.ts'
import type { ServedRelease } from '../services.ts'
import { readyFlow } from './flow-data.ts'
import { refuseHeld } from './follow-records.ts'

export interface TaskValues {
  readonly task: string
  readonly taskRev: number
  readonly decision: string
  /** Fields of the record that the step opens. */
  readonly values?: JsonObject | undefined
}

/**
 * Writes what came with a decision, before the decision is judged and in its transaction: a refused one takes it back.
 * The rules of the form that the task names hold for whoever decides, and however. Answers with the version that the
 * record had before, where something may have been written. `person`: under the release in force, whose rights count;
 * `unit`: under the one on which the run began. Refuses with FLOW_FIELDS_NOT_OPEN.
 */
export async function writeTaskValues(
  person: Unit,
  unit: Unit,
  run: FlowRun,
  { task: id, taskRev, decision, values = {} }: TaskValues,
): Promise<number | undefined> {
  const fields = Object.keys(values)
  const task = run.tasks.find((candidate) => candidate.id === id)
  // What can no longer be decided is refused in a moment, whatever was filled in.
  if (task?.state !== 'pending' || task.rev !== taskRev || isClosed(run)) return undefined
  // Who is only asked for an opinion writes nothing.
  const open = task.opinionOnly ? [] : writableFields(unit.served, run.flow, task.node)
  const closed = fields.filter((field) => !open.includes(field))
  if (closed.length > 0) throw new Refusal(flowFieldsNotOpen, { fields: closed.join(', ') })
  const form = task.opinionOnly ? undefined : formOfTask(unit.served, run.flow, task.node)
  if (form === undefined && fields.length === 0) return undefined
  const table = tableOf(unit.served, run.object)
  const before = await loadWhole(unit, table, run.record, 'flow')
  const written = form ? await submitTaskForm(unit, table, form, before, values, { decision, open }) : values
  await refuseUnseen(person, table, before, readInput(unit.served, table, values), written)
  if (Object.keys(written).length > 0) {
    const after = { ...before, ...written }
    await refuseHeld(unit, { object: run.object, id: run.record, before, after }, run.id)
    const cause = { kind: 'task', key: run.flow, run: run.id, node: task.node } as const
    await unit.causedBy(cause, () => updateRecord(unit, run.object, run.record, written, { by: 'flow' }))
  }
  return Number(before.rev)
}

/** The engine writes what was filled in; whoever filled it in may name no more than in a record of their own. */
async function refuseUnseen(
  unit: Unit,
  table: RecordTable,
  before: JsonObject,
  given: JsonObject,
  written: JsonObject,
): Promise<void> {
  if (Object.keys(given).length === 0) return
  await unit.asActor(async () => {
    const after = { ...before, ...given, ...written }
    const check = await checkReferences(unit, table, before, after, given, 'actor', 1)
    if (!check.sql) return
    await unit.query(`SELECT ${check.sql}`, check.values).catch((error: unknown) => {
      throw check.explain(error)
    })
  })
}

/** The form that tasks at the node show, of the release on which the run began. */
export function formOfTask(served: ServedRelease, flow: string, node: string): FormDefinition | undefined {
  const form = graphOf(readyFlow(served, flow).flow).nodes.get(node)?.form
  return typeof form === 'string' ? served.release.forms.get(form) : undefined
}

/** Fields that a task at the node may write with its decision. */
export function writableFields(served: ServedRelease, flow: string, node: string): readonly string[] {
  const { flow: definition } = readyFlow(served, flow)
  const found = graphOf(definition).nodes.get(node)
  if (found === undefined) return []
  const fields = Object.keys(served.release.objects.get(definition.object)?.schema.properties ?? {})
  return fields.filter((field) => fieldRightAt(found, field) === 'rw')
}
