import Type from 'typebox'
import * as errors from '../../errors/flows.ts'
import { findNodeType } from '../../nodes/index.ts'
import { defineCommand } from '../command-kind.ts'
import type { Engine } from '../engine.ts'
import { graphOf } from '../graph.ts'
import { newNode, refuseMigration } from '../migration.ts'
import { type Activation, isOpen, openStatuses } from '../run.ts'
import { armTask, timeoutsOf } from '../timers.ts'
import { closed, Reason } from './shapes.ts'

/**
 * The run goes on by another release of its flow: the flow that `advance` is given is that one, and `flowOf` tells the
 * one it leaves. Every active step must have its place there. Whoever was asked stays asked, unless approvers are to be
 * found anew: then the steps with people begin again.
 */
export const migrate = defineCommand({
  name: 'migrate',
  title: { en: 'Move to another release', zh: '迁移版本' },
  done: { en: 'moved it to another release', zh: '迁移版本' },
  on: 'run',
  by: 'admin',
  payload: Type.Object(
    {
      release: Type.Integer({ minimum: 1 }),
      /** Node of this release → node of the other, where they are not the same. */
      mapping: Type.Optional(
        Type.Record(Type.String({ maxLength: 40 }), Type.String({ maxLength: 40 }), { maxProperties: 200 }),
      ),
      /** `resolve`: approvers are found anew, and what was decided at the step is asked again. Default `keep`. */
      people: Type.Optional(Type.Enum(['keep', 'resolve'])),
      reason: Reason,
    },
    closed,
  ),
  during: [...openStatuses],
  apply(engine, command) {
    const { draft, ports, flow } = engine
    const { mapping = {}, people = 'keep' } = command
    const run = draft.view()
    if (run.release === command.release) throw engine.refuse(errors.flowMigrateSame, { release: run.release })
    const from = ports.flowOf?.(run.release)
    if (from === undefined) throw engine.refuse(errors.flowReleaseUnknown, { release: run.release })
    const denied = refuseMigration(from, flow, run, mapping)
    if (denied !== null) throw engine.refuse(denied.error, denied.values)
    // What people are asked anew may carry the run on, and nothing carries on a run that is suspended.
    if (people === 'resolve' && run.status === 'suspended') throw engine.refuse(errors.flowSuspended)
    const goal = (id: string) => newNode(mapping, id)
    draft.say('migrated', {
      by: command.by,
      data: { from: run.release, to: command.release, reason: command.reason, people, mapping },
    })
    draft.changeRun({ release: command.release })
    for (const activation of draft.activations) move(engine, activation, goal)
    const [old, fresh] = [graphOf(from).nodes, engine.graph.nodes]
    const calendar = from.settings?.calendar !== flow.settings?.calendar
    for (const task of draft.tasks) {
      const node = goal(task.node)
      const [was, is] = [old.get(task.node), fresh.get(node)]
      if (is === undefined || (node === task.node && !isOpen(task))) continue
      // A screen, or a link, that shows the step as it was is refused; where it is the same it stays good.
      const isSame = node === task.node && JSON.stringify(was) === JSON.stringify(is)
      if (!isSame) draft.changeTask({ ...task, node, rev: isOpen(task) ? task.rev + 1 : task.rev })
      const clocks = JSON.stringify(timeoutsOf(was)) !== JSON.stringify(timeoutsOf(is))
      if (isOpen(task) && (clocks || (calendar && timeoutsOf(is).length > 0))) restartClocks(engine, task.id)
    }
    if (people === 'resolve') for (const activation of draft.active()) askAnew(engine, activation)
  },
})

function move({ draft, graph }: Engine, activation: Activation, goal: (id: string) => string): void {
  const { back } = activation
  const node = graph.nodes.has(goal(activation.node)) ? goal(activation.node) : activation.node
  const there = back === null ? null : goal(back.node)
  // Where the step that sent the case back is gone, it comes back by the ordinary way.
  const way = back === null || there === null || !graph.nodes.has(there) ? null : { ...back, node: there }
  if (node !== activation.node || way?.node !== back?.node)
    draft.changeActivation({ ...activation, node, back: way })
}

/** Other limits of time: they count from now, for nothing may be late by a rule that was not there. */
function restartClocks(engine: Engine, id: string): void {
  const { draft } = engine
  for (const timer of draft.timers)
    if (timer.task === id && timer.state === 'open')
      draft.setTimer({ ...timer, state: 'cancelled', left: null })
  const task = draft.task(id)
  if (task === undefined) return
  draft.changeTask({ ...task, dueAt: null })
  // One that waits for its turn gets its clocks when it comes to it.
  if (task.state === 'pending') armTask(engine, { ...task, dueAt: null })
}

function askAnew(engine: Engine, activation: Activation): void {
  const { draft, graph } = engine
  const node = graph.nodes.get(activation.node)
  const type = findNodeType(node?.type ?? '')
  if (node === undefined || type?.decisions === undefined || type.place === 'start') return
  // What one of them leads to may have ended the others.
  if (draft.activation(activation.id)?.status !== 'active') return
  draft.cancel(activation, 'migrated')
  const via = activation.via !== null && graph.edges.has(activation.via) ? activation.via : null
  engine.enter(node, via, { cause: 'jump', back: activation.back })
}
