import Type from 'typebox'
import { flowNodeUnknown } from '../../errors/flows.ts'
import { defineCommand } from '../command-kind.ts'
import { leftByJump, refuseJump } from '../moves.ts'
import { closed, Id, Reason } from './shapes.ts'

/** The run goes on at another node. */
export const jump = defineCommand({
  name: 'jump',
  title: { en: 'Jump', zh: '跳转' },
  done: { en: 'moved it to another step', zh: '跳转' },
  on: 'run',
  by: 'admin',
  payload: Type.Object({ node: Id, reason: Reason }, closed),
  apply(engine, command) {
    const { draft, graph, flow } = engine
    const goal = graph.nodes.get(command.node)
    const denial = refuseJump(flow, draft.view(), command.node)
    if (denial !== null || goal === undefined) throw engine.refuse(denial?.error ?? flowNodeUnknown)
    const left = leftByJump(flow, draft.view(), command.node)
    draft.say('jumped', {
      by: command.by,
      node: command.node,
      data: { reason: command.reason, from: left.map(({ node }) => node) },
    })
    for (const activation of left) draft.cancel(activation, 'jumped')
    engine.enter(goal, null, { cause: 'jump', back: null })
  },
})
