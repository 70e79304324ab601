import type { RunList, RunReply, TimelineEntry } from '@channelwright/runtime/api/flows.ts'
import type { FlowDefinition, FlowEdge } from '@channelwright/runtime/definition/flow.ts'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { flowRunUnknown } from '@channelwright/runtime/errors/flows.ts'
import { edgeTitle } from '@channelwright/runtime/flow/edge-title.ts'
import { endTitle } from '@channelwright/runtime/flow/end-title.ts'
import { graphOf } from '@channelwright/runtime/flow/graph.ts'
import { mayWithdraw } from '@channelwright/runtime/flow/judge.ts'
import { type FlowEvent, type FlowRun, isClosed } from '@channelwright/runtime/flow/run.ts'
import { describeEvent, type LeftWords } from '@channelwright/runtime/flow/sentences.ts'
import { isJsonObject } from '@channelwright/runtime/json.ts'
import { findNodeType } from '@channelwright/runtime/nodes/index.ts'
import { mayDo } from '../access/platform-rights.ts'
import type { Unit } from '../db/unit.ts'
import { namePeople } from '../records/people.ts'
import { flowsOfEvents, releaseAt } from './event-flows.ts'
import { readyFlow } from './flow-data.ts'
import { locksRecord } from './follow-records.ts'
import { wordLeft } from './left-words.ts'
import { offersOf } from './offers.ts'
import { recordTitles } from './record-titles.ts'
import { describeIncident, describeRun } from './run-lines.ts'
import { flowTable, readRun } from './run-store.ts'

/** The runs of a record that the person may see, newest first, whole. */
export async function listRunsOfRecord(unit: Unit, object: string, record: string): Promise<RunList> {
  const rows = await unit.query<{ id: string }>(
    `SELECT id FROM ${flowTable(unit, 'run')} WHERE record = $1 AND object = $2 ORDER BY started_at DESC, id DESC LIMIT 20`,
    [record, object],
  )
  const runs: RunReply[] = []
  for (const { id } of rows) runs.push(await getRun(unit, id))
  return { runs }
}

/** One run: where it stands, the way it took, who is waited for, what happened. Throws FLOW_RUN_UNKNOWN. */
export async function getRun(unit: Unit, id: string): Promise<RunReply> {
  const [run, events] = await Promise.all([
    readRun(unit, id, 'look'),
    unit.query<FlowEvent>(
      `SELECT type, at, by, node, task, data FROM ${flowTable(unit, 'event')} WHERE run = $1 ORDER BY id`,
      [id],
    ),
  ])
  if (run === undefined) throw new Refusal(flowRunUnknown)
  const served = await unit.services.releases.at(unit.served.workspace.key, run.release)
  const { flow } = readyFlow(served, run.flow)
  const flows = await flowsOfEvents(unit, run, events)
  // Each copy is its reader's alone; who was told is told to all who see the case.
  const copies = await unit.asEngine(() =>
    unit.query<{ reader: string; node: string; at: string; read_at: string | null }>(
      `SELECT reader, node, at, read_at FROM ${flowTable(unit, 'copy')} WHERE run = $1 ORDER BY at, reader`,
      [id],
    ),
  )
  const people = new Set([
    run.applicant,
    ...copies.map((copy) => copy.reader),
    ...run.tasks.flatMap((task) => [task.assignee, ...(task.onBehalfOf ? [task.onBehalfOf] : [])]),
  ])
  for (const event of events) if (event.by !== null) people.add(event.by)
  const [names, titles, left] = await Promise.all([
    namePeople(unit, people),
    recordTitles(unit, [run]),
    wordLeft(unit, events),
  ])
  const calendars = await findCalendars(unit, run)
  const person = (user: string) => ({ id: user, name: names.get(user) ?? null })
  const graph = graphOf(flow)
  const taken = new Set(run.activations.map((activation) => activation.via))
  return {
    ...describeRun(
      { ...run, started_at: run.startedAt, ended_at: run.endedAt },
      flow,
      endTitle(flow, run),
      person,
    ),
    rev: run.rev,
    title: titles.get(run.record) ?? null,
    round: run.round,
    commands: offersOf(unit, flow, run, null),
    nodes: flow.nodes.map((node) => {
      const last = run.activations.findLast((activation) => activation.node === node['x-id'])
      // Of an earlier visit what stands still is not hidden by a later one.
      const stuck = run.activations.findLast(
        ({ node: at, incident }) => at === node['x-id'] && incident !== null,
      )
      const state = last === undefined ? 'waiting' : stuck !== undefined ? 'incident' : last.status
      return {
        id: node['x-id'],
        type: node.type,
        title: node.title,
        state,
        entered_at: last?.enteredAt ?? null,
        left_at: last?.leftAt ?? null,
        incident: stuck?.incident ? describeIncident(stuck.incident) : null,
      }
    }),
    edges: [...graph.edges.values()].map((edge) => ({
      id: edge['x-id'],
      from: edge.from,
      to: edge.to,
      taken: taken.has(edge['x-id']) || cameTogether(run, flow, edge),
      title: edgeTitle(flow, edge),
    })),
    tasks: run.tasks.map((task) => ({
      id: task.id,
      node: task.node,
      assignee: person(task.assignee),
      state: task.state,
      comment: task.comment,
      created_at: task.createdAt,
      decided_at: task.decidedAt,
      due_at: task.dueAt,
      due_by: calendars.get(task.id) ?? null,
      parent: task.parent,
      link: task.link,
      on_behalf_of: task.onBehalfOf === null ? null : person(task.onBehalfOf),
      opinion_only: task.opinionOnly,
      rev: task.rev,
      commands: offersOf(unit, flow, run, task),
    })),
    timeline: events.flatMap(
      (event, index) => describeEntry(event, flows[index] ?? flow, names, left.get(event)) ?? [],
    ),
    copies: copies.map(({ reader, ...copy }) => ({ reader: person(reader), ...copy })),
    locks_record: !isClosed(run) && locksRecord(flow),
    may: {
      withdraw: mayWithdraw(flow, run, unit.actor.user, unit.now),
      administer: mayDo(unit.served.release, unit.actor.roles, 'administer_flows'),
    },
  }
}

