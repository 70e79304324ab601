import { createHash } from 'node:crypto'
import type { CommandReply } from '@channelwright/runtime/api/flows.ts'
import type { FormDefinition } from '@channelwright/runtime/definition/form.ts'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import {
  flowCommandReused,
  flowFieldsNotOpen,
  flowRunUnknown,
  flowTaskUnknown,
} from '@channelwright/runtime/errors/flows.ts'
import type { FlowCommand } from '@channelwright/runtime/flow/command.ts'
import { graphOf } from '@channelwright/runtime/flow/graph.ts'
import { type FlowRun, isClosed } from '@channelwright/runtime/flow/run.ts'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import { inUnit, type Unit } from '../db/unit.ts'
import { reachFailpoint } from '../jobs/failpoint.ts'
import { checkReferences } from '../records/check-references.ts'
import { loadWhole } from '../records/load-whole.ts'
import { type RecordTable, tableOf } from '../records/record-table.ts'
import { submitTaskForm } from '../records/submit-form.ts'
import { readInput } from '../records/validate-record.ts'
import { updateRecord } from '../records/write-record.ts'
import type { Actor, ServedRelease, Services } from '../services.ts'
import { carryOn } from './carry-on.ts'
import { loadFlowData, readyFlow, underRelease } from './flow-data.ts'
import { flowTable, readRun } from './run-store.ts'

/** What people and administrators can do to a run. */
export type PersonsCommand =
  | {
      readonly type: 'decide'
      readonly task: string
      readonly taskRev: number
      readonly decision: string
      readonly comment?: string | null
      /** Fields of the record that the step opens. */
      readonly values?: JsonObject
    }
  | { readonly type: 'withdraw'; readonly run: string; readonly comment?: string | null }
  /** For those who administer flows; the route has asked. */
  | { readonly type: 'terminate'; readonly run: string; readonly reason: string }
  | { readonly type: 'retry'; readonly run: string; readonly reason: string }

/**
 * One command of a person: one transaction in which the run is locked, the command looked up by its id (done before:
 * answered again), judged, carried out, and its effects enqueued. Refuses with the codes of `errors/flows.ts`.
 */
export async function runCommand(
  services: Services,
  served: ServedRelease,
  actor: Actor,
  commandId: string,
  command: PersonsCommand,
): Promise<CommandReply> {
  const reply = await inUnit(services, served, actor, (unit) => commandInUnit(unit, commandId, command))
  reachFailpoint('command.after-commit')
  return reply
}

/** The same inside a unit of the person. */
export async function commandInUnit(
  unit: Unit,
  commandId: string,
  command: PersonsCommand,
): Promise<CommandReply> {
  // With the person's own rights: what they may not see does not exist for them.
  const id =
    command.type === 'decide' ? await findRunOfTask(unit, command.task) : await findRun(unit, command.run)
  return unit.asEngine(async () => {
    const run = await readRun(unit, id, 'lock')
    if (run === undefined) throw new Refusal(flowRunUnknown)
    const digest = createHash('sha256').update(JSON.stringify(command)).digest('hex')
    const known = await findReply(unit, commandId, digest)
    if (known !== undefined) return known
    reachFailpoint('command.after-guard')
    const after = await carryOut(unit, run, command)
    const reply = describe(after, command)
    await unit.query(
      `INSERT INTO ${flowTable(unit, 'command')} (id, run, actor, digest, reply, at) VALUES ($1, $2, $3, $4, $5, $6)`,
      [commandId, run.id, unit.actor.user, digest, JSON.stringify(reply), unit.now],
    )
    reachFailpoint('command.before-commit')
    return reply
  })
}

async function carryOut(unit: Unit, run: FlowRun, command: PersonsCommand): Promise<FlowRun> {
  const served = await unit.services.releases.at(unit.served.workspace.key, run.release)
  const pinned = underRelease(unit, served)
  const ready = readyFlow(served, run.flow)
  const by = unit.actor.user
  if (command.type === 'decide') await writeValues(unit, pinned, run, command)
  // A closed run refuses whatever is asked of it; its record may be gone.
  const data = isClosed(run) ? {} : await loadFlowData(pinned, ready, run.record, run.applicant)
  return carryOn(pinned, ready, run, forCore(command, by), data, by)
}

