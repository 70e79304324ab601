import Type from 'typebox'
import * as errors from '../../errors/flows.ts'
import { defineCommand } from '../command-kind.ts'
import { refuseUnfit } from '../context.ts'
import { handOver, refuseLongChain } from '../hand-over.ts'
import { refuseAction } from '../offers.ts'
import { ColleagueId, Comment, closed, wordsOf } from './shapes.ts'

export const transfer = defineCommand({
  name: 'transfer',
  title: { en: 'Pass on', zh: '转办' },
  done: { en: 'passed it on', zh: '转办' },
  on: 'task',
  by: 'assignee',
  payload: Type.Object({ to: ColleagueId, comment: Comment }, closed),
  allowed: ({ flow }, task) => refuseAction(flow, task, 'transfer'),
  apply(engine, command) {
    const { draft } = engine
    const task = draft.task(command.task)
    if (task === undefined) return
    if (command.to === command.by) throw engine.refuse(errors.flowPersonSelf)
    refuseUnfit(engine, engine.locate(task.activation), command.to)
    refuseLongChain(engine, task)
    const comment = wordsOf(command.comment)
    draft.say('transferred', {
      by: command.by,
      node: task.node,
      task: task.id,
      data: { assignee: command.to, comment },
    })
    handOver(engine, task, command.to, { state: 'transferred', reason: 'transferred' })
    engine.reviseTasks(task.activation)
  },
})
