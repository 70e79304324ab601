import type { Advance, FlowCommand } from '@channelwright/runtime/flow/command.ts'
import { type Effect, type FlowRun, isClosed } from '@channelwright/runtime/flow/run.ts'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import { Hasty, type Unit } from '../db/unit.ts'
import { isFailpointSet } from '../jobs/failpoint.ts'
import { type ApplyEffect, effects } from './effects/index.ts'
import { engineActor } from './engine-actor.ts'
import { loadFlowData, type ReadyFlow } from './flow-data.ts'
import { reckonEffect } from './reckon-effect.ts'

type Advanced = Extract<Advance, { kind: 'advanced' }>

/** An effect that the command's own transaction has applied. */
export interface DoneEffect {
  readonly effect: Effect
  /** What it was handed. */
  readonly payload: JsonObject
  readonly result: JsonObject
}

/**
 * Effects that only write a few rows here are applied in the transaction of the command that wants them, and the run
 * goes on at once: what a job would do a moment later, in another transaction that locks and reads everything again.
 * Where one goes wrong the transaction begins anew and leaves them all to their jobs, which try again and make an
 * incident of what cannot be. `proceed` advances the run that it is given by one command more.
 */
export async function doAtOnce(
  unit: Unit,
  ready: ReadyFlow,
  first: Advanced,
  onBehalfOf: string,
  proceed: (run: FlowRun, command: FlowCommand, data: JsonObject) => Promise<Advanced>,
): Promise<{ readonly advanced: Advanced; readonly done: readonly DoneEffect[] }> {
  // The transaction plays whoever is named in history; another name needs another transaction.
  const mayDo = unit.actor.user === onBehalfOf && !unit.isSecondTry && !isFailpointSet('effect.')
  if (!mayDo || !first.effects.some((effect) => atOnce(effect) !== undefined))
    return { advanced: first, done: [] }
  return unit.asEngine(() => applyEach(unit, ready, first, onBehalfOf, proceed))
}

async function applyEach(
  unit: Unit,
  ready: ReadyFlow,
  first: Advanced,
  onBehalfOf: string,
  proceed: (run: FlowRun, command: FlowCommand, data: JsonObject) => Promise<Advanced>,
): Promise<{ readonly advanced: Advanced; readonly done: readonly DoneEffect[] }> {
  let advanced = first
  const done: DoneEffect[] = []
  for (let at = 0; at < advanced.effects.length; at++) {
    const effect = advanced.effects[at]!
    const apply = atOnce(effect)
    if (apply === undefined || isCancelled(advanced, effect)) continue
    try {
      const { run } = advanced
      const { key, activation } = effect
      const node = run.activations.find((one) => one.id === activation)?.node
      const cause = { kind: 'flow', key: run.flow, run: run.id, ...(node && { node }) } as const
      const engine = asEngineOnly(unit, onBehalfOf)
      const payload = await reckonEffect(unit, ready, run, effect, null)
      const result = await unit.causedBy(cause, () => apply(engine, run, payload, { key, activation }))
      const data = isClosed(run) ? {} : await loadFlowData(unit, ready, run.record, run.applicant)
      const next = await proceed(run, { type: 'effect_done', key, result }, data)
      done.push({ effect, payload, result })
      advanced = joinAdvances(advanced, next)
    } catch (error) {
      unit.services.log.debug({ err: error, effect: effect.key }, 'Effects are left to their jobs')
      throw new Hasty(error)
    }
  }
  return { advanced, done }
}

function atOnce({ type }: Effect): ApplyEffect | undefined {
  const entry = effects[type]
  return entry?.atOnce === true ? entry.apply : undefined
}

/** Whether the step that wanted an effect was broken off since. */
export function isCancelled(
  { cancelledActivations }: Advanced,
  { activation, undoes = false }: Effect,
): boolean {
  return !undoes && cancelledActivations.includes(activation)
}

/** The unit as the job of an effect has it: the engine in the name of somebody, with none of their rights. */
function asEngineOnly(unit: Unit, onBehalfOf: string): Unit {
  return {
    ...unit,
    actor: engineActor(unit.services, unit.served, onBehalfOf),
    asActor: (work) => work(),
  }
}

/** Two steps forward as one: what is stored and said of them is what came of both. */
function joinAdvances(first: Advanced, second: Advanced): Advanced {
  const { run } = second
  const tasks = joinIds([first.newTasks, second.newTasks], [first.changedTasks, second.changedTasks])
  const timers = joinIds([first.newTimers, second.newTimers], [first.changedTimers, second.changedTimers])
  return {
    kind: 'advanced',
    run,
    newTasks: run.tasks.filter((task) => tasks.fresh.has(task.id)),
    changedTasks: run.tasks.filter((task) => tasks.changed.has(task.id)),
    newTimers: run.timers.filter((timer) => timers.fresh.has(timer.id)),
    changedTimers: run.timers.filter((timer) => timers.changed.has(timer.id)),
    effects: [...first.effects, ...second.effects],
    again: [...first.again, ...second.again],
    givenUp: [...first.givenUp, ...second.givenUp],
    cancelledActivations: [...first.cancelledActivations, ...second.cancelledActivations],
    told: [...first.told, ...second.told],
    events: [...first.events, ...second.events],
  }
}

function joinIds(
  fresh: readonly (readonly { id: string }[])[],
  changed: readonly (readonly { id: string }[])[],
) {
  const ids = (lists: readonly (readonly { id: string }[])[]) => new Set(lists.flat().map(({ id }) => id))
  const made = ids(fresh)
  return { fresh: made, changed: new Set([...ids(changed)].filter((id) => !made.has(id))) }
}