/** By which calendar, of which release, the due time of each task was reckoned. */
async function findCalendars(
  unit: Unit,
  run: FlowRun,
): Promise<ReadonlyMap<string, RunReply['tasks'][number]['due_by']>> {
  const found = new Map<string, RunReply['tasks'][number]['due_by']>()
  for (const { id, dueAt } of run.tasks) {
    // Others of its clocks only remind.
    const clock = run.timers.findLast((timer) => timer.task === id && dueAt !== null && timer.dueAt === dueAt)
    const by = clock?.reckoned?.calendar
    if (by === undefined || by.release === 0) continue
    const { release } = await unit.services.releases.at(unit.served.workspace.key, by.release)
    found.set(id, { ...by, title: release.calendars.get(by.key)?.title ?? null })
  }
  return found
}

/** Most events of a run that are told at once. */
const mostEvents = 1_000

/**
 * Sentences of a run's timeline behind the event of that number, and the number up to which all is told. Throws
 * FLOW_RUN_UNKNOWN.
 */
export async function eventsSince(
  unit: Unit,
  id: string,
  after: string,
): Promise<{ events: readonly (TimelineEntry & { readonly id: string })[]; upTo: string }> {
  const [[run], events] = await Promise.all([
    unit.query<{ flow: string; release: number }>(
      `SELECT flow, release FROM ${flowTable(unit, 'run')} WHERE id = $1`,
      [id],
    ),
    unit.query<FlowEvent & { id: string }>(
      `SELECT id, type, at, by, node, task, data FROM ${flowTable(unit, 'event')}
       WHERE run = $1 AND id > $2::bigint ORDER BY id LIMIT ${mostEvents}`,
      [id, after],
    ),
  ])
  if (run === undefined) throw new Refusal(flowRunUnknown)
  const release = await releaseAt(unit, { id, ...run }, events.at(-1)?.id ?? after)
  const flows = await flowsOfEvents(unit, { flow: run.flow, release }, events)
  const users = events.flatMap(({ by, data }) => [
    by,
    data.assignee,
    data.user,
    ...(Array.isArray(data.people) ? data.people : []),
  ])
  const names = await namePeople(unit, new Set(users.filter((one) => typeof one === 'string')))
  const left = await wordLeft(unit, events)
  return {
    events: events.flatMap((event, index) => {
      const entry = describeEntry(event, flows[index]!, names, left.get(event))
      return entry === null ? [] : [{ id: event.id, ...entry }]
    }),
    upTo: events.at(-1)?.id ?? after,
  }
}

function describeEntry(
  event: FlowEvent,
  flow: FlowDefinition,
  names: ReadonlyMap<string, string>,
  left: LeftWords | undefined,
): TimelineEntry | null {
  const sentence = describeEvent(event, flow, (user) => names.get(user), left)
  if (sentence === null) return null
  const comment = event.data.comment ?? event.data.reason
  return {
    at: event.at,
    type: event.type,
    node: event.node,
    by: event.by === null ? null : { id: event.by, name: names.get(event.by) ?? null },
    sentence,
    comment: typeof comment === 'string' && isSaidByPerson(event) ? comment : null,
    ...evidenceOf(event),
  }
}

function evidenceOf({ data }: FlowEvent): Pick<TimelineEntry, 'signature' | 'attachments'> {
  const { signature = null, attachments = [] } = isJsonObject(data.evidence) ? data.evidence : {}
  return {
    signature: typeof signature === 'string' ? signature : null,
    attachments: Array.isArray(attachments) ? attachments.map(String) : [],
  }
}

/** A join is entered by whichever branch came first; the others came by the edges that their last steps left by. */
function cameTogether(run: FlowRun, flow: FlowDefinition, { from, to, exit }: FlowEdge): boolean {
  const typeAt = (id: string) => findNodeType(graphOf(flow).nodes.get(id)?.type ?? '')
  if (typeAt(to)?.joins === undefined || typeAt(from)?.splits !== undefined) return false
  const isReached = run.activations.some(({ node }) => node === to)
  const last = run.activations.findLast(({ node }) => node === from)
  return isReached && last?.status === 'done' && (exit === undefined || exit === last.exit)
}

/** Reasons that the program gives are codes and not for people. */
function isSaidByPerson(event: FlowEvent): boolean {
  return event.by !== null && event.data.reason !== 'record_deleted'
}