function forCore(command: PersonsCommand, by: string): FlowCommand {
  switch (command.type) {
    case 'decide': {
      const { task, taskRev, decision, comment = null } = command
      return { type: 'decide', task, taskRev, decision, by, comment }
    }
    case 'withdraw':
      return { type: 'withdraw', by, comment: command.comment ?? null }
    case 'terminate':
    case 'retry':
      return { type: command.type, by, reason: command.reason }
  }
}

/**
 * Written before the decision is judged, in its transaction: a refused decision takes them back. The rules of the
 * form that the task names hold for whoever decides, and however. `person`: under the release in force, whose rights
 * count; `unit`: under the one on which the run began.
 */
async function writeValues(
  person: Unit,
  unit: Unit,
  run: FlowRun,
  { task: id, taskRev, decision, values = {} }: Extract<PersonsCommand, { type: 'decide' }>,
): Promise<void> {
  const fields = Object.keys(values)
  const task = run.tasks.find((candidate) => candidate.id === id)
  const open = writableFields(unit.served, run.flow, task?.node ?? '')
  const closed = fields.filter((field) => !open.includes(field))
  if (closed.length > 0 || (fields.length > 0 && isClosed(run)))
    throw new Refusal(flowFieldsNotOpen, { fields: closed.join(', ') })
  // What can no longer be decided is refused in a moment, whatever was filled in.
  const current = task?.state === 'pending' && task.rev === taskRev && !isClosed(run)
  const form = current ? formOfTask(unit.served, run.flow, task.node) : undefined
  let written = values
  if (form || fields.length > 0) {
    const table = tableOf(unit.served, run.object)
    const before = await loadWhole(unit, table, run.record, 'flow')
    if (form) written = await submitTaskForm(unit, table, form, before, values, { decision, open })
    await refuseUnseen(person, table, before, readInput(unit.served, table, values), written)
  }
  if (Object.keys(written).length === 0) return
  const cause = { kind: 'task', key: run.flow, run: run.id, node: task?.node ?? '' } as const
  await unit.causedBy(cause, () => updateRecord(unit, run.object, run.record, written, { by: 'flow' }))
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
  const rights = graphOf(definition).nodes.get(node)?.fields
  if (typeof rights !== 'object' || rights === null) return []
  const table = served.release.objects.get(definition.object)
  const given = rights as Record<string, string>
  return Object.keys(table?.schema.properties ?? {}).filter((field) => (given[field] ?? given['*']) === 'rw')
}

async function findRunOfTask(unit: Unit, task: string): Promise<string> {
  const [row] = await unit.query<{ run: string }>(
    `SELECT run FROM ${flowTable(unit, 'task')} WHERE id = $1`,
    [task],
  )
  if (row === undefined) throw new Refusal(flowTaskUnknown)
  return row.run
}

async function findRun(unit: Unit, run: string): Promise<string> {
  const [row] = await unit.query<{ id: string }>(`SELECT id FROM ${flowTable(unit, 'run')} WHERE id = $1`, [
    run,
  ])
  if (row === undefined) throw new Refusal(flowRunUnknown)
  return row.id
}

async function findReply(unit: Unit, commandId: string, digest: string): Promise<CommandReply | undefined> {
  const [known] = await unit.query<{ actor: string; digest: string; reply: CommandReply }>(
    `SELECT actor, digest, reply FROM ${flowTable(unit, 'command')} WHERE id = $1`,
    [commandId],
  )
  if (known === undefined) return undefined
  if (known.digest !== digest || known.actor !== unit.actor.user) throw new Refusal(flowCommandReused)
  return known.reply
}

function describe(run: FlowRun, command: PersonsCommand): CommandReply {
  const { id, status, outcome, rev } = run
  const task =
    command.type === 'decide' ? run.tasks.find((candidate) => candidate.id === command.task) : undefined
  return {
    run: { id, status, outcome, rev },
    ...(task === undefined ? {} : { task: { id: task.id, state: task.state, rev: task.rev } }),
  }
}
