import * as errors from '../errors/flows.ts'
import type { NodeEvent } from '../nodes/node-type.ts'
import { type Activation, type FlowRun, type Incident, isClosed } from './run.ts'

/** What stopped, and so what a retry tries again. All else that the step has done or keeps stays as it is. */
export type Again =
  /** The effect of that key: asked for, and failed. Its step may have been left since. */
  | { readonly effect: string }
  /** What the step was told while a rule of it failed: it has not heard of it. */
  | { readonly event: NodeEvent }
  /** The step itself, which could not begin or stopped of its own accord. */
  | 'run'

/** Everything that stands still at a step, the earliest first. */
export function standingStill({ incident }: Pick<Activation, 'incident'>): readonly Incident[] {
  if (incident === null) return []
  const { earlier = [], ...last } = incident
  return [...earlier, last]
}

function joinIncidents(all: readonly Incident[]): Incident | null {
  const last = all.at(-1)
  if (last === undefined) return null
  return all.length === 1 ? last : { ...last, earlier: all.slice(0, -1) }
}

export function againOf({ again, code, data }: Incident): Again {
  if (again !== undefined) return again
  // Written before incidents said so.
  return code === errors.flowEffectFailed.code && typeof data.key === 'string' ? { effect: data.key } : 'run'
}

function failedKey(incident: Incident): string | null {
  const again = againOf(incident)
  return typeof again === 'object' && 'effect' in again ? again.effect : null
}

/** Keys of the step's effects that have failed. */
export function failedEffects(activation: Pick<Activation, 'incident'>): readonly string[] {
  return standingStill(activation).flatMap((one) => failedKey(one) ?? [])
}

/** The step can't go on by itself. What stands still there already still does. */
export function addIncident(incident: Incident | null, more: Incident): Incident | null {
  const same = JSON.stringify(more.again)
  const others = standingStill({ incident }).filter((one) => JSON.stringify(againOf(one)) !== same)
  return joinIncidents([...others, more])
}

/** What is left when the effect of that key is done, or given up. */
export function withoutEffect(incident: Incident | null, key: string): Incident | null {
  return joinIncidents(standingStill({ incident }).filter((one) => failedKey(one) !== key))
}

/** What is left when the step goes on, or is left: nobody but an administrator makes good an effect that failed. */
export function effectsOnly(incident: Incident | null): Incident | null {
  return joinIncidents(standingStill({ incident }).filter((one) => failedKey(one) !== null))
}

/** Whether a case waits for an administrator: one that has ended does too, while it is not taken back whole. */
export function isStuck(run: Pick<FlowRun, 'status' | 'activations'>): boolean {
  const { status, activations } = run
  return status === 'incident' || (isClosed(run) && activations.some(({ incident }) => incident !== null))
}
