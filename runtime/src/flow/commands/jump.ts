import Type from 'typebox'
import * as errors from '../../errors/flows.ts'
import { blocksOf } from '../blocks.ts'
import { defineCommand } from '../command-kind.ts'
import { closed, Id, Reason } from './shapes.ts'

/** The run goes on at another node. Into a branch only from the same branch: its join waits for one arrival of it. */
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
    if (goal === undefined || engine.typeOf(goal).place === 'start')
      throw engine.refuse(errors.flowNodeUnknown)
    const blocks = blocksOf(flow)
    const block = blocks.blockAround(command.node)
    const branch = block && blocks.branchOf(block, command.node)
    const left = draft.active().filter(({ node }) => block === undefined || branch?.nodes.has(node))
    if (left.length === 0 || engine.typeOf(goal).joins !== undefined)
      throw engine.refuse(errors.flowJumpBranch)
    draft.say('jumped', {
      by: command.by,
      node: command.node,
      data: { reason: command.reason, from: left.map(({ node }) => node) },
    })
    for (const activation of left) draft.cancel(activation, 'jumped')
    engine.enter(goal, null, { cause: 'jump', back: null })
  },
})
