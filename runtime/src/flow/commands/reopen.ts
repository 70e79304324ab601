import Type from 'typebox'
import { flowNodeUnknown } from '../../errors/flows.ts'
import { defineCommand } from '../command-kind.ts'
import { refuseReopen } from '../moves.ts'
import { closed, Id, Reason } from './shapes.ts'

/** A case that was refused, taken back or terminated goes on at a step that it had come to. */
export const reopen = defineCommand({
  name: 'reopen',
  title: { en: 'Open again', zh: '唤醒' },
  done: { en: 'opened it again', zh: '唤醒' },
  on: 'run',
  by: 'admin',
  payload: Type.Object({ node: Id, reason: Reason }, closed),
  during: ['rejected', 'withdrawn', 'terminated', 'expired'],
  apply(engine, command) {
    const { draft, graph, flow } = engine
    const goal = graph.nodes.get(command.node)
    const denial = refuseReopen(flow, draft.view(), command.node)
    if (denial !== null || goal === undefined) throw engine.refuse(denial?.error ?? flowNodeUnknown)
    draft.say('reopened', { by: command.by, node: command.node, data: { reason: command.reason } })
    draft.changeRun({ status: 'running', outcome: null, endedAt: null, round: draft.view().round + 1 })
    engine.enter(goal, null, { cause: 'reopen', back: null })
  },
})
