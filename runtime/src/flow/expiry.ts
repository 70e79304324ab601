import type { FlowDefinition, FlowNode } from '../definition/flow.ts'
import { writeCaseValues } from './case-values.ts'
import { dueIn } from './context.ts'
import type { Engine } from './engine.ts'

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

/** Where money moves nothing is approved by the passing of time. */
export function passesByTime({ money }: FlowDefinition, { outcome }: FlowNode): boolean {
  return money === true && outcome === 'approved'
}

/**
 * The case has been open for too long: it ends, by the end that the flow names, and writes what the flow says. An end
 * that may not be is refused when a flow is published; a case of an older release has no outcome then and writes nothing.
 */
export function expireRun(engine: Engine): void {
  const { draft, flow, graph } = engine
  const { end } = flow.settings?.expire ?? {}
  draft.say('expired')
  for (const activation of draft.active()) draft.cancel(activation, 'expired')
  const goal = end === undefined ? undefined : graph.nodes.get(end)
  if (goal !== undefined && passesByTime(flow, goal)) {
    draft.close('expired', null, 'expired')
    return
  }
  if (goal !== undefined) engine.enter(goal, null)
  draft.close('expired', typeof goal?.outcome === 'string' ? goal.outcome : null, 'expired')
  writeCaseValues(engine, 'expire')
}
