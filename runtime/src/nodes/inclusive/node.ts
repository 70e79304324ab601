import Type from 'typebox'
import { graphOf } from '../../flow/graph.ts'
import type { Json } from '../../json.ts'
import { branchSettings } from '../join/settings.ts'
import { defineNodeType } from '../node-type.ts'
import { traits } from './traits.ts'

/** Every branch whose rule holds goes on, the default one where none does; its join waits for exactly these. */
export const inclusive = defineNodeType({
  name: 'inclusive',
  ...traits,
  title: { en: 'Inclusive split', zh: '包容分支' },
  icon: 'git-fork',
  settings: Type.Object(branchSettings, { additionalProperties: false }),
  exits: () => ['next'],
  check: () => [],
  run: ({ flow, node, evaluate }) => {
    const edges = graphOf(flow).out.get(node['x-id']) ?? []
    const holding = edges.filter(
      (edge) => edge.default !== true && edge.when !== undefined && evaluate(edge.when as Json) === true,
    )
    const taken = (holding.length > 0 ? holding : edges.filter((edge) => edge.default === true)).map(
      (edge) => edge['x-id'],
    )
    return {
      exit: 'next',
      take: taken,
      state: { taken },
      events: taken.map((edge) => ({ type: 'took_edge', data: { edge } })),
    }
  },
  trace: () => null,
})
