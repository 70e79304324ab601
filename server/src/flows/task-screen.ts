import { isDeepStrictEqual } from 'node:util'
import type { RecordReply } from '@channelwright/runtime/api/records.ts'
import type { FormDefinition } from '@channelwright/runtime/definition/form.ts'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { graphOf } from '@channelwright/runtime/flow/graph.ts'
import { isJsonObject } from '@channelwright/runtime/json.ts'
import { fieldRightAt } from '@channelwright/runtime/nodes/task-screen.ts'
import type { Unit } from '../db/unit.ts'
import { NamedIds } from '../records/expand-titles.ts'
import { getRecord } from '../records/get-record.ts'
import { fieldsReadOn } from '../records/list-history.ts'
import { rightsOn } from '../records/object-rights.ts'
import { tableOf } from '../records/record-table.ts'
import type { ServedRelease } from '../services.ts'
import { readyFlow } from './flow-data.ts'
import { readLater, takeBack } from './record-then.ts'

// What a task shows of its record: what the reader's grants let them read, without what the step hides. Whoever may read
// the record finds it whole on its own page; the step says what the decision is to be made by.

/** Whether tasks at the node hide the field; `*` of the step means all that it does not name. */
export function hidesField(served: ServedRelease, flow: string, node: string, field: string): boolean {
  const found = graphOf(readyFlow(served, flow).flow).nodes.get(node)
  return found !== undefined && fieldRightAt(found, field) === 'hidden'
}

/** Whether tasks at the node hide what names their record. */
export function hidesTitle(served: ServedRelease, flow: string, node: string, object: string): boolean {
  const display = served.release.objects.get(object)?.display
  return display !== undefined && hidesField(served, flow, node, display)
}

/** The record as the task shows it; null where the reader may read nothing of it. `unit`: under the release in force. */
export async function showAtTask(
  unit: Unit,
  object: string,
  record: string,
  isHidden: (field: string) => boolean,
): Promise<RecordReply | null> {
  if (!unit.served.release.objects.has(object)) return null
  const { read } = rightsOn(unit.served, unit.actor, object)
  if (read === null) return null
  const fields = [...read].filter((field) => !isHidden(field))
  return getRecord(unit, object, record, { fields, expand: ['*'] }).catch((error: unknown) => {
    if (error instanceof Refusal) return null
    throw error
  })
}

/** What a task shows of its record, where the flow lets people see it as it was when the step began. */
export interface Snapshot {
  readonly shown: RecordReply
  /** Fields of `shown` that say something else by now. */
  readonly changed: readonly string[]
}

/**
 * The record as it was at a version, for whoever reads it as `now`: in the fields, and on the rows, that their grants open
 * today. `since`: when the version was the newest. `unit`: under the release in force.
 */
export async function showAsThen(
  unit: Unit,
  object: string,
  now: RecordReply,
  version: number,
  since: string,
  isHidden: (field: string) => boolean,
): Promise<Snapshot> {
  const unchanged = { shown: now, changed: [] }
  if (now.record.rev === version) return unchanged
  const table = tableOf(unit.served, object)
  const { id, rev } = now.record
  const readable = await fieldsReadOn(unit, table, id)
  const fields = [...table.fields.values()].filter(({ key }) => readable.has(key) && !isHidden(key))
  const then = takeBack(now.record, await readLater(unit, table, id, version, since, rev), fields)
  const changed = fields.filter(({ key }) => !isDeepStrictEqual(then[key] ?? null, now.record[key] ?? null))
  if (changed.length === 0) return unchanged
  const named = new NamedIds()
  for (const field of changed) {
    const value = then[field.key]
    named.add(field, value)
    for (const cell of field.lines?.fields.values() ?? [])
      for (const row of Array.isArray(value) ? value.filter(isJsonObject) : []) named.add(cell, row[cell.key])
  }
  return {
    shown: {
      ...now,
      record: { ...now.record, ...then },
      titles: { ...now.titles, ...(await named.titles(unit)) },
    },
    changed: changed.map(({ key }) => key),
  }
}

/** The form without the fields that the step hides, and without what is empty then. */
export function cutForm(form: FormDefinition, isHidden: (field: string) => boolean): FormDefinition {
  const steps = form.steps.flatMap((step) => {
    const sections = step.sections.flatMap((section) => {
      const rows = section.rows.map((row) => row.filter((field) => !isHidden(field)))
      const left = rows.filter((row) => row.length > 0)
      return left.length === 0 ? [] : [{ ...section, rows: left }]
    })
    return sections.length === 0 ? [] : [{ ...step, sections }]
  })
  const fields = Object.fromEntries(Object.entries(form.fields ?? {}).filter(([field]) => !isHidden(field)))
  return { ...form, steps, ...(form.fields === undefined ? {} : { fields }) }
}
