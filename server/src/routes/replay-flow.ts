import { Readable } from 'node:stream'
import * as errors from '@channelwright/runtime/errors/flow-trials.ts'
import Type from 'typebox'
import { mostCases, replayCases } from '../flows/replay.ts'
import { readTriedFlow } from '../flows/tried-flow.ts'
import { TrialParams, TriedFlowShape } from './flow-trial-shapes.ts'
import { defineRoute } from './route.ts'

export const replayFlow = defineRoute({
  name: 'replayFlow',
  method: 'post',
  path: '/api/v1/:workspace/flows/:key/replay',
  summary: {
    en: 'Replay the newest cases of a flow on its draft, line by line; nothing is written',
    zh: '在流程草稿上重放最近的实例,逐行返回差异,不写入任何数据',
  },
  access: { right: 'design' },
  params: TrialParams,
  body: Type.Object(
    { ...TriedFlowShape, last: Type.Optional(Type.Integer({ minimum: 1, maximum: mostCases })) },
    { additionalProperties: false },
  ),
  bodyLimit: 4 * 1024 * 1024,
  output: Type.Unknown(),
  produces: 'application/x-ndjson',
  errors: [errors.flowTrialUnknown, errors.flowTrialUnsound],
  async handle({ services, workspace, served, actor }, { params, body: { use, unsaved, ...asked } }) {
    const trial = await readTriedFlow(services, workspace, served, params.key, {
      ...(use === undefined ? {} : { use }),
      ...(unsaved === undefined ? {} : { unsaved }),
    })
    const lines = replayCases({ services, served, actor }, trial, asked)
    return {
      headers: { 'Content-Type': 'application/x-ndjson; charset=utf-8', 'X-Accel-Buffering': 'no' },
      body: Readable.from(asText(lines), { objectMode: false }),
    }
  },
})

async function* asText(lines: AsyncIterable<unknown>): AsyncGenerator<string> {
  for await (const line of lines) yield `${JSON.stringify(line)}\n`
}
