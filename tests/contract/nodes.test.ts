import { readFileSync } from 'node:fs'
import { readDefinitionSet } from '@channelwright/runtime/definition/build-release.ts'
import type { DefinitionSet } from '@channelwright/runtime/definition/definition-set.ts'
import type { FlowDefinition, FlowEdge } from '@channelwright/runtime/definition/flow.ts'
import type { ObjectDefinition } from '@channelwright/runtime/definition/object.ts'
import { advance } from '@channelwright/runtime/flow/advance.ts'
import type { Advance, FlowCommand, FlowPorts } from '@channelwright/runtime/flow/command.ts'
import { createFlowEvaluator } from '@channelwright/runtime/flow/evaluate.ts'
import type { Effect, FlowEvent, FlowRun } from '@channelwright/runtime/flow/run.ts'
import { checkStructure } from '@channelwright/runtime/flow/structure.ts'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import { nodeTypes } from '@channelwright/runtime/nodes/index.ts'
import type { NodeType, PeopleQuestion } from '@channelwright/runtime/nodes/node-type.ts'
import { traitsOf } from '@channelwright/runtime/nodes/traits.ts'
import { describe, expect, test } from 'vitest'

/** One case of a node: the flow start → node → an end for each exit is walked through the steps. */
interface NodeCase {
  name: string
  settings?: JsonObject
  flow?: Partial<Pick<FlowDefinition, 'money' | 'settings'>>
  /** Nodes whose edges carry conditions: `to` names the outcome. */
  edges?: (Partial<FlowEdge> & { to: string })[]
  /** The whole graph instead, for nodes that make sense only together; the node of the case is among them. */
  graph?: {
    nodes: (JsonObject & { 'x-id': string; type: string })[]
    edges: (Partial<FlowEdge> & { from: string; to: string })[]
  }
  data?: JsonObject
  people?: Record<string, string[]>
  steps?: CaseStep[]
  expect: {
    status?: string
    outcome?: string | null
    incident?: string
    /** Assignee, state and reason. */
    tasks?: [string, string, string | null][]
    effects?: { type: string; payload: JsonObject }[]
    /** Kind and due time of every timer there was. */
    timers?: [string, string, string][]
    /** Every effect was handed out under one key. */
    sameKeys?: boolean
    entered?: string[]
    /** These types of events happened in this order, others between them. */
    events?: string[]
  }
}

interface CaseStep {
  by?: string
  /** Whose task is meant; default that of `by`. */
  task?: string
  taskRev?: number
  decision?: string
  comment?: string
  /** News of the last effect, or of the one whose key ends like this. */
  effectDone?: JsonObject
  effect?: string
  /** The timer that is open fires. */
  timer?: true
  signal?: { name: string; data?: JsonObject }
  childEnded?: { run?: string; outcome: string; item?: string }
  /** The record has changed. */
  data?: JsonObject
  effectFailed?: string
  withdraw?: string
  terminate?: string
  retry?: string
  people?: Record<string, string[]>
  refused?: string
}

for (const type of nodeTypes) {
  describe(`node type ${type.name}`, () => {
    const file = new URL(`../../runtime/src/nodes/${type.name}/cases.json`, import.meta.url)
    const cases = JSON.parse(readFileSync(file, 'utf8')) as NodeCase[]

    test('is to the graph of a flow what it says of itself, and has tasks where it has answers', () => {
      const { place, splits, joins, conditional, tasks, decisions } = type
      expect({ place, splits, joins, conditional, tasks }).toEqual({ ...traitsOf(type.name) })
      expect(tasks).toBe(decisions === undefined ? undefined : true)
    })

    test('has words in both languages and cases', () => {
      expect(type.title.en).not.toBe('')
      expect(type.title.zh).not.toBe('')
      expect(cases.length).toBeGreaterThan(0)
    })

    for (const example of cases) test(example.name, () => runCase(type, example))
  })
}

