import { createHash } from 'node:crypto'
import type { CommandReply } from '@channelwright/runtime/api/flows.ts'
import { type ErrorCode, Refusal } from '@channelwright/runtime/errors/create-error.ts'
import {
  flowCommandReused,
  flowRunBeside,
  flowRunUnknown,
  flowTaskUnknown,
} from '@channelwright/runtime/errors/flows.ts'
import { rightMissing } from '@channelwright/runtime/errors/identity.ts'
import { findCommand } from '@channelwright/runtime/flow/advance.ts'
import type { FlowCommand } from '@channelwright/runtime/flow/command.ts'
import { type FlowRun, isClosed } from '@channelwright/runtime/flow/run.ts'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import { mayDo } from '../access/platform-rights.ts'
import { inUnit, type Unit } from '../db/unit.ts'
import { takeEvidence } from '../files/evidence.ts'
import { isFailpointSet, reachFailpoint } from '../jobs/failpoint.ts'
import { runPrepared, writePrepared } from '../records/run-prepared.ts'
import type { Actor, ServedRelease, Services } from '../services.ts'
import { carryOn } from './carry-on.ts'
import { refuseCopies } from './copies.ts'
import { loadFlowData, readyFlow, servedToMoveTo, underRelease } from './flow-data.ts'
import { perWorkspace, readRun } from './run-store.ts'
import { writeTaskValues } from './task-values.ts'

/**
 * What people and administrators can do, by the name that the core has for it (`runtime/src/flow/commands`): to a task,
 * with the `rev` that the person saw, or to a run, with its `rev` where the person saw one. `given` is the payload of
 * that command, checked by its schema; `values` are fields of the record that the step opens, written with a decision.
 */
export type PersonsCommand = {
  readonly type: string
  readonly given?: JsonObject
  readonly values?: JsonObject
} & ({ readonly task: string; readonly taskRev: number } | { readonly run: string; readonly runRev?: number })

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
  const reply = await inUnit(services, served, actor, (unit) =>
    commandInUnit(unit, commandId, command, true),
  ).catch((error: unknown) => {
    const refused = refusals[Object(error).constraint]
    throw refused === undefined ? error : new Refusal(refused)
  })
  reachFailpoint('command.after-commit')
  return reply
}

/** What no lock of one run keeps away from another's: by the constraint that does. */
const refusals: Readonly<Record<string, ErrorCode>> = {
  cw_command_pkey: flowCommandReused,
  cw_run_open_case: flowRunBeside,
}

/**
 * The same inside a unit of the person. `last`: nothing follows in its transaction, whose end may travel with the
 * writes.
 */
export async function commandInUnit(
  unit: Unit,
  commandId: string,
  command: PersonsCommand,
  last = false,
): Promise<CommandReply> {
  const { admin } = judgeRight(unit, command)
  const digest = createHash('sha256').update(JSON.stringify(command)).digest('hex')
  // With the person's own rights: what they may not see does not exist for them. Sent with what the engine reads.
  const seeing = canSee(unit, command)
  seeing.catch(() => undefined)
  return unit.asEngine(async () => {
    const address = 'task' in command ? { task: command.task } : { run: command.run }
    const [isSeen, run, known] = await Promise.all([
      seeing,
      readRun(unit, address, 'lock'),
      findReply(unit, commandId),
    ])
    if (!isSeen || run === undefined) throw new Refusal('task' in command ? flowTaskUnknown : flowRunUnknown)
    if (known !== undefined) {
      if (known.digest !== digest || known.actor !== unit.actor.user) throw new Refusal(flowCommandReused)
      return known.reply
    }
    reachFailpoint('command.after-guard')
    let reply: CommandReply | undefined
    const keepReply = async (after: FlowRun) => {
      reply = describe(after, command)
      const values = [commandId, run.id, unit.actor.user, digest, JSON.stringify(reply), unit.now]
      await writePrepared(unit, insertReplyText(unit), values)
    }
    // A test that kills the server between the writes and their commit needs that there is such a moment.
    const finish = last && !isFailpointSet()
    await carryOut(unit, run, command, admin, keepReply, finish)
    reachFailpoint('command.before-commit')
    if (reply === undefined) throw new Error('a command was carried out and has no reply')
    return reply
  })
}

