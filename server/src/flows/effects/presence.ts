import type { FlowRun } from '@channelwright/runtime/flow/run.ts'
import { isJsonObject, type Json, type JsonObject } from '@channelwright/runtime/json.ts'
import { workCalendar } from '@channelwright/runtime/logic/calendars/work-calendar.ts'
import type { PassedOver } from '@channelwright/runtime/nodes/assign/choose.ts'
import type { Unit } from '../../db/unit.ts'
import { loadWhole } from '../../records/load-whole.ts'
import { type RecordTable, tableOf } from '../../records/record-table.ts'
import { openWindows } from '../delegations.ts'
import { keepActive, membersOfPartner } from '../find-people.ts'
import { findContacts } from '../organisation.ts'

/** Who of the candidates of a step is there now. */
export interface Presence {
  readonly otherwise: 'anyway' | 'unassigned'
  /** Those of these candidates who are not there, and why. */
  findAbsent(candidates: readonly string[]): Promise<ReadonlyMap<string, PassedOver>>
}

/** What the step says of who must be there; null: nothing. */
export async function readPresence(
  unit: Unit,
  run: FlowRun,
  table: RecordTable,
  payload: JsonObject,
): Promise<Presence | null> {
  const { available } = payload
  if (!isJsonObject(available ?? null)) return null
  const { calendar, calendarOf, otherwise, contacts = payload.contacts } = available as JsonObject
  const record = await loadWhole(unit, tableOf(unit.served, run.object), run.record, 'flow')
  const isAway = async (candidate: string) => {
    if (!isJsonObject(contacts ?? null)) return false
    const people = await peopleOf(unit, table, contacts, candidate)
    // Whoever has somebody beside them is still there.
    const windows = await openWindows(unit, people, run.flow, record)
    const away = new Set(windows.filter(({ mode }) => mode === 'replace').map(({ from }) => from))
    return people.every((person) => away.has(person))
  }
  const isOffDuty = async (candidate: string) => {
    const own = typeof calendarOf === 'string' ? await readText(unit, table, candidate, calendarOf) : null
    const key = own ?? (typeof calendar === 'string' ? calendar : null)
    const definition = key === null ? undefined : unit.served.release.calendars.get(key)
    return definition !== undefined && !isWorkingTime(workCalendar(definition), unit.now)
  }
  return {
    otherwise: otherwise === 'unassigned' ? 'unassigned' : 'anyway',
    async findAbsent(candidates) {
      const absent = new Map<string, PassedOver>()
      for (const candidate of candidates)
        if (await isOffDuty(candidate)) absent.set(candidate, 'off_duty')
        else if (await isAway(candidate)) absent.set(candidate, 'away')
      return absent
    },
  }
}

/** Within a stretch of work, whose end is not of it any more. */
function isWorkingTime(calendar: ReturnType<typeof workCalendar>, at: string): boolean {
  const now = BigInt(Date.parse(at)) * 1_000n
  const { startMicros, endMicros } = calendar.spans()
  return startMicros.some((start, index) => start <= now && now < (endMicros[index] ?? start))
}

/** Active people who answer for a candidate; nobody where the settings ask nobody. */
export async function peopleOf(
  unit: Unit,
  table: RecordTable,
  contacts: Json | undefined,
  candidate: string,
): Promise<readonly string[]> {
  if (!isJsonObject(contacts ?? null)) return []
  const { field, contact, role } = contacts as JsonObject
  if (typeof contact === 'string') return keepActive(unit, await findContacts(unit, candidate, contact))
  if (typeof role === 'string') return membersOfPartner(unit, role, candidate)
  const person = typeof field === 'string' ? await readText(unit, table, candidate, field) : null
  return person === null ? [] : keepActive(unit, [person])
}

async function readText(unit: Unit, table: RecordTable, id: string, field: string): Promise<string | null> {
  const column = table.fields.get(field)?.column
  if (column === undefined || column === null) return null
  const [row] = await unit.query<{ value: unknown }>(
    `SELECT t.${column} AS value FROM ${table.from} t WHERE t.id = $1`,
    [id],
  )
  return typeof row?.value === 'string' ? row.value : null
}