function runCase(type: NodeType, example: NodeCase) {
  const flow = buildFlow(type, example)
  expect(checkStructure(flow)).toEqual([])
  const people: Record<string, string[]> = { ...example.people }
  const data: JsonObject & Record<string, unknown> = { ...example.data }
  const clock = { now: '2026-03-02T01:00:00.000Z' }
  const ports = buildPorts(flow, data, people, clock)
  const effects: Effect[] = []
  const events: FlowEvent[] = []
  const keep = (result: Advance): FlowRun => {
    if (result.kind !== 'advanced') throw new Error(`expected to advance, got ${JSON.stringify(result)}`)
    effects.push(...result.effects)
    events.push(...result.events)
    // Plain data: what is stored as JSON and read again is the same run.
    return JSON.parse(JSON.stringify(result.run)) as FlowRun
  }
  const begin: FlowCommand = {
    type: 'start',
    run: 'run',
    release: 3,
    object: 'ticket',
    record: 'rec',
    applicant: 'ann',
  }
  let run = keep(advance(flow, null, begin, ports))
  for (const step of example.steps ?? []) {
    Object.assign(people, step.people)
    Object.assign(data, step.data)
    // Time passes only until something is due.
    const due = run.timers.find(({ state }) => state === 'open')?.dueAt
    if (step.timer === true && due !== undefined) clock.now = new Date(due).toISOString()
    const before = structuredClone(run)
    const result = advance(flow, run, commandOf(step, run, effects), ports)
    expect(run, 'the run that was handed in is not changed').toEqual(before)
    if (step.refused === undefined) run = keep(result)
    else expect(result.kind === 'refused' ? result.error.code : result.kind).toBe(step.refused)
  }
  const wanted = example.expect
  if (wanted.status !== undefined) expect(run.status).toBe(wanted.status)
  if (wanted.outcome !== undefined) expect(run.outcome).toBe(wanted.outcome)
  if (wanted.incident !== undefined)
    expect(run.activations.flatMap(({ incident }) => incident?.code ?? [])).toEqual([wanted.incident])
  if (wanted.tasks !== undefined)
    expect(run.tasks.map((t) => [t.assignee, t.state, t.reason])).toEqual(wanted.tasks)
  if (wanted.effects !== undefined)
    expect(effects.map(({ type: effect, payload }) => ({ type: effect, payload }))).toEqual(wanted.effects)
  if (wanted.timers !== undefined)
    expect(run.timers.map((t) => [t.kind, new Date(t.dueAt).toISOString(), t.state])).toEqual(wanted.timers)
  if (wanted.sameKeys === true) expect(new Set(effects.map(({ key }) => key)).size).toBe(1)
  if (wanted.entered !== undefined) expect(run.activations.map(({ node }) => node)).toEqual(wanted.entered)
  if (wanted.events !== undefined) expect(inOrder(events, wanted.events)).toEqual(wanted.events)
  expectInvariants(run, events, effects)
}

/** What holds after every command, whatever the node. */
function expectInvariants(run: FlowRun, events: readonly FlowEvent[], effects: readonly Effect[]) {
  const open = run.tasks.filter(({ state }) => state === 'pending' || state === 'waiting')
  const closed = run.status !== 'running' && run.status !== 'incident'
  const terminal = events.filter(({ type }) => ['ended', 'withdrawn', 'terminated'].includes(type))
  expect(terminal.length).toBe(closed ? 1 : 0)
  if (closed) expect([open, run.activations.filter(({ status }) => status === 'active')]).toEqual([[], []])
  else {
    const waiting = run.activations.filter(({ status }) => status === 'active')
    const stuck = waiting.filter(
      (activation) =>
        activation.incident === null &&
        !open.some((task) => task.activation === activation.id) &&
        !effects.some((effect) => effect.activation === activation.id) &&
        !run.timers.some((timer) => timer.activation === activation.id && timer.state === 'open') &&
        activation.state.wait === undefined &&
        // A join waits for the branches that are still under way.
        !waiting.some((other) => other.id !== activation.id && activation.state.arrived !== undefined),
    )
    expect(waiting.length).toBeGreaterThan(0)
    expect(stuck, 'nothing waits for ever unseen').toEqual([])
  }
}

function commandOf(step: CaseStep, run: FlowRun, effects: readonly Effect[]): FlowCommand {
  if (step.decision !== undefined) {
    const task = run.tasks.find(({ assignee }) => assignee === (step.task ?? step.by))
    return {
      type: 'decide',
      task: task?.id ?? 'none',
      taskRev: step.taskRev ?? task?.rev ?? 0,
      decision: step.decision,
      by: step.by ?? '',
      comment: step.comment ?? null,
    }
  }
  const named =
    step.effect === undefined ? effects.at(-1) : effects.findLast(({ key }) => key.endsWith(step.effect!))
  const key = named?.key ?? 'none'
  const active = run.activations.find(({ status }) => status === 'active')?.id ?? 'none'
  if (step.timer === true)
    return { type: 'timer', timer: run.timers.find(({ state }) => state === 'open')?.id ?? 'none' }
  if (step.signal !== undefined)
    return { type: 'signal', activation: active, name: step.signal.name, data: step.signal.data ?? {} }
  if (step.childEnded !== undefined) {
    const { run: child = 'child', outcome, item = null } = step.childEnded
    const status = outcome === 'approved' || outcome === 'rejected' ? outcome : 'ended'
    return { type: 'child_ended', activation: active, run: child, status, outcome, item }
  }
  if (step.effectDone !== undefined) return { type: 'effect_done', key, result: step.effectDone }
  if (step.effectFailed !== undefined)
    return { type: 'effect_failed', key, reason: { en: step.effectFailed, zh: step.effectFailed } }
  if (step.withdraw !== undefined) return { type: 'withdraw', by: step.withdraw, comment: null }
  if (step.terminate !== undefined) return { type: 'terminate', by: step.terminate, reason: 'by test' }
  return { type: 'retry', by: 'adm', reason: step.retry ?? '' }
}

