import Type from 'typebox'
import { recordScope } from '../../definition/scopes.ts'
import { byKey, Key, RuleJson } from '../../definition/shared.ts'
import { diagnose } from '../../errors/diagnose.ts'
import * as errors from '../../errors/flow-checks.ts'
import { suggest } from '../../fields/suggest.ts'
import { sayChildEnd } from '../../flow/child-end.ts'
import { scopeOfFlow } from '../../flow/field-rules.ts'
import { checkHanded, planInput } from '../../flow/given.ts'
import { effectKey, effectSeq } from '../../flow/run.ts'
import { isJsonObject, type Json, type JsonObject } from '../../json.ts'
import { checkRule } from '../../logic/check.ts'
import { formatText, type Text } from '../../text.ts'
import { defineNodeType, type NodeContext, type NodeStep } from '../node-type.ts'

const closed = { additionalProperties: false } as const
/** More parts than this are never treated by one step. */
const mostItems = 1_000

const settings = Type.Object(
  {
    over: Type.Union([
      /** The lines of a field of the flow's record. The flow that treats one is about the same record; its rules read the
       * line, as it is when that flow begins, as `$item`. */
      Type.Object({ lines: Key }, closed),
      /** The records of an object for which a rule over them holds; `{"var": "$record.partner"}` reads the flow's. */
      Type.Object({ object: Key, where: RuleJson }, closed),
    ]),
    /** The flow that treats each. */
    flow: Key,
    /** What each is handed besides, by the names that the flow's trigger declares, as rules. */
    input: Type.Optional(Type.Record(Key, RuleJson, byKey)),
    /** How many at the same time. Default all of them; 1: one after the other. */
    atOnce: Type.Optional(Type.Integer({ minimum: 1, maximum: mostItems })),
    /** More parts than this stop the step with an incident. Default 200. */
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: mostItems })),
    /** After the first part that was rejected no more are begun, and the step leaves by `rejected`. */
    untilRejected: Type.Optional(Type.Boolean()),
  },
  closed,
)

interface Progress {
  readonly items: readonly string[]
  /** How many have been begun. */
  readonly begun: number
  readonly ended: Readonly<Record<string, string>>
}

/** Has a flow treat each line, or each record that is found; goes on when all have ended. */
export const forEach = defineNodeType({
  name: 'for_each',
  title: { en: 'For each', zh: '逐项处理' },
  icon: 'repeat',
  settings,
  exits: (node) => (node.untilRejected === true ? ['done', 'rejected'] : ['done']),
  exitTitles: {
    done: { en: 'All done', zh: '全部完成' },
    rejected: { en: 'One was rejected', zh: '有一项被驳回' },
  },
  starts: (node) => [{ flow: node.flow, at: '/flow' }],
  check(node, flow, set, pointer) {
    const { over } = node
    const other = set.flows.get(node.flow)
    const about = 'lines' in over ? flow.object : over.object
    const line = 'lines' in over ? over.lines : null
    const handed =
      other === undefined ? [] : checkHanded(other, node.input ?? {}, scopeOfFlow(flow, set), pointer, line)
    const found =
      other === undefined || other.object === about
        ? handed
        : [
            ...handed,
            diagnose(errors.flowOtherObject, `${pointer}/flow`, {
              flow: node.flow,
              object: other.object,
              own: about,
            }),
          ]
    if ('lines' in over) {
      const fields = set.objects.get(flow.object)?.schema.properties ?? {}
      const lines = Object.keys(fields).filter(
        (key) => (fields[key] as { readonly 'x-field'?: unknown })['x-field'] === 'lines',
      )
      if (lines.includes(over.lines)) return found
      const values = { object: flow.object, field: over.lines, ...suggest(over.lines, lines) }
      return [...found, diagnose(errors.flowFieldUnknown, `${pointer}/over/lines`, values)]
    }
    if (!set.objects.has(over.object)) {
      if (set.incomplete?.has(`object:${over.object}`)) return found
      const values = { object: over.object, ...suggest(over.object, set.objects.keys()) }
      return [...found, diagnose(errors.flowObjectUnknown, `${pointer}/over/object`, values)]
    }
    const scope = recordScope(set, over.object, {
      extra: { $record: { t: 'ref', nullable: false, object: flow.object } },
    })
    const bool = { t: 'bool', nullable: false } as const
    const path = `${pointer}/over/where`
    return [...found, ...checkRule(over.where as Json, scope, { expect: bool, level: 'L', path }).diagnostics]
  },
  run(context) {
    const { over } = context.node
    if ('lines' in over) return begin(context, lineIds(context.data[over.lines]))
    const { run, activation, node } = context
    // Looked for anew after there were too many.
    const seq = `find${activation.state.finds ?? ''}`
    return {
      exit: null,
      effects: [
        {
          key: effectKey(run.id, activation.id, node['x-id'], seq),
          activation: activation.id,
          type: 'find_records',
          payload: planFind(context, over),
        },
      ],
    }
  },
  planAnew(context, key) {
    const { over } = context.node
    const seq = effectSeq(key)
    if (readProgress(context.activation.state).items.includes(seq)) return partPlanner(context)(seq)
    return 'lines' in over ? null : planFind(context, over)
  },
  resume(context, event): NodeStep {
    if (event.type === 'effect_done') {
      const { ids } = event.result
      if (!Array.isArray(ids) || context.activation.state.items !== undefined) return { exit: null }
      return begin(
        context,
        ids.filter((id): id is string => typeof id === 'string'),
      )
    }
    if (event.type !== 'child_ended' || event.item === null) return { exit: null }
    const before = readProgress(context.activation.state)
    const ended = { ...before.ended, [event.item]: event.outcome ?? event.status }
    return goOn(context, { ...before, ended })
  },
  undo: () => ({ kind: 'children' }),
  trace(event, locale) {
    if (event.type !== 'effect_done') return sayChildEnd(event, ended, locale)
    // That a part was begun is told by its own case, and here by its end.
    const { result } = event.data
    const count = isJsonObject(result) && Array.isArray(result.ids) ? result.ids.length : null
    return count === null ? '' : formatText(found, locale, { count })
  },
})

