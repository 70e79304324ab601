import type { FlowDefinition } from '../definition/flow.ts'
import * as errors from '../errors/flows.ts'
import type { Advance, FlowCommand, FlowPorts } from './command.ts'
import type { CommandKind } from './command-kind.ts'
import { commandKinds } from './commands/index.ts'
import { windowsOf } from './context.ts'
import { RunDraft } from './draft.ts'
import { Engine } from './engine.ts'
import { judgeCommand } from './judge.ts'
import { Needs, Refused } from './refuse.ts'
import { type FlowRun, isClosed } from './run.ts'
import { whoIsTold } from './tell-end.ts'

export { mayWithdraw } from './judge.ts'

const byName = new Map<string, CommandKind>(
  commandKinds.map((kind) => [kind.name, kind as unknown as CommandKind]),
)

export function findCommand(name: string): CommandKind | undefined {
  return byName.get(name)
}

/**
 * Carries a run on by one command until every node waits, or refuses. Pure: all it knows of the world is in `run`
 * and `ports`. When it must know people that `ports` can't name yet it answers `needs` and nothing has happened:
 * find them and call again with the same arguments.
 */
export function advance(
  flow: FlowDefinition,
  run: FlowRun | null,
  command: FlowCommand,
  ports: FlowPorts,
): Advance {
  const kind = findCommand(command.type)
  if (kind === undefined) throw new Error(`There is no command ${command.type}`)
  try {
    const engine = new Engine(flow, new RunDraft(run ?? freshRun(flow, command, ports.now), ports.now), ports)
    if (run === null) engine.draft.changeRun({ status: 'running' })
    else judge(engine, kind, command)
    kind.apply(engine, command as never)
    engine.settle()
    const ended = engine.draft.closed && (run === null || !isClosed(run))
    const told = ended && engine.draft.view().parent === null ? whoIsTold(engine) : []
    return { ...engine.draft.finish(), told }
  } catch (error) {
    if (error instanceof Needs)
      return { kind: 'needs', questions: error.questions, delegations: error.delegations }
    if (error instanceof Refused) return { kind: 'refused', error: error.error, values: error.values }
    throw error
  }
}

function freshRun(flow: FlowDefinition, command: FlowCommand, now: string): FlowRun {
  if (command.type !== 'start') throw new Error('A run begins with the command start')
  const { release, object, record, applicant, parent = null, given = null, picks = {} } = command
  return {
    id: command.run,
    flow: flow.key,
    release,
    object,
    record,
    applicant,
    status: 'running',
    outcome: null,
    startedAt: now,
    endedAt: null,
    rev: 0,
    round: 1,
    returns: 0,
    remindedAt: null,
    reminders: 0,
    parent,
    given,
    picks,
    activations: [],
    tasks: [],
    timers: [],
  }
}

/** The same rules by which a button is shown, and the two that need the outside: windows of delegation, versions. */
function judge(engine: Engine, kind: CommandKind, command: FlowCommand): void {
  const { draft, flow, ports } = engine
  if (command.type === 'start') throw new Error(`Run ${draft.id} has started already`)
  const person = 'by' in command ? command.by : null
  if ('task' in command && person !== null && kind.by === 'assignee') keepWindow(engine, command.task, person)
  const view = { flow, run: draft.view(), person, admin: ports.admin === true, now: ports.now }
  const task = 'task' in command ? draft.task(command.task) : undefined
  const denied = judgeCommand(kind, view, task ?? null)
  if (denied !== null) throw engine.refuse(denied.error, denied.values)
  if ('taskRev' in command && task?.rev !== command.taskRev) throw engine.refuse(errors.flowTaskStale)
  const { runRev = null } = 'runRev' in command ? command : {}
  if (runRev !== null && runRev !== draft.view().rev) throw engine.refuse(errors.flowRunStale)
}

/** A delegate acts as long as the window is open, and the one they act for as soon as it is not. */
function keepWindow(engine: Engine, id: string, person: string): void {
  const { draft, ports } = engine
  const task = draft.task(id)
  const { onBehalfOf = null, delegation = null } = task ?? {}
  if (task?.state !== 'pending' || onBehalfOf === null || delegation === null) return
  if (ports.delegations === undefined || (person !== task.assignee && person !== onBehalfOf)) return
  const isOpen = windowsOf(engine, [onBehalfOf]).some(
    ({ id: key, to }) => key === delegation && to === task.assignee,
  )
  if (isOpen) return
  if (person === task.assignee) throw engine.refuse(errors.flowDelegationEnded)
  draft.changeTask({ ...task, assignee: onBehalfOf, onBehalfOf: null, delegation: null })
}
