import type { FlowDefinition, FlowEdge, FlowNode } from '../definition/flow.ts'
import * as errors from '../errors/flow-picks.ts'
import type { Json } from '../json.ts'
import { rangeOf } from '../nodes/approval/approvers.ts'
import type { Approver } from '../nodes/approval/settings.ts'
import { findNodeType } from '../nodes/index.ts'
import { contextOf } from './context.ts'
import type { Engine } from './engine.ts'
import { edgesByExit } from './exits.ts'
import { graphOf } from './graph.ts'
import { asksPeople } from './resolve-step.ts'

// Steps whose people somebody chooses: whoever starts the case, or whoever decides at the step before.

export type PickEntry = Extract<Approver, { kind: 'picked_by_applicant' | 'picked_by_previous' }>
/** People chosen for steps, by the ids of the steps. */
export type Picks = Readonly<Record<string, readonly string[]>>

/** A step whose people are chosen. */
export interface PickAsk {
  readonly node: FlowNode
  readonly entry: PickEntry
  /** The case comes there as it stands; otherwise only should it change. */
  readonly needed: boolean
}

export const leastPicked = (entry: PickEntry) => entry.min ?? 1
export const mostPicked = (entry: PickEntry) => entry.max ?? 100

/** Whether somebody ever chooses people in the flow: most flows need not be walked. */
export function hasPicks(flow: FlowDefinition): boolean {
  return flow.nodes.some((node) => entryOf(node as FlowNode, 'picked_by_applicant', 'picked_by_previous'))
}

/**
 * The steps whose people are chosen at `from`: at the start those picked by the applicant, wherever they come; at a
 * step with people those of the steps right behind it. `holds`: whether the rule of an edge holds; null: not known.
 */
export function picksAsked(
  flow: FlowDefinition,
  from: FlowNode,
  holds: (rule: Json) => boolean | null,
): readonly PickAsk[] {
  const graph = graphOf(flow)
  const atStart = findNodeType(from.type)?.place === 'start'
  const kind = atStart ? 'picked_by_applicant' : 'picked_by_previous'
  const found = new Map<string, PickAsk>()
  const seen = new Set<string>()
  const walk = (node: FlowNode, needed: boolean) => {
    const id = node['x-id']
    // What is needed is walked before what may be: once more only where it was thought not to be.
    const mark = `${id} ${needed}`
    if (seen.has(mark) || seen.has(`${id} true`)) return
    seen.add(mark)
    const entry = entryOf(node, kind)
    if (entry !== undefined && !(found.get(id)?.needed ?? false)) found.set(id, { node, entry, needed })
    if (!atStart && asksPeople(node)) return
    leave(node, needed)
  }
  const leave = (node: FlowNode, needed: boolean) => {
    const exits = findNodeType(node.type)?.exits(node) ?? []
    for (const exit of exits) {
      if (exit === 'rejected') continue
      const edges = edgesByExit(graph, node, exit)
      const taken = takenOf(node, edges, holds)
      for (const edge of edges) {
        const next = graph.nodes.get(edge.to)
        if (next !== undefined) walk(next, needed && taken.has(edge))
      }
    }
  }
  leave(from, true)
  // In the order in which the flow is written.
  return flow.nodes.flatMap((node) => found.get(node['x-id']) ?? [])
}

function entryOf(node: FlowNode, ...kinds: readonly PickEntry['kind'][]): PickEntry | undefined {
  if (!asksPeople(node)) return undefined
  return node.approvers.find((one): one is PickEntry => (kinds as readonly string[]).includes(one.kind))
}

/** The edges that a case takes as it stands; none where that can't be known. */
function takenOf(
  node: FlowNode,
  edges: readonly FlowEdge[],
  holds: (rule: Json) => boolean | null,
): ReadonlySet<FlowEdge> {
  const type = findNodeType(node.type)
  if (type?.conditional !== true) return new Set(edges)
  const ruled = edges.filter((edge) => edge.default !== true && edge.when !== undefined)
  const answers = ruled.map((edge) => holds(edge.when as Json))
  if (answers.includes(null)) return new Set()
  const holding = ruled.filter((_, at) => answers[at])
  if (holding.length === 0) return new Set(edges.filter((edge) => edge.default === true))
  return new Set(type.splits === undefined ? holding.slice(0, 1) : holding)
}

/**
 * Keeps whom somebody chose at a step, `from`; refuses when somebody is missing, too many are named, or one who may not
 * be. Whom they chose before stays chosen where they say nothing.
 */
export function takePicks(engine: Engine, from: FlowNode, picks: Picks = {}): void {
  const { draft, ports } = engine
  if (!hasPicks(engine.flow)) {
    if (Object.keys(picks).length > 0) throw engine.refuse(errors.flowPickUnasked)
    return
  }
  const asks = picksAsked(engine.flow, from, (rule) => {
    const outcome = ports.evaluate(rule, ports.data)
    return outcome.ok ? outcome.value === true : null
  })
  const known = new Set(asks.map(({ node }) => node['x-id']))
  if (Object.keys(picks).some((id) => !known.has(id))) throw engine.refuse(errors.flowPickUnasked)
  const before = draft.view().picks
  for (const { node, entry, needed } of asks) {
    const id = node['x-id']
    const named = picks[id]
    const [min, max] = [leastPicked(entry), mostPicked(entry)]
    const values = { step: engine.titleOf(id), min, max }
    if (named === undefined || (named.length === 0 && !needed)) {
      if (needed && (before[id]?.length ?? 0) < min) throw engine.refuse(errors.flowPickMissing, values)
      continue
    }
    const people = [...new Set(named)]
    if (people.length < min) throw engine.refuse(errors.flowPickMissing, values)
    if (people.length > max) throw engine.refuse(errors.flowPickTooMany, values)
    const inside = peopleInRange(engine, node, entry, people)
    if (people.some((user) => !inside.has(user))) throw engine.refuse(errors.flowPickOutside, values)
  }
  if (Object.keys(picks).length > 0) draft.changeRun({ picks: { ...before, ...picks } })
}

/** Keeps whom an earlier case knew to be chosen, where the flow still asks for somebody and they may still be chosen. */
export function carryPicks(engine: Engine, picks: Picks = {}): void {
  const kept = engine.flow.nodes.flatMap((node): [string, readonly string[]][] => {
    const entry = entryOf(node as FlowNode, 'picked_by_applicant', 'picked_by_previous')
    const named = picks[node['x-id']] ?? []
    if (entry === undefined || named.length === 0) return []
    const inside = peopleInRange(engine, node as FlowNode, entry, named)
    const people = named.filter((user) => inside.has(user))
    const fits = people.length >= leastPicked(entry) && people.length <= mostPicked(entry)
    return fits ? [[node['x-id'], people]] : []
  })
  engine.draft.changeRun({ picks: Object.fromEntries(kept) })
}

function peopleInRange(
  engine: Engine,
  node: FlowNode,
  entry: PickEntry,
  people: readonly string[],
): ReadonlySet<string> {
  const place = { node, type: engine.typeOf(node), activation: unentered }
  const context = contextOf(engine, place, [])
  const active = context.ask(...people.map((user) => ({ ask: 'user', user }) as const)).flat()
  const range = rangeOf(context, entry)
  return new Set(range === null ? active : active.filter((user) => range.has(user)))
}

/** Nobody is at the step yet; its range does not depend on it. */
const unentered = {
  id: '',
  node: '',
  status: 'active',
  exit: null,
  via: null,
  enteredAt: '',
  leftAt: null,
  state: {},
  incident: null,
  round: 0,
  cause: 'forward',
  dataVersion: null,
  back: null,
} as const
