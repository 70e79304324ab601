import type { FlowDefinition } from '@channelwright/runtime/definition/flow.ts'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { flowCopyOutside } from '@channelwright/runtime/errors/flows.ts'
import { idAt } from '@channelwright/runtime/flow/people.ts'
import type { FlowEvent } from '@channelwright/runtime/flow/run.ts'
import type { Json, JsonObject } from '@channelwright/runtime/json.ts'
import type { Unit } from '../db/unit.ts'
import { findOutsiders, findStrangers } from '../records/people.ts'
import { writePrepared } from '../records/run-prepared.ts'
import { sayFlowChanged } from './hints.ts'
import { writeNotifications } from './notifications.ts'
import { flowTable, perWorkspace } from './run-store.ts'

const idsIn = (value: Json | undefined) =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : []

/** Somebody who is to read a run, and the step that lets them. */
interface Copy {
  readonly reader: string
  readonly node: string
}

/** Lets people read the run from now on, and tells them; each once per run. Answers how many that was. */
export async function copyTo(
  unit: Unit,
  run: string,
  node: string,
  people: Json | undefined,
): Promise<number> {
  const copies = await keepNew(
    unit,
    run,
    idsIn(people).map((reader) => ({ reader, node })),
  )
  await writeCopies(unit, run, copies)
  return copies.length
}

/** Whom people let read the run with what they did, as its events say: those who could not before. */
export function copiesIn(unit: Unit, run: string, events: readonly FlowEvent[]): Promise<readonly Copy[]> {
  const said = events.filter(({ type }) => type === 'copied')
  return keepNew(
    unit,
    run,
    said.flatMap(({ node, data }) => idsIn(data.people).map((reader) => ({ reader, node: node ?? '' }))),
  )
}

/** The run is locked by the transaction: nobody else lets them read it meanwhile. */
async function keepNew(unit: Unit, run: string, copies: readonly Copy[]): Promise<readonly Copy[]> {
  if (copies.length === 0) return []
  const rows = await unit.asEngine(() =>
    unit.query<{ reader: string }>(`SELECT reader FROM ${flowTable(unit, 'copy')} WHERE run = $1`, [run]),
  )
  const known = new Set(rows.map(({ reader }) => reader))
  return copies.filter(({ reader }) => !known.has(reader) && known.add(reader))
}

const insertCopiesText = perWorkspace(
  (table) => `INSERT INTO ${table('copy')} (run, reader, node, at)
   SELECT $1::uuid, reader, node, $3::timestamptz FROM jsonb_to_recordset($2::jsonb) AS c (reader uuid, node text)
   ON CONFLICT DO NOTHING`,
)

/** Written and not waited for, so that the end of the transaction may travel along. */
export async function writeCopies(unit: Unit, run: string, copies: readonly Copy[]): Promise<void> {
  if (copies.length === 0) return
  const readers = copies.map(({ reader }) => reader)
  unit.afterCommit(() => sayFlowChanged(unit.services, unit.served.workspace.key, run, readers))
  await unit.asEngine(() =>
    Promise.all([
      writePrepared(unit, insertCopiesText(unit), [run, JSON.stringify(copies), unit.now]),
      writeNotifications(
        unit,
        readers.map((recipient) => ({ recipient, kind: 'copied', run })),
      ),
    ]),
  )
}

/**
 * Nobody shows a case to people whom they may not know, nor to outside people of another organisation than the one that
 * its record belongs to. `unit`: of whoever shows it. Refuses with FLOW_COPY_OUTSIDE.
 */
export async function refuseCopies(
  unit: Unit,
  flow: FlowDefinition,
  data: JsonObject,
  people: Json | undefined,
): Promise<void> {
  const named = idsIn(people)
  if (named.length === 0) return
  const { release } = unit.served
  const owner = flow.object === release.party ? 'id' : release.objects.get(flow.object)?.owner
  const partner = owner === undefined ? null : idAt(data, owner)
  const strangers = await findStrangers(unit, named)
  const outsiders = await findOutsiders(unit, named, partner)
  if (strangers.length + outsiders.length > 0) throw new Refusal(flowCopyOutside)
}
