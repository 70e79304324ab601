import type { FlowDefinition, FlowNode } from '@channelwright/runtime/definition/flow.ts'
import { type FlowEvent, type FlowRun, isClosed } from '@channelwright/runtime/flow/run.ts'
import type { Happening, Simulation } from '@channelwright/runtime/flow/simulate.ts'
import { isJsonObject, type JsonObject } from '@channelwright/runtime/json.ts'
import type { Text } from '@channelwright/runtime/text.ts'
import type { RecordThen } from './record-then.ts'
import { actOf } from './replay-acts.ts'
import { answersOf, millis, visitOf } from './replay-answers.ts'

/** What an effect of the case came to. */
export interface EffectResult {
  readonly key: string
  readonly type: string
  readonly result: JsonObject | null
}

/** What is known of a case that really was. */
export interface RealCase {
  readonly run: FlowRun
  /** By which it ran. */
  readonly flow: FlowDefinition
  readonly events: readonly FlowEvent[]
  readonly effects: readonly EffectResult[]
  readonly then: RecordThen
  /** What those answer of whom nothing is known. */
  readonly otherwise: 'first' | 'none'
  /** Up to when it is known. */
  readonly now: string
}

/**
 * What really happened in a case, as the script of a simulation by `flow`: what people decided at which step and how
 * long they took, what they filled in, to whom they handed their tasks and whom they added, what administrators did,
 * what could not be done at once, what others wrote meanwhile, how flows ended that it waited for. Steps are the same
 * where their x-id is. To be made anew for each walk: it is used up.
 */
export function scriptOf(
  { run, flow: own, events, effects, then: { later }, otherwise, now }: RealCase,
  flow: FlowDefinition,
): Pick<
  Simulation,
  'decide' | 'fails' | 'takes' | 'effect' | 'child' | 'signal' | 'happenings' | 'until' | 'start'
> {
  const results = new Map<string, EffectResult[]>()
  for (const one of effects) push(results, `${one.type} ${one.key.split(':')[2]}`, one)
  const visits = new Map<string, FlowRun['activations'][number][]>()
  for (const activation of run.activations) push(visits, activation.node, activation)
  const failures = failuresOf(run, events)
  const durations = durationsOf(run, events)
  const isSame = (node: string) => JSON.stringify(wordsOf(own, node)) === JSON.stringify(wordsOf(flow, node))
  return {
    decide: answersOf(run, events, later, otherwise),
    fails({ key }, walked) {
      const [, , node = ''] = key.split(':')
      // What is worded otherwise by now is taken to mend it.
      return isSame(node) ? (failures.get(placeOf(walked, key))?.shift() ?? null) : null
    },
    takes({ key }, walked) {
      const [took = 0] = durations.get(placeOf(walked, key))?.splice(0, 1) ?? []
      return took
    },
    effect({ type, key }, { run: walked }) {
      const known = results.get(`${type} ${key.split(':')[2]}`) ?? []
      const same = known.findIndex((one) => placeOf(run, one.key) === placeOf(walked, key))
      return known.splice(Math.max(same, 0), 1)[0]?.result ?? undefined
    },
    child(effect, node) {
      const visit = visits.get(node)?.[0]
      const { outcome, ended } = visit?.state ?? {}
      const item = typeof effect.payload.item === 'string' ? effect.payload.item : null
      const came = item !== null && isJsonObject(ended) ? ended[item] : outcome
      if (typeof came !== 'string') return undefined
      return { status: came, outcome: came, after: millis(visit?.enteredAt, visit?.leftAt) }
    },
    signal(node) {
      const visit = visits.get(node)?.shift()
      if (visit === undefined) return otherwise === 'first' ? { after: 0 } : null
      return visit.exit === 'happened' ? { after: millis(visit.enteredAt, visit.leftAt) } : null
    },
    happenings: happeningsOf(run, events, later),
    ...(isClosed(run) ? {} : { until: now }),
    start: { picks: run.picks, given: run.given } as unknown as JsonObject,
  }
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [value])
  else list.push(value)
}

/** The visit of the step that asked for an effect, and which of its effects it is. */
function placeOf(run: FlowRun, key: string): string {
  const [, activation = '', node = '', ...seq] = key.split(':')
  return `${visitOf(run, { activation, node })} ${seq.join(':')}`
}

/** Each time that an effect could not be done, until it was done or let be. */
function failuresOf(run: FlowRun, events: readonly FlowEvent[]): Map<string, Text[]> {
  const found = new Map<string, Text[]>()
  for (const { type, data } of events) {
    const { key, reason } = data
    if ((type !== 'incident' && type !== 'effect_left') || typeof key !== 'string' || !isJsonObject(reason))
      continue
    push(found, placeOf(run, key), { en: String(reason.en), zh: String(reason.zh) })
  }
  return found
}

/** How long each try of an effect took, in ms: a server may have been away for days. Null: it is under way. */
function durationsOf(run: FlowRun, events: readonly FlowEvent[]): Map<string, (number | null)[]> {
  const found = new Map<string, (number | null)[]>()
  const asked = new Map<string, string>()
  for (const { type, at, data } of events) {
    const { key } = data
    if (typeof key !== 'string') continue
    const since = asked.get(key)
    if (type === 'effect_queued') asked.set(key, at)
    else if (since !== undefined && ends.has(type)) {
      push(found, placeOf(run, key), millis(since, at))
      asked.delete(key)
    }
  }
  if (!isClosed(run)) for (const key of asked.keys()) push(found, placeOf(run, key), null)
  return found
}

const ends: ReadonlySet<FlowEvent['type']> = new Set(['effect_done', 'effect_left', 'incident'])

/** What a step does, without what it is called. */
function wordsOf({ nodes }: FlowDefinition, id: string): Partial<FlowNode> | null {
  const { title: _, ...words } = nodes.find((node) => node['x-id'] === id) ?? {}
  return Object.keys(words).length === 0 ? null : words
}

/** What others wrote while the case was open, what was done to it besides deciding, and what ended it from outside. */
function happeningsOf(
  run: FlowRun,
  events: readonly FlowEvent[],
  later: RecordThen['later'],
): readonly Happening[] {
  const end = run.endedAt === null ? Number.POSITIVE_INFINITY : Date.parse(run.endedAt)
  const written = later.flatMap(({ at, cause, values }): Happening[] =>
    cause?.run === run.id || Date.parse(at) > end ? [] : [{ at, values }],
  )
  const acted = events.flatMap((event): Happening[] => {
    const act = actOf(run, event)
    if (act === null) return []
    return [{ at: event.at, act, ...(event.type === 'reopened' ? { opens: true } : {}) }]
  })
  return [...written, ...acted].sort((a, b) => Date.parse(a.at) - Date.parse(b.at))
}
