import type { RunItem, RunLine } from '@channelwright/runtime/api/flows.ts'
import type { FlowDefinition } from '@channelwright/runtime/definition/flow.ts'
import { codes } from '@channelwright/runtime/errors/codes.ts'
import { endsOf, endTitle } from '@channelwright/runtime/flow/end-title.ts'
import { graphOf } from '@channelwright/runtime/flow/graph.ts'
import type { FlowRun } from '@channelwright/runtime/flow/run.ts'
import { isJsonObject } from '@channelwright/runtime/json.ts'
import { formatText, type Locale, type Text } from '@channelwright/runtime/text.ts'
import type { Unit } from '../db/unit.ts'
import { namePeople } from '../records/people.ts'
import { readyFlow } from './flow-data.ts'
import { recordTitles } from './record-titles.ts'
import { flowTable } from './run-store.ts'

/** Of the table of runs, what lists need. */
export interface RunRow {
  readonly id: string
  readonly flow: string
  readonly release: number
  readonly object: string
  readonly record: string
  readonly status: FlowRun['status']
  readonly outcome: string | null
  readonly round: number
  readonly applicant: string
  readonly started_at: string
  readonly ended_at: string | null
}

interface StepRow {
  readonly run: string
  readonly node: string
  readonly entered_at: string
  readonly incident: { code: string; data: Readonly<Record<string, unknown>> } | null
}

interface WaitRow {
  readonly run: string
  readonly assignee: string
  readonly due_at: string | null
}

/** Runs of a list with where each stands: three questions for all of them, with the person's own rights. */
export async function describeLines(unit: Unit, rows: readonly RunRow[]): Promise<RunLine[]> {
  if (rows.length === 0) return []
  const ids = rows.map((row) => row.id)
  const [steps, waits, titles] = await Promise.all([
    unit.query<StepRow>(
      `SELECT run, node, entered_at, incident FROM ${flowTable(unit, 'activation')}
       WHERE run = ANY ($1::uuid[]) AND (status = 'active' OR incident IS NOT NULL) ORDER BY seq`,
      [ids],
    ),
    unit.query<WaitRow>(
      `SELECT run, assignee, due_at FROM ${flowTable(unit, 'task')}
       WHERE run = ANY ($1::uuid[]) AND state = 'pending' ORDER BY seq`,
      [ids],
    ),
    recordTitles(unit, rows),
  ])
  const people = [...rows.map((row) => row.applicant), ...waits.map((wait) => wait.assignee)]
  const names = await namePeople(unit, new Set(people))
  const person = (id: string) => ({ id, name: names.get(id) ?? null })
  const lines: RunLine[] = []
  const ends = await findEnds(unit, rows)
  for (const row of rows) {
    const served = await unit.services.releases.at(unit.served.workspace.key, row.release)
    const { flow } = readyFlow(served, row.flow)
    const { nodes } = graphOf(flow)
    const at = steps.filter((step) => step.run === row.id)
    const waiting = waits.filter((wait) => wait.run === row.id)
    const incident = at.find((step) => step.incident !== null)?.incident ?? null
    lines.push({
      ...describeRun(row, flow, endTitle(flow, { ...row, activations: ends.get(row.id) ?? [] }), person),
      title: titles.get(row.record) ?? null,
      nodes: at.map((step) => ({ id: step.node, title: nodes.get(step.node)?.title ?? flow.title })),
      waiting_for: [...new Set(waiting.map((wait) => wait.assignee))].map(person),
      since: at.map((step) => step.entered_at).sort()[0] ?? null,
      due_at: waiting.flatMap((wait) => wait.due_at ?? []).sort()[0] ?? null,
      incident: incident && describeIncident(incident),
    })
  }
  return lines
}

/** Of those that have ended, the ends that they came to, in order. */
async function findEnds(
  unit: Unit,
  rows: readonly RunRow[],
): Promise<ReadonlyMap<string, readonly { readonly node: string; readonly round: number }[]>> {
  const sought: { run: string; node: string }[] = []
  for (const { id: run, flow, release, outcome } of rows) {
    if (outcome === null) continue
    const served = await unit.services.releases.at(unit.served.workspace.key, release)
    for (const node of endsOf(readyFlow(served, flow).flow, outcome)) sought.push({ run, node })
  }
  if (sought.length === 0) return new Map()
  const found = await unit.query<{ run: string; node: string; round: number }>(
    `SELECT a.run, a.node, a.round FROM jsonb_to_recordset($1::jsonb) AS s (run uuid, node text)
     JOIN ${flowTable(unit, 'activation')} a ON a.run = s.run AND a.node = s.node ORDER BY a.run, a.seq`,
    [JSON.stringify(sought)],
  )
  const ends = new Map<string, (typeof found)[number][]>()
  for (const one of found) ends.set(one.run, [...(ends.get(one.run) ?? []), one])
  return ends
}

/** `endedBy`: what the end is called that it reached. */
export function describeRun(
  row: Omit<RunRow, 'round'>,
  definition: FlowDefinition,
  endedBy: Text | null,
  person: (user: string) => { id: string; name: string | null },
): RunItem {
  const { id, flow, release, object, record, status, outcome, applicant, started_at, ended_at } = row
  return {
    id,
    flow: { key: flow, title: definition.title },
    release,
    object,
    record,
    status,
    outcome,
    outcome_title: endedBy,
    applicant: person(applicant),
    started_at,
    ended_at,
  }
}

export function describeIncident(incident: { code: string; data: Readonly<Record<string, unknown>> }): {
  code: string
  message: Text
} {
  const known = codes.find((code) => code.code === incident.code)
  const message = known?.message ?? { en: incident.code, zh: incident.code }
  return { code: incident.code, message: byLocale(message, incident.data) }
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
