import Type from 'typebox'
import { RuleJson } from '../../definition/shared.ts'
import { diagnose } from '../../errors/diagnose.ts'
import * as errors from '../../errors/flow-checks.ts'
import { type Duration, durationUnits } from '../../flow/due-time.ts'
import { scopeOfFlow } from '../../flow/field-rules.ts'
import { sayDuration } from '../../flow/say-duration.ts'
import type { Json, JsonObject } from '../../json.ts'
import { normaliseInstant } from '../../logic/calendar.ts'
import { checkRule } from '../../logic/check.ts'
import { formatText, type Text } from '../../text.ts'
import { DurationSchema } from '../duration.ts'
import { defineNodeType, type NodeContext, type NodeOf, wishFor } from '../node-type.ts'

const waits: Text = { en: 'Waits until {due}', zh: '等待至 {due}' }
const waitsFor: Text = { en: 'Waits for {duration}, until {due}', zh: '等待 {duration},至 {due}' }

const settings = Type.Object(
  {
    /** So long after the step is reached, or until a moment that a rule gives: a date (its beginning) or an instant. */
    until: Type.Union([DurationSchema, Type.Object({ at: RuleJson }, { additionalProperties: false })]),
  },
  { additionalProperties: false },
)

/** Goes on by itself after a time, or at once where the time has passed or is not known. */
export const delay = defineNodeType({
  name: 'delay',
  title: { en: 'Delay', zh: '延时' },
  icon: 'clock',
  settings,
  exits: () => ['next'],
  check(node, flow, set, pointer) {
    if (!('at' in node.until)) return []
    const path = `${pointer}/until/at`
    const { rule, diagnostics } = checkRule(node.until.at as Json, scopeOfFlow(flow, set), { path })
    if (rule === null || ['date', 'instant', 'null'].includes(rule.root.type.t)) return diagnostics
    return [...diagnostics, diagnose(errors.flowNotATime, path, { type: rule.root.type.t })]
  },
  run(context) {
    const due = momentOf(context)
    if (due === null || due.at <= context.now) return { exit: 'next' }
    return {
      exit: null,
      newTimers: [wishFor('delay', due)],
      state: { due: due.at },
      events: [{ type: 'signalled', data: { due: due.at, ...durationOf(context) } }],
    }
  },
  resume: (_context, event) => ({
    exit: event.type === 'timer' && event.timer.kind === 'delay' ? 'next' : null,
  }),
  // The instant stays one: whoever shows it knows the reader's zone (`sayMoments`).
  trace({ type, data }, locale) {
    if (type !== 'signalled') return null
    const { after, unit } = data
    if (typeof after !== 'number' || !isUnit(unit)) return formatText(waits, locale, data)
    return formatText(waitsFor, locale, { due: data.due, duration: sayDuration({ after, unit }) })
  },
})

/** What was set, where it is a stretch of time. */
function durationOf({ node }: NodeContext<typeof settings>): JsonObject {
  const { until } = node as NodeOf<typeof settings>
  return 'at' in until ? {} : { after: until.after, unit: until.unit }
}

function isUnit(unit: Json | undefined): unit is Duration['unit'] {
  return (durationUnits as readonly unknown[]).includes(unit)
}

/** Null where the rule gives nothing. */
function momentOf({
  node,
  evaluate,
  dueAfter,
  startOfDay,
}: NodeContext<typeof settings>): ReturnType<NodeContext['dueAfter']> | null {
  const { until } = node as NodeOf<typeof settings>
  if (!('at' in until)) return dueAfter(until)
  const value = evaluate(until.at as Json)
  if (typeof value !== 'string') return null
  const instant = normaliseInstant(value)
  // To the millisecond, as rows give it back: history and rows must tell the same.
  const at = instant === null ? startOfDay(value) : `${instant.slice(0, 23)}Z`
  return { at, exact: true, reckoned: null }
}
