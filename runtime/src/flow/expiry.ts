import type { Json, JsonObject } from '../json.ts'
import { dueIn } from './context.ts'
import type { Engine } from './engine.ts'
import { effectKey } from './run.ts'

/** A flow that says how long its cases may be open: the clock of a case runs from when it begins, or is opened again. */
export function armExpiry(engine: Engine): void {
  const { draft, flow, ports } = engine
  const { expire } = flow.settings ?? {}
  const [first] = draft.activations
  if (expire === undefined || first === undefined || draft.closed || draft.active().length === 0) return
  if (draft.timers.some(({ kind, state }) => kind === 'expire' && state === 'open')) return
  const { at: dueAt, reckoned } = dueIn(engine, expire)
  draft.setTimer({
    id: ports.newId(),
    activation: first.id,
    task: null,
    kind: 'expire',
    dueAt,
    data: {},
    state: 'open',
    left: null,
    reckoned,
  })
}

/** The case has been open for too long: it ends, by the end that the flow names, and writes what the flow says. */
export function expireRun(engine: Engine): void {
  const { draft, flow, graph } = engine
  const { end } = flow.settings?.expire ?? {}
  draft.say('expired')
  for (const activation of draft.active()) draft.cancel(activation, 'expired')
  const goal = end === undefined ? undefined : graph.nodes.get(end)
  if (goal !== undefined) engine.enter(goal, null)
  draft.close('expired', typeof goal?.outcome === 'string' ? goal.outcome : null, 'expired')
  const [first] = draft.activations
  const values = valuesOnExpiry(engine)
  if (values === undefined || first === undefined) return
  draft.queue({
    key: effectKey(draft.id, first.id, 'expire', draft.activations.length),
    activation: first.id,
    type: 'set_fields',
    payload: { values },
  })
}

/** What the flow writes into a record whose case has been open for too long, as the record stands. */
export function valuesOnExpiry({ flow, ports }: Engine): JsonObject | undefined {
  const { values } = flow.settings?.expire ?? {}
  if (values === undefined) return undefined
  const written: JsonObject = {}
  for (const [field, rule] of Object.entries(values)) {
    const outcome = ports.evaluate(rule as Json, ports.data)
    // A rule that fails must not keep the case open for ever: its field stays as it is.
    if (outcome.ok) written[field] = outcome.value
  }
  return written
}
