import Type from 'typebox'
import type { DefinitionSet } from '../../definition/definition-set.ts'
import type { FlowDefinition } from '../../definition/flow.ts'
import { type Inputs, InputsSchema } from '../../definition/inputs.ts'
import { byKey, Key, RuleJson } from '../../definition/shared.ts'
import { diagnose } from '../../errors/diagnose.ts'
import * as errors from '../../errors/flow-checks.ts'
import { checkFieldRules, findFieldByPath, scopeOfFlow } from '../../flow/field-rules.ts'
import { checkInputs, groupOf } from '../../flow/given.ts'
import { RuleFailed } from '../../flow/refuse.ts'
import { effectKey } from '../../flow/run.ts'
import { isJsonObject, type Json, type JsonObject } from '../../json.ts'
import { checkRule } from '../../logic/check.ts'
import type { RuleType } from '../../logic/types.ts'
import type { Text } from '../../text.ts'
import { planValues, writeBack } from '../action/effects/effect-type.ts'
import { DurationSchema } from '../duration.ts'
import { defineNodeType, type NodeContext, type NodeStep, type TimerWish, wishFor } from '../node-type.ts'

const closed = { additionalProperties: false } as const

const settings = Type.Object(
  {
    for: Type.Union([
      Type.Object(
        {
          /** Goes on as soon as this holds: looked at on entry and whenever the record that is watched changes. */
          when: RuleJson,
          /** A reference of the flow's record, whose record is watched instead: `contract`. */
          watch: Type.Optional(Type.String()),
        },
        closed,
      ),
      /** Goes on when this happens to the run's record: raised by a program or by another flow. */
      Type.Object(
        {
          event: Key,
          /** What the event brings, as JSON Schema; rules here read it as `$event`. */
          data: Type.Optional(InputsSchema),
          /** Only an event of which this holds: `$event` beside the record. Default any. */
          when: Type.Optional(RuleJson),
          /** Fields of the record written when it happens, as rules over `$event` and the record. */
          values: Type.Optional(Type.Record(Key, RuleJson, byKey)),
        },
        closed,
      ),
    ]),
    /** How long at most; the node then leaves by `timed_out`. Without it, it waits until it happens. */
    timeout: Type.Optional(DurationSchema),
    /** Whether the `values` of an event are taken back when the case goes back behind it or is withdrawn. Default no. */
    undo: Type.Optional(Type.Boolean()),
  },
  closed,
)

/** Waits until something is true of a record, or until an event is signalled. `state.wait` says for what. */
export const wait = defineNodeType({
  name: 'wait',
  title: { en: 'Wait', zh: '等待' },
  icon: 'hourglass',
  settings,
  exits: (node) => (node.timeout === undefined ? ['happened'] : ['happened', 'timed_out']),
  exitTitles: {
    happened: { en: 'Happened', zh: '已发生' },
    timed_out: { en: 'Too late', zh: '已超时' },
  },
  hears(node) {
    const rules = 'event' in node.for ? [node.for.when, ...Object.values(node.for.values ?? {})] : []
    const types: Record<string, RuleType> =
      'event' in node.for ? { $event: groupOf(node.for.data ?? noData) } : {}
    return { rules: rules.filter((rule) => rule !== undefined) as Json[], types }
  },
  check(node, flow, set, pointer) {
    if ('event' in node.for) return checkEvent(node.for, flow, set, `${pointer}/for`)
    const bool = { t: 'bool', nullable: false } as const
    const found = checkRule(node.for.when as Json, scopeOfFlow(flow, set), {
      expect: bool,
      path: `${pointer}/for/when`,
    }).diagnostics
    const { watch } = node.for
    if (watch === undefined) return found
    const end = findFieldByPath(watch, flow.object, set)
    if ('field' in end && end.field['x-field'] === 'reference') return found
    const part = 'field' in end ? watch : end.part
    return [...found, diagnose(errors.flowNotAReference, `${pointer}/for/watch`, { path: watch, part })]
  },
  run(context) {
    const { node, run, activation } = context
    // Tried again while it waits: it goes on waiting, by the clock that it has.
    if (activation.state.wait !== undefined)
      return 'event' in node.for ? { exit: null } : lookAgain(context, node.for.watch)
    if ('event' in node.for)
      return beginWait(context, { object: run.object, record: run.record, event: node.for.event })
    if (holds(context)) return { exit: 'happened' }
    const { watch } = node.for
    const watched = watch === undefined ? run.record : recordAt(context.data, watch)
    return beginWait(context, {
      object: watch === undefined ? run.object : null,
      record: watched,
      event: 'changed',
    })
  },
  resume(context, event): NodeStep {
    if (event.type === 'timer') return { exit: event.timer.kind === 'wait' ? 'timed_out' : null }
    if (event.type === 'effect_done')
      return event.key === context.activation.state.writes
        ? { exit: 'happened', state: { ...context.activation.state, result: event.result } }
        : { exit: null }
    if (event.type !== 'signal' || context.activation.state.wait === undefined) return { exit: null }
    const wanted = context.node.for
    if (!('event' in wanted)) return lookAgain(context, wanted.watch)
    return event.name === wanted.event ? hear(context, wanted, event.data, event.id) : { exit: null }
  },
  planAnew({ node, activation, data, evaluate }, key) {
    const { said, writes } = activation.state
    if (writes !== key || !('event' in node.for) || !isJsonObject(said ?? null)) return null
    const read = { ...data, $event: whatItBrings(node.for, said as JsonObject) }
    return { values: planValues(node.for.values ?? {}, (rule) => evaluate(rule, read)) }
  },
  reckons: ({ for: wanted }) =>
    Object.entries('event' in wanted ? (wanted.values ?? {}) : {}).map(([field, rule]) => ({
      field,
      rule: rule as Json,
      self: field,
    })),
  undo({ node, activation: { state } }) {
    const { result } = state
    if (node.undo !== true || !('event' in node.for) || !isJsonObject(result)) return null
    // What was heard before the step was to be taken back has not said what it found: it stays.
    if (!isJsonObject(result.before) || !isJsonObject(result.after)) return null
    const values = Object.fromEntries(Object.keys(node.for.values ?? {}).map((field) => [field, null]))
    return { kind: 'effects', effects: writeBack({ values }, {}, result) }
  },
  trace: (event, locale) => (event.type === 'signalled' && event.data.waits === true ? begins[locale] : null),
})