function buildFlow(type: NodeType, example: NodeCase): FlowDefinition {
  const text = { en: 'x', zh: 'x' }
  if (example.graph)
    return {
      kind: 'flow/1',
      key: 'case',
      'x-id': 'case',
      title: text,
      object: 'ticket',
      trigger: { type: 'record', when: true },
      ...example.flow,
      nodes: example.graph.nodes.map((node) => ({ title: text, ...node })),
      edges: example.graph.edges.map((edge, index) => ({ 'x-id': `e${index}`, ...edge })),
    } as unknown as FlowDefinition
  const settings = { outcome: 'next', ...example.settings }
  const isStart = type.place === 'start'
  const isEnd = type.place === 'end'
  const { outcome: _unused, ...own } = settings
  const node = { 'x-id': 'n_case', type: type.name, title: text, ...(isEnd ? settings : own) }
  const ends = isEnd ? [] : example.edges ? example.edges.map(({ to }) => to) : [...type.exits(node)]
  const first = isStart ? 'n_case' : 'n_start'
  return {
    kind: 'flow/1',
    key: 'case',
    'x-id': 'case',
    title: text,
    object: 'ticket',
    trigger: { type: 'record', when: true },
    ...example.flow,
    nodes: [
      ...(isStart ? [] : [{ 'x-id': 'n_start', type: 'start', title: text }]),
      node,
      ...ends.map((outcome) => ({ 'x-id': `end_${outcome}`, type: 'end', title: text, outcome })),
    ],
    edges: [
      ...(isStart ? [] : [{ 'x-id': 'e_start', from: first, to: 'n_case' }]),
      ...ends.map((outcome, index) => ({
        'x-id': `e_${outcome}`,
        from: 'n_case',
        ...(example.edges ? { ...example.edges[index] } : { exit: outcome }),
        to: `end_${outcome}`,
      })),
    ],
  } as FlowDefinition
}

function buildPorts(
  flow: FlowDefinition,
  data: JsonObject,
  people: Record<string, string[]>,
  clock: { readonly now: string },
): FlowPorts {
  let count = 0
  return {
    get now() {
      return clock.now
    },
    get data() {
      return { $today: '2026-03-02', $now: '2026-03-02T01:00:00.000Z', $run: { applicant: 'ann' }, ...data }
    },
    newId: () => `id${++count}`,
    evaluate: createFlowEvaluator(flow, tickets),
    people: (question) => people[nameQuestion(question)] ?? (question.ask === 'admin' ? [] : undefined),
  }
}

function nameQuestion(question: PeopleQuestion): string {
  switch (question.ask) {
    case 'role':
      return `role:${question.role}`
    case 'user':
      return `user:${question.user}`
    case 'field':
      return `field:${question.path}`
    case 'group':
      return `group:${question.group}`
    default:
      return question.ask
  }
}

function inOrder(events: readonly FlowEvent[], wanted: readonly string[]): string[] {
  const found: string[] = []
  for (const { type } of events) if (type === wanted[found.length]) found.push(type)
  return found
}

const ticket = {
  kind: 'object/1',
  key: 'ticket',
  'x-id': 'o_ticket',
  title: { en: 'Ticket', zh: '工单' },
  display: 'title',
  schema: {
    type: 'object',
    additionalProperties: false,
    properties: {
      title: { type: 'string', 'x-field': 'text', 'x-id': 'f1', title: 'Title', 'x-title': { zh: '标题' } },
      state: { type: 'string', 'x-field': 'text', 'x-id': 'f2', title: 'State', 'x-title': { zh: '状态' } },
      amount: {
        type: 'string',
        format: 'decimal',
        'x-field': 'money',
        'x-scale': 2,
        'x-currency': 'CNY',
        'x-id': 'f3',
        title: 'Amount',
        'x-title': { zh: '金额' },
      },
      manager: {
        type: 'string',
        format: 'uuid',
        'x-field': 'user',
        'x-id': 'f4',
        title: 'Manager',
        'x-title': { zh: '经理' },
      },
    },
    required: ['title', 'amount'],
  },
} as unknown as ObjectDefinition

const tickets: DefinitionSet = { ...readDefinitionSet([]), objects: new Map([['ticket', ticket]]) }
