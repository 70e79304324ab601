import type { RunItem, RunList, RunPage, RunReply, TimelineEntry } from '@channelwright/runtime/api/flows.ts'
import { codes } from '@channelwright/runtime/errors/codes.ts'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { flowRunUnknown } from '@channelwright/runtime/errors/flows.ts'
import { graphOf } from '@channelwright/runtime/flow/graph.ts'
import { mayWithdraw } from '@channelwright/runtime/flow/judge.ts'
import { type FlowEvent, type FlowRun, isClosed } from '@channelwright/runtime/flow/run.ts'
import { describeEvent } from '@channelwright/runtime/flow/sentences.ts'
import { isJsonObject } from '@channelwright/runtime/json.ts'
import { formatText, type Locale, type Text } from '@channelwright/runtime/text.ts'
import { mayDo } from '../access/platform-rights.ts'
import type { Unit } from '../db/unit.ts'
import { namePeople } from '../records/people.ts'
import { readyFlow } from './flow-data.ts'
import { locksRecord } from './follow-records.ts'
import { flowTable, readRun } from './run-store.ts'
import { readCursor, writeCursor } from './tasks.ts'

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
  const run = await readRun(unit, id, 'look')
  if (run === undefined) throw new Refusal(flowRunUnknown)
  const events = await unit.query<FlowEvent>(
    `SELECT type, at, by, node, task, data FROM ${flowTable(unit, 'event')} WHERE run = $1 ORDER BY id`,
    [id],
  )
  const served = await unit.services.releases.at(unit.served.workspace.key, run.release)
  const { flow } = readyFlow(served, run.flow)
  const people = new Set([run.applicant, ...run.tasks.map((task) => task.assignee)])
  for (const event of events) if (event.by !== null) people.add(event.by)
  const names = await namePeople(unit, people)
  const person = (user: string) => ({ id: user, name: names.get(user) ?? null })
  const graph = graphOf(flow)
  const taken = new Set(run.activations.map((activation) => activation.via))
  return {
    ...describeRun(run, flow.title, person),
    rev: run.rev,
    nodes: flow.nodes.map((node) => {
      const last = run.activations.findLast((activation) => activation.node === node['x-id'])
      const state = last === undefined ? 'waiting' : last.incident !== null ? 'incident' : last.status
      return {
        id: node['x-id'],
        type: node.type,
        title: node.title,
        state,
        entered_at: last?.enteredAt ?? null,
        left_at: last?.leftAt ?? null,
        incident: last?.incident ? describeIncident(last.incident) : null,
      }
    }),
    edges: [...graph.edges.values()].map((edge) => ({
      id: edge['x-id'],
      from: edge.from,
      to: edge.to,
      taken: taken.has(edge['x-id']),
    })),
    tasks: run.tasks.map((task) => ({
      id: task.id,
      node: task.node,
      assignee: person(task.assignee),
      state: task.state,
      comment: task.comment,
      created_at: task.createdAt,
      decided_at: task.decidedAt,
    })),
    timeline: events.flatMap((event): TimelineEntry[] => {
      const sentence = describeEvent(event, flow, (user) => names.get(user))
      if (sentence === null) return []
      const comment = event.data.comment ?? event.data.reason
      return [
        {
          at: event.at,
          type: event.type,
          node: event.node,
          by: event.by === null ? null : person(event.by),
          sentence,
          comment: typeof comment === 'string' && isSaidByPerson(event) ? comment : null,
        },
      ]
    }),
    locks_record: !isClosed(run) && locksRecord(flow),
    may: {
      withdraw: mayWithdraw(flow, run, unit.actor.user, unit.now),
      administer: mayDo(unit.served.release, unit.actor.roles, 'administer_flows'),
    },
  }
}

/** Reasons that the program gives are codes and not for people. */
function isSaidByPerson(event: FlowEvent): boolean {
  return ['decided', 'withdrawn', 'terminated', 'retried'].includes(event.type)
}

function describeIncident(incident: { code: string; data: Readonly<Record<string, unknown>> }): {
  code: string
  message: Text
} {
  const known = codes.find((code) => code.code === incident.code)
  const message = known?.message ?? { en: incident.code, zh: incident.code }
  return {
    code: incident.code,
    message: byLocale(message, incident.data),
  }
}

/** Values that are texts themselves are taken in the language of the message. */
function byLocale(message: Text, values: Readonly<Record<string, unknown>>): Text {
  const fill = (locale: Locale) => {
    const own = Object.entries(values).map(([name, value]) => [
      name,
      isJsonObject(value) ? value[locale] : value,
    ])
    return formatText(message, locale, Object.fromEntries(own))
  }
  return { en: fill('en'), zh: fill('zh') }
}

function describeRun(
  run: Pick<
    FlowRun,
    | 'id'
    | 'flow'
    | 'release'
    | 'object'
    | 'record'
    | 'status'
    | 'outcome'
    | 'applicant'
    | 'startedAt'
    | 'endedAt'
  >,
  title: Text,
  person: (user: string) => { id: string; name: string | null },
): RunItem {
  return {
    id: run.id,
    flow: { key: run.flow, title },
    release: run.release,
    object: run.object,
    record: run.record,
    status: run.status,
    outcome: run.outcome,
    applicant: person(run.applicant),
    started_at: run.startedAt,
    ended_at: run.endedAt,
  }
}

export interface RunQuery {
  readonly status?: string
  readonly flow?: string
  readonly limit?: number
  readonly cursor?: string
}

interface RunRow {
  id: string
  flow: string
  release: number
  object: string
  record: string
  status: FlowRun['status']
  outcome: string | null
  applicant: string
  started_at: string
  ended_at: string | null
}

/** Runs that the person may see, newest first. Throws CURSOR_INVALID. */
export async function listRuns(unit: Unit, query: RunQuery): Promise<RunPage> {
  const limit = query.limit ?? 50
  const after = query.cursor === undefined ? null : readCursor(query.cursor)
  const rows = await unit.query<RunRow>(
    `SELECT * FROM ${flowTable(unit, 'run')}
     WHERE ($1::text IS NULL OR status = $1) AND ($2::text IS NULL OR flow = $2)
       AND ($3::timestamptz IS NULL OR (started_at, id) < ($3::timestamptz, $4::uuid))
     ORDER BY started_at DESC, id DESC LIMIT $5`,
    [query.status ?? null, query.flow ?? null, after?.at ?? null, after?.id ?? null, limit + 1],
  )
  const page = rows.slice(0, limit)
  const last = rows.length > limit ? page.at(-1) : undefined
  const names = await namePeople(unit, new Set(page.map((row) => row.applicant)))
  const runs: RunItem[] = []
  for (const row of page) {
    const served = await unit.services.releases.at(unit.served.workspace.key, row.release)
    const { title } = readyFlow(served, row.flow).flow
    const { started_at: startedAt, ended_at: endedAt } = row
    runs.push(
      describeRun({ ...row, startedAt, endedAt }, title, (user) => ({
        id: user,
        name: names.get(user) ?? null,
      })),
    )
  }
  const counts = await unit.query<{ status: string; count: number }>(
    `SELECT status, count(*)::integer AS count FROM ${flowTable(unit, 'run')}
     WHERE status IN ('running', 'returned', 'suspended', 'incident') GROUP BY status`,
  )
  const count = (status: string) => counts.find((row) => row.status === status)?.count ?? 0
  return {
    runs,
    next: last === undefined ? null : writeCursor(last.started_at, last.id),
    counts: { running: count('running'), incident: count('incident') },
  }
}
