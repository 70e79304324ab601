import type { SimulateReply } from '@channelwright/runtime/api/flow-trials.ts'
import * as errors from '@channelwright/runtime/errors/flow-trials.ts'
import { objectUnknown, recordNotFound } from '@channelwright/runtime/errors/records.ts'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import Type from 'typebox'
import { inUnit } from '../db/unit.ts'
import { simulateCase } from '../flows/simulate.ts'
import { readTriedFlow } from '../flows/tried-flow.ts'
import { SimulateShape, TrialParams, TriedFlowShape } from './flow-trial-shapes.ts'
import { defineRoute } from './route.ts'

const Uuid = Type.String({ format: 'uuid' })

export const simulateFlow = defineRoute({
  name: 'simulateFlow',
  method: 'post',
  path: '/api/v1/:workspace/flows/:key/simulate',
  summary: {
    en: 'Walk one case through a flow on a clock of its own; nothing is written',
    zh: '以虚拟时钟试运行一个流程实例,不写入任何数据',
  },
  access: { right: 'design' },
  params: TrialParams,
  body: Type.Object(
    {
      ...TriedFlowShape,
      record: Type.Optional(Uuid),
      values: Type.Optional(Type.Record(Type.String(), Type.Unknown(), { maxProperties: 500 })),
      applicant: Type.Optional(Uuid),
      at: Type.Optional(Type.String({ format: 'date-time' })),
      decisions: Type.Optional(
        Type.Record(Type.String(), Type.String({ maxLength: 60 }), { maxProperties: 200 }),
      ),
    },
    { additionalProperties: false },
  ),
  bodyLimit: 4 * 1024 * 1024,
  output: Type.Unsafe<SimulateReply>(SimulateShape),
  errors: [
    errors.flowTrialUnknown,
    errors.flowTrialUnsound,
    errors.flowTrialRecord,
    errors.flowTrialInput,
    recordNotFound,
    objectUnknown,
  ],
  async handle({ services, workspace, served, actor }, { params, body: { use, unsaved, values, ...asked } }) {
    const trial = await readTriedFlow(services, workspace, served, params.key, {
      ...(use === undefined ? {} : { use }),
      ...(unsaved === undefined ? {} : { unsaved }),
    })
    const given = { ...asked, ...(values === undefined ? {} : { values: values as JsonObject }) }
    return {
      body: await inUnit(services, served, actor, (unit) => simulateCase(unit, trial, given), {
        readOnly: true,
      }),
    }
  },
})