const heard = { type: 'signalled', data: {} } as const
const begins: Text = { en: 'Waits for something to happen', zh: '等待事件发生' }

type WantedEvent = Extract<NodeContext<typeof settings>['node']['for'], { readonly event: string }>

const noData: Inputs = { type: 'object', properties: {} }

function checkEvent(wanted: WantedEvent, flow: FlowDefinition, set: DefinitionSet, pointer: string) {
  const { data = noData, when, values = {} } = wanted
  const own = scopeOfFlow(flow, set)
  const scope = { ...own, root: new Map([...own.root, ['$event', groupOf(data)] as const]) }
  const expect = { t: 'bool', nullable: false } as const
  return [
    ...checkInputs(data, `${pointer}/data`),
    ...(when === undefined
      ? []
      : checkRule(when as Json, scope, { expect, path: `${pointer}/when` }).diagnostics),
    ...checkFieldRules(values, flow.object, flow, set, `${pointer}/values`, { scope }),
  ]
}

/** The event has come: what it brings is written first, where the node says so; the step is left when that is done. */
function hear(
  { node, run, activation, data, evaluate }: NodeContext<typeof settings>,
  wanted: WantedEvent,
  said: JsonObject,
  id: string | null,
): NodeStep {
  const { when, values } = wanted
  const read = { ...data, $event: whatItBrings(wanted, said) }
  if (when !== undefined && !isMeant(() => evaluate(when as Json, read))) return { exit: null }
  const state: JsonObject = { said, ...(id === null ? {} : { heard: id }) }
  if (values === undefined) return { exit: 'happened', state, events: [heard] }
  const key = effectKey(run.id, activation.id, node['x-id'], 'heard')
  const payload = { values: planValues(values, (rule) => evaluate(rule, read)) }
  return {
    exit: null,
    // What is taken back is what the effect then says that it found.
    state: { ...state, writes: key, ...(node.undo === true ? { before: {} } : {}) },
    events: [heard],
    // It has happened; being late with writing it down does not undo that.
    cancelTimers: run.timers.filter((timer) => timer.activation === activation.id).map(({ id }) => id),
    effects: [{ key, activation: activation.id, type: 'set_fields', payload }],
  }
}

function whatItBrings({ data: declared = noData }: WantedEvent, said: JsonObject): JsonObject {
  return { ...Object.fromEntries(Object.keys(declared.properties).map((key) => [key, null])), ...said }
}

/** An event that says something else than the rule can read is another event. */
function isMeant(evaluate: () => Json): boolean {
  try {
    return evaluate() === true
  } catch (error) {
    if (error instanceof RuleFailed) return false
    throw error
  }
}

function holds({ node, evaluate }: NodeContext<typeof settings>): boolean {
  return 'when' in node.for && evaluate(node.for.when as Json) === true
}

function beginWait({ node, dueAfter }: NodeContext<typeof settings>, wanted: JsonObject): NodeStep {
  const timers: TimerWish[] = node.timeout === undefined ? [] : [wishFor('wait', dueAfter(node.timeout))]
  return {
    exit: null,
    state: { wait: wanted },
    newTimers: timers,
    events: [{ type: 'signalled', data: { waits: true } }],
  }
}

/** A record has changed: the one that is watched, or that of the run, which may lead to another one by now. */
function lookAgain(context: NodeContext<typeof settings>, watch: string | undefined): NodeStep {
  if (holds(context)) return { exit: 'happened', events: [heard] }
  if (watch === undefined) return { exit: null }
  const wait = { ...(context.activation.state.wait as JsonObject), record: recordAt(context.data, watch) }
  return { exit: null, state: { ...context.activation.state, wait } }
}

/** The id behind a path of references; null where one of them is empty. */
function recordAt(data: JsonObject, path: string): string | null {
  let value: Json | undefined = data
  for (const part of path.split('.'))
    value = typeof value === 'object' && value !== null && !Array.isArray(value) ? value[part] : undefined
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) value = value.id
  return typeof value === 'string' ? value : null
}