/** Who administers flows; refuses others what only those may do, before anything is looked at. */
function judgeRight(unit: Unit, { type }: PersonsCommand): { admin: boolean } {
  const kind = findCommand(type)
  if (kind === undefined || kind.by === 'system') throw new Error(`There is no command ${type} of a person`)
  const admin = mayDo(unit.served.release, unit.actor.roles, 'administer_flows')
  if (kind.by === 'admin' && !admin) throw new Refusal(rightMissing, { right: 'administer_flows' })
  return { admin }
}

async function carryOut(
  unit: Unit,
  run: FlowRun,
  asked: PersonsCommand,
  admin: boolean,
  also: (after: FlowRun) => Promise<unknown>,
  finish: boolean,
): Promise<FlowRun> {
  const command = { ...asked, given: await takeEvidence(unit, run.id, asked.given ?? {}) }
  const served =
    command.type === 'migrate'
      ? await servedToMoveTo(unit, run.flow, Number(command.given?.release))
      : await unit.services.releases.at(unit.served.workspace.key, run.release)
  const pinned = underRelease(unit, served)
  const ready = readyFlow(served, run.flow)
  const by = unit.actor.user
  const { decision } = command.given ?? {}
  const versionBefore =
    'task' in command && typeof decision === 'string'
      ? await writeTaskValues(unit, pinned, run, { ...command, decision })
      : undefined
  // A closed run refuses what is asked of it or has no use for its record, which may be gone.
  const data = isClosed(run) ? {} : await loadFlowData(pinned, ready, run.record, run.applicant)
  await refuseCopies(unit, ready.flow, data, command.given.cc)
  const facts = { admin, also, finish, ...(versionBefore === undefined ? {} : { versionBefore }) }
  return carryOn(pinned, ready, run, forCore(command, by), data, by, facts)
}

function forCore(command: PersonsCommand, by: string): FlowCommand {
  const about =
    'task' in command
      ? { task: command.task, taskRev: command.taskRev }
      : command.runRev === undefined
        ? {}
        : { runRev: command.runRev }
  // The payload has passed the schema of its command.
  return { ...command.given, type: command.type, by, ...about } as unknown as FlowCommand
}

const seeTaskText = perWorkspace((table) => `SELECT 1 FROM ${table('task')} WHERE id = $1`)
const seeRunText = perWorkspace((table) => `SELECT 1 FROM ${table('run')} WHERE id = $1`)

async function canSee(unit: Unit, command: PersonsCommand): Promise<boolean> {
  const [text, id] = 'task' in command ? [seeTaskText, command.task] : [seeRunText, command.run]
  const rows = await runPrepared(unit, text(unit), [id])
  return rows.length > 0
}

interface KnownReply {
  readonly actor: string
  readonly digest: string
  readonly reply: CommandReply
}

const findReplyText = perWorkspace(
  (table) => `SELECT actor, digest, reply FROM ${table('command')} WHERE id = $1`,
)
const insertReplyText = perWorkspace(
  (table) =>
    `INSERT INTO ${table('command')} (id, run, actor, digest, reply, at) VALUES ($1, $2, $3, $4, $5, $6)`,
)

/** Asked behind the lock of the run: of two that bring the same command the second finds the answer of the first. */
async function findReply(unit: Unit, commandId: string): Promise<KnownReply | undefined> {
  const [known] = await runPrepared<KnownReply>(unit, findReplyText(unit), [commandId])
  return known
}

function describe(run: FlowRun, command: PersonsCommand): CommandReply {
  const { id, status, outcome, rev } = run
  const task = 'task' in command ? run.tasks.find((candidate) => candidate.id === command.task) : undefined
  return {
    run: { id, status, outcome, rev },
    ...(task === undefined ? {} : { task: { id: task.id, state: task.state, rev: task.rev } }),
  }
}
