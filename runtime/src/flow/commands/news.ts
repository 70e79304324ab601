import Type from 'typebox'
import type { NodeEvent } from '../../nodes/node-type.ts'
import { defineCommand } from '../command-kind.ts'
import type { Engine } from '../engine.ts'
import { closedStatuses, openStatuses } from '../run.ts'
import { closed, Id, Json } from './shapes.ts'

// News that comes late is no fault of whoever brings it: a step that has gone on does not hear it.
const during = [...openStatuses, ...closedStatuses]

/** Something that a step waits for has happened: a record changed, a message came in. */
export const signal = defineCommand({
  name: 'signal',
  title: { en: 'Signal', zh: '信号' },
  done: { en: 'a signal came', zh: '收到信号' },
  on: 'run',
  by: 'system',
  payload: Type.Object(
    { activation: Id, name: Type.String(), data: Json, id: Type.Optional(Type.String()) },
    closed,
  ),
  during,
  apply(engine, { activation, name, data, id = null }) {
    // Whether it is what the step waits for the step says.
    tell(engine, activation, { type: 'signal', name, data, id })
  },
})

export const childEnded = defineCommand({
  name: 'child_ended',
  title: { en: 'Subflow ended', zh: '子流程结束' },
  done: { en: 'a subflow ended', zh: '子流程结束' },
  on: 'run',
  by: 'system',
  payload: Type.Object(
    {
      activation: Id,
      run: Id,
      status: Type.String(),
      outcome: Type.Union([Type.String(), Type.Null()]),
      item: Type.Union([Type.String(), Type.Null()]),
      /** What its end is called; without it: it was broken off. */
      title: Type.Optional(Type.Object({ en: Type.String(), zh: Type.String() }, closed)),
    },
    closed,
  ),
  during,
  apply(engine, { activation, run, status, outcome, item, title = null }) {
    const { draft } = engine
    const node = draft.activation(activation)?.node ?? null
    const say = () => draft.say('child_ended', { node, data: { run, status, outcome, title } })
    tell(engine, activation, { type: 'child_ended', run, status, outcome, item }, say)
  },
})

function tell(engine: Engine, id: string, event: NodeEvent, say: () => void = () => undefined): void {
  const { draft } = engine
  const activation = draft.activation(id)
  if (activation === undefined || activation.status !== 'active' || draft.closed) return
  const { type } = engine.locate(id)
  if (type.resume === undefined) return
  say()
  engine.resume(id, event)
}
