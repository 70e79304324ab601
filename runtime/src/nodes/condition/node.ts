import Type from 'typebox'
import { graphOf } from '../../flow/graph.ts'
import type { Json } from '../../json.ts'
import { defineNodeType } from '../node-type.ts'
import { traits } from './traits.ts'

/** Its rules stand on the edges; they are tried in order and the first that holds is the way to go. */
export const condition = defineNodeType({
  name: 'condition',
  ...traits,
  title: { en: 'Condition', zh: '条件' },
  icon: 'git-branch',
  settings: Type.Object({}, { additionalProperties: false }),
  exits: () => ['next'],
  check: () => [],
  run: ({ flow, node, evaluate }) => {
    const edges = graphOf(flow).out.get(node['x-id']) ?? []
    const holds = edges.find(
      (edge) => edge.default !== true && edge.when !== undefined && evaluate(edge.when as Json) === true,
    )
    const taken = holds ?? edges.find((edge) => edge.default === true)
    if (taken === undefined) throw new Error(`Condition ${node['x-id']} has no default edge`)
    return {
      exit: 'next',
      take: [taken['x-id']],
      events: [{ type: 'took_edge', data: { edge: taken['x-id'] } }],
    }
  },
  trace: () => null,
})
