import Type from 'typebox'
import * as errors from '../../errors/flows.ts'
import { defineCommand } from '../command-kind.ts'
import { hasPart, refuseUnfit } from '../context.ts'
import { standInsFor } from '../hand-over.ts'
import { refuseAction, refuseDepth } from '../offers.ts'
import { newTask } from '../run.ts'
import { ColleagueId, Comment, closed, wordsOf } from './shapes.ts'

/** Somebody else is heard first; then the task comes back to whoever asked, who must still decide. */
export const delegate = defineCommand({
  name: 'delegate',
  title: { en: 'Ask for an opinion', zh: '委派' },
  done: { en: 'asked for an opinion', zh: '委派' },
  on: 'task',
  by: 'assignee',
  payload: Type.Object({ to: ColleagueId, comment: Comment }, closed),
  allowed: ({ flow, run }, task) => refuseAction(flow, task, 'delegate') ?? refuseDepth(run, task),
  apply(engine, command) {
    const { draft, ports } = engine
    const task = draft.task(command.task)
    if (task === undefined) return
    if (command.to === command.by) throw engine.refuse(errors.flowPersonSelf)
    const place = engine.locate(task.activation)
    refuseUnfit(engine, place, command.to)
    // Whoever stands in for them is heard, but for those who have their say here anyway.
    const found = standInsFor(engine, place, [command.to])(command.to)
    const window = found !== undefined && hasPart(engine, task.activation, found.to) ? undefined : found
    draft.changeTask({ ...task, state: 'waiting', rev: task.rev + 1, reason: 'delegated' })
    const comment = wordsOf(command.comment)
    const data = { assignee: command.to, comment }
    draft.say('delegated', { by: command.by, node: task.node, task: task.id, data })
    draft.addTask(
      newTask({
        id: ports.newId(),
        activation: task.activation,
        node: task.node,
        assignee: window?.to ?? command.to,
        onBehalfOf: window === undefined ? null : command.to,
        delegation: window?.id ?? null,
        createdAt: ports.now,
        parent: task.id,
        link: 'delegate',
        group: ports.newId(),
        order: 'all',
        addedBy: command.by,
        opinionOnly: true,
        weight: 0,
      }),
    )
    engine.reviseTasks(task.activation)
  },
})
