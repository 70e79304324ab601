import Type from 'typebox'
import * as errors from '../../errors/flows.ts'
import { defineCommand } from '../command-kind.ts'
import { graphOf } from '../graph.ts'
import { openStatuses } from '../run.ts'
import { closed, Reason } from './shapes.ts'

/** The run goes on under another release of its flow; every node that is active there must have its place in it. */
export const migrate = defineCommand({
  name: 'migrate',
  title: { en: 'Move to another release', zh: '迁移版本' },
  done: { en: 'moved it to another release', zh: '迁移版本' },
  on: 'run',
  by: 'admin',
  payload: Type.Object(
    {
      release: Type.Integer(),
      /** Node of this release → node of the other, where they are not the same. */
      mapping: Type.Optional(Type.Record(Type.String(), Type.String())),
      reason: Type.Optional(Reason),
    },
    closed,
  ),
  during: [...openStatuses],
  apply(engine, command) {
    const { draft, ports } = engine
    const target = ports.flowOf?.(command.release)
    if (target === undefined) throw engine.refuse(errors.flowReleaseUnknown, { release: command.release })
    const { nodes } = graphOf(target)
    const newNode = (id: string) => command.mapping?.[id] ?? id
    for (const activation of draft.active()) {
      const old = engine.graph.nodes.get(activation.node)
      const found = nodes.get(newNode(activation.node))
      if (found === undefined || found.type !== old?.type)
        throw engine.refuse(errors.flowMigrateNode, {
          node: engine.titleOf(activation.node).en,
          id: activation.node,
        })
    }
    for (const activation of draft.activations)
      if (nodes.has(newNode(activation.node)))
        draft.changeActivation({ ...activation, node: newNode(activation.node) })
    for (const task of draft.tasks)
      if (nodes.has(newNode(task.node)) && newNode(task.node) !== task.node)
        draft.changeTask({ ...task, node: newNode(task.node) })
    draft.say('migrated', {
      by: command.by,
      data: { from: draft.view().release, to: command.release, reason: command.reason ?? null },
    })
    draft.changeRun({ release: command.release })
  },
})
