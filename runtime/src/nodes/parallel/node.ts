import Type from 'typebox'
import { diagnose } from '../../errors/diagnose.ts'
import * as errors from '../../errors/flow-checks.ts'
import { graphOf } from '../../flow/graph.ts'
import { branchSettings } from '../join/settings.ts'
import { defineNodeType } from '../node-type.ts'
import { traits } from './traits.ts'

/** All of its branches go on at the same time, up to their join. */
export const parallel = defineNodeType({
  name: 'parallel',
  ...traits,
  title: { en: 'Parallel', zh: '并行' },
  icon: 'arrows-split',
  settings: Type.Object(branchSettings, { additionalProperties: false }),
  exits: () => ['next'],
  check: (node, flow, _set, pointer) => {
    const branches = graphOf(flow).out.get(node['x-id'])?.length ?? 0
    const { join } = node
    if (typeof join !== 'object' || join.quorum <= branches) return []
    const values = { node: node['x-id'], quorum: join.quorum, branches }
    return [diagnose(errors.flowQuorum, `${pointer}/join/quorum`, values)]
  },
  run: () => ({ exit: 'next' }),
  trace: () => null,
})
