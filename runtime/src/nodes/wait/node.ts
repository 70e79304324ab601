import Type from 'typebox'
import { Key, RuleJson } from '../../definition/shared.ts'
import { diagnose } from '../../errors/diagnose.ts'
import * as errors from '../../errors/flow-checks.ts'
import { findFieldByPath, scopeOfFlow } from '../../flow/field-rules.ts'
import type { Json, JsonObject } from '../../json.ts'
import { checkRule } from '../../logic/check.ts'
import type { Text } from '../../text.ts'
import { DurationSchema } from '../duration.ts'
import { defineNodeType, type NodeContext, type NodeStep, type TimerWish } from '../node-type.ts'

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
      /** Goes on when this is signalled to the run: by a webhook, by another flow, by a program. */
      Type.Object({ event: Key }, closed),
    ]),
    /** How long at most; the node then leaves by `timed_out`. Without it, it waits until it happens. */
    timeout: Type.Optional(DurationSchema),
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
  check(node, flow, set, pointer) {
    if ('event' in node.for) return []
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
    const { node, run } = context
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
    if (event.type !== 'signal') return { exit: null }
    const wanted = context.node.for
    if ('event' in wanted)
      return event.name === wanted.event ? { exit: 'happened', state: { said: event.data } } : { exit: null }
    return { exit: holds(context) ? 'happened' : null }
  },
  trace: (event, locale) => (event.type === 'signalled' && event.data.waits === true ? begins[locale] : null),
})

const begins: Text = { en: 'Waits for something to happen', zh: '等待事件发生' }

function holds({ node, evaluate }: NodeContext<typeof settings>): boolean {
  return 'when' in node.for && evaluate(node.for.when as Json) === true
}

function beginWait({ node, dueAfter }: NodeContext<typeof settings>, wanted: JsonObject): NodeStep {
  const timers: TimerWish[] =
    node.timeout === undefined ? [] : [{ kind: 'wait', dueAt: dueAfter(node.timeout).at }]
  return {
    exit: null,
    state: { wait: wanted },
    newTimers: timers,
    events: [{ type: 'signalled', data: { waits: true } }],
  }
}

/** The id behind a path of references; null where one of them is empty. */
function recordAt(data: JsonObject, path: string): string | null {
  let value: Json | undefined = data
  for (const part of path.split('.'))
    value = typeof value === 'object' && value !== null && !Array.isArray(value) ? value[part] : undefined
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) value = value.id
  return typeof value === 'string' ? value : null
}
