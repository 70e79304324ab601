import type { MigrationReport } from '@channelwright/runtime/api/migrations.ts'
import type { FlowDefinition } from '@channelwright/runtime/definition/flow.ts'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { flowRestartChild } from '@channelwright/runtime/errors/flow-service.ts'
import { flowMigrateSame, flowRunClosed } from '@channelwright/runtime/errors/flows.ts'
import type { FlowCommand } from '@channelwright/runtime/flow/command.ts'
import { graphOf } from '@channelwright/runtime/flow/graph.ts'
import { type NodeMapping, newNode } from '@channelwright/runtime/flow/migration.ts'
import { type FlowRun, isClosed, isOpen, type Task } from '@channelwright/runtime/flow/run.ts'
import { findNodeType } from '@channelwright/runtime/nodes/index.ts'
import type { Text } from '@channelwright/runtime/text.ts'
import type { Unit } from '../db/unit.ts'
import type { ServedRelease } from '../services.ts'
import { advanceWithPeople, carryOn } from './carry-on.ts'
import { loadFlowData, type ReadyFlow, readyFlow, servedToMoveTo, underRelease } from './flow-data.ts'

/** What shall become of open cases. */
export interface MigrationWish {
  readonly release: number
  readonly how: 'move' | 'restart'
  readonly people: 'keep' | 'resolve'
  readonly mapping: NodeMapping
  readonly reason: string
  readonly by: string
}

/** One case under both of its releases. */
interface Crossing {
  readonly old: { readonly unit: Unit; readonly ready: ReadyFlow }
  readonly target: { readonly unit: Unit; readonly ready: ReadyFlow }
  readonly run: FlowRun
}

async function cross(unit: Unit, run: FlowRun, { release }: MigrationWish): Promise<Crossing> {
  if (isClosed(run)) throw new Refusal(flowRunClosed, { status: run.status })
  if (run.release === release) throw new Refusal(flowMigrateSame, { release })
  const under = (served: ServedRelease) => ({
    unit: underRelease(unit, served),
    ready: readyFlow(served, run.flow),
  })
  return {
    target: under(await servedToMoveTo(unit, run.flow, release)),
    old: under(await unit.services.releases.at(unit.served.workspace.key, run.release)),
    run,
  }
}

const asAdmin = { admin: true } as const

/** What a move would come to; writes nothing. Refuses as the move itself does. */
export async function previewMigration(
  unit: Unit,
  run: FlowRun,
  wish: MigrationWish,
): Promise<MigrationReport> {
  const crossing = await cross(unit, run, wish)
  const { target, old } = crossing
  const data = await loadFlowData(target.unit, target.ready, run.record, run.applicant)
  if (wish.how === 'restart') {
    const ended = await advanceWithPeople(old.unit, old.ready, run, terminate(wish), data, asAdmin)
    const begun = await advanceWithPeople(target.unit, target.ready, null, begin(unit, run, wish), data, {})
    return reportRestart(crossing, ended.run, begun.run)
  }
  const moved = await advanceWithPeople(target.unit, target.ready, run, moveBy(wish), data, asAdmin)
  return reportMove(crossing, moved.run, wish.mapping)
}

/** Moves a run that this transaction has locked, or ends it and begins it anew. As the engine. */
export async function migrateRun(unit: Unit, run: FlowRun, wish: MigrationWish): Promise<MigrationReport> {
  const crossing = await cross(unit, run, wish)
  const { target, old } = crossing
  const data = await loadFlowData(target.unit, target.ready, run.record, run.applicant)
  if (wish.how === 'restart') {
    const ended = await carryOn(old.unit, old.ready, run, terminate(wish), data, wish.by, asAdmin)
    const command = begin(unit, run, wish)
    const begun = await carryOn(target.unit, target.ready, null, command, data, run.applicant)
    return reportRestart(crossing, ended, begun)
  }
  const moved = await carryOn(target.unit, target.ready, run, moveBy(wish), data, wish.by, asAdmin)
  return reportMove(crossing, moved, wish.mapping)
}

