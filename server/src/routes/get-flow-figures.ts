import Type from 'typebox'
import { inUnit } from '../db/unit.ts'
import { readFigures } from '../flows/figures.ts'
import { asReply } from './incentive-shapes.ts'
import { defineRoute } from './route.ts'
import { BothTexts, nullable } from './shapes.ts'

const waits = {
  decided: Type.Integer(),
  open: Type.Integer(),
  overdue: Type.Integer(),
  /** Seconds. */
  median: nullable(Type.Integer()),
  p90: nullable(Type.Integer()),
}

export const getFlowFigures = defineRoute({
  name: 'getFlowFigures',
  method: 'get',
  path: '/api/v1/:workspace/flow-figures',
  summary: { en: 'What went through, and what it waited for', zh: '流程吞吐与等待时间' },
  access: { right: 'administer_flows' },
  query: Type.Object(
    {
      flow: Type.Optional(Type.String({ maxLength: 40 })),
      days: Type.Optional(Type.Integer({ minimum: 1, maximum: 366 })),
    },
    { additionalProperties: false },
  ),
  output: Type.Object({
    started: Type.Integer(),
    ended: Type.Integer(),
    open: Type.Integer(),
    incidents: Type.Integer(),
    median_duration: nullable(Type.Integer()),
    tasks: Type.Object({ decided: Type.Integer(), open: Type.Integer(), overdue: Type.Integer() }),
    days: Type.Array(
      Type.Object({ day: Type.String({ format: 'date' }), started: Type.Integer(), ended: Type.Integer() }),
    ),
    nodes: Type.Array(
      Type.Object({
        flow: Type.String(),
        flow_title: BothTexts,
        node: Type.String(),
        title: BothTexts,
        ...waits,
      }),
    ),
    people: Type.Array(Type.Object({ id: Type.String(), name: nullable(Type.String()), ...waits })),
  }),
  async handle({ services, served, actor }, { query }) {
    const figures = await inUnit(services, served, actor, (unit) => readFigures(unit, query), {
      readOnly: true,
    })
    return { body: asReply(figures) }
  },
})