const found: Text = { en: 'Parts found: {count}', zh: '找到 {count} 项' }
const ended: Text = { en: 'One part ended: {outcome}', zh: '一项处理结束:{outcome}' }

function begin(context: NodeContext<typeof settings>, items: readonly string[]): NodeStep {
  const { limit = 200 } = context.node
  if (items.length > limit)
    return {
      exit: null,
      incident: { code: errors.flowTooManyParts.code, data: { count: items.length, limit } },
      state: { finds: Number(context.activation.state.finds ?? 0) + 1 },
    }
  return goOn(context, { items, begun: 0, ended: {} })
}

/** Begins as many more as may be under way at once; leaves when none is left. A line that is gone by then is over. */
function goOn(context: NodeContext<typeof settings>, before: Progress): NodeStep {
  const { node, run, activation } = context
  const { items } = before
  const ended = { ...before.ended }
  const stopped = node.untilRejected === true && Object.values(ended).includes('rejected')
  const lines = 'lines' in node.over ? rowsById(context.data[node.over.lines]) : null
  const started: string[] = []
  let { begun } = before
  const isRoom = () => begun - Object.keys(ended).length < (node.atOnce ?? mostItems)
  for (; !stopped && begun < items.length && isRoom(); begun++) {
    const item = items[begun]!
    if (lines !== null && !lines.has(item)) ended[item] = 'gone'
    else started.push(item)
  }
  const state: JsonObject = { items: [...items], begun, ended }
  if (begun === Object.keys(ended).length) return { exit: stopped ? 'rejected' : 'done', state }
  const plan = started.length === 0 ? null : partPlanner(context)
  return {
    exit: null,
    state,
    effects: started.map((item) => ({
      key: effectKey(run.id, activation.id, node['x-id'], item),
      activation: activation.id,
      type: 'start_flow',
      payload: plan?.(item) ?? {},
    })),
  }
}

type EachContext = NodeContext<typeof settings>

function planFind(
  { node: { limit = 200 } }: EachContext,
  over: { object: string; where: unknown },
): JsonObject {
  return { object: over.object, where: over.where as Json, limit: limit + 1 }
}

/** What the flow that treats one is begun with, by what it treats. */
function partPlanner({ node, run, data, evaluate }: EachContext): (item: string) => JsonObject {
  const lines = 'lines' in node.over ? rowsById(data[node.over.lines]) : null
  const input = planInput(node.input, evaluate)
  return (item) => ({
    flow: node.flow,
    record: lines === null ? item : run.record,
    item,
    ...(lines === null ? {} : { line: lines.get(item) ?? null }),
    ...input,
    waits: true,
  })
}

function readProgress(state: JsonObject): Progress {
  const { items, begun, ended: over } = state
  return {
    items: Array.isArray(items) ? items.filter((item): item is string => typeof item === 'string') : [],
    begun: typeof begun === 'number' ? begun : 0,
    ended: isJsonObject(over) ? (over as Record<string, string>) : {},
  }
}

function lineIds(rows: Json | undefined): readonly string[] {
  return [...rowsById(rows).keys()]
}

function rowsById(rows: Json | undefined): ReadonlyMap<string, JsonObject> {
  if (!Array.isArray(rows)) return new Map()
  return new Map(
    rows.flatMap((row) =>
      isJsonObject(row) && typeof row._id === 'string' ? [[row._id, row] as const] : [],
    ),
  )
}