function moveBy({ release, mapping, people, reason, by }: MigrationWish): FlowCommand {
  return { type: 'migrate', release, mapping: { ...mapping }, people, reason, by }
}

function terminate({ reason, by }: MigrationWish): FlowCommand {
  return { type: 'terminate', reason, by }
}

/**
 * The same person submits the same record again: with what it was handed, and with those who were chosen. A step that
 * waits for this very case would wait for ever.
 */
function begin(unit: Unit, run: FlowRun, { release, mapping }: MigrationWish): FlowCommand {
  if (run.parent !== null) throw new Refusal(flowRestartChild)
  const { object, record, applicant, given } = run
  const picks = Object.entries(run.picks).map(([node, people]) => [newNode(mapping, node), [...people]])
  return {
    type: 'start',
    run: unit.services.ids.next(),
    release,
    object,
    record,
    applicant,
    given,
    picks: Object.fromEntries(picks),
    anew: true,
  }
}

const isActive = ({ status }: { status: string }) => status === 'active'

function titleIn(flow: FlowDefinition, id: string): Text {
  return graphOf(flow).nodes.get(id)?.title ?? { en: id, zh: id }
}

function reportMove({ old, target, run }: Crossing, after: FlowRun, mapping: NodeMapping): MigrationReport {
  const [from, to] = [old.ready.flow, target.ready.flow]
  const gone = run.activations.filter(
    ({ status, node }) =>
      status === 'done' &&
      !graphOf(to).nodes.has(newNode(mapping, node)) &&
      findNodeType(graphOf(from).nodes.get(node)?.type ?? '')?.undo !== undefined,
  )
  const broken = new Set(after.activations.filter(({ status }) => status === 'cancelled').map(({ id }) => id))
  const wasActive = new Set(run.activations.filter(isActive).map(({ id }) => id))
  const later = new Map(after.tasks.map((task) => [task.id, task]))
  return {
    steps: run.activations
      .filter(isActive)
      .map(({ node }) => ({ from: titleIn(from, node), to: titleIn(to, newNode(mapping, node)) })),
    tasks: comparePeople(run.tasks, after.tasks, to),
    lost: run.tasks.filter(
      ({ activation, decidedBy }) =>
        decidedBy !== null && wasActive.has(activation) && broken.has(activation),
    ).length,
    clocks: run.tasks.filter((task) => {
      const now = later.get(task.id)
      return isOpen(task) && now !== undefined && isOpen(now) && now.dueAt !== task.dueAt
    }).length,
    gone: [...new Set(gone.map(({ node }) => node))].map((node) => titleIn(from, node)),
    next: null,
  }
}

function reportRestart({ old, target, run }: Crossing, ended: FlowRun, begun: FlowRun): MigrationReport {
  const there = target.ready.flow
  return {
    steps: run.activations
      .filter(isActive)
      .map(({ node }) => ({ from: titleIn(old.ready.flow, node), to: null })),
    tasks: [
      ...comparePeople(run.tasks, ended.tasks, old.ready.flow),
      ...comparePeople([], begun.tasks, there),
    ],
    lost: run.tasks.filter(({ decidedBy }) => decidedBy !== null).length,
    clocks: 0,
    gone: [],
    next: begun.id,
  }
}

function comparePeople(
  before: readonly Task[],
  after: readonly Task[],
  flow: FlowDefinition,
): MigrationReport['tasks'] {
  const open = new Set(before.filter(isOpen).map(({ id }) => id))
  return after.flatMap((task) => {
    const fate = isOpen(task) ? (open.has(task.id) ? 'stays' : 'comes') : open.has(task.id) ? 'goes' : null
    return fate === null ? [] : [{ person: task.assignee, node: titleIn(flow, task.node), fate }]
  })
}
